"""What is held for each order: every line of it, or none."""
