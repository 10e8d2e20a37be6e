"""Where a group lies and which one it stands for, as notify remembers the registry."""
