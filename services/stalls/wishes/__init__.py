"""What a group asks for in a call: grounds by rank, with products she makes."""
