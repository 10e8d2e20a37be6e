"""What groups are asked for."""
