"""What is told to whom of what has happened."""
