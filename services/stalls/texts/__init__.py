"""Long texts that never change: the files of a draw, in parts named by their own SHA-256."""
