"""What of a list has been seen."""
