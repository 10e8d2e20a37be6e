"""What goods cost together at the prices we know."""
