"""The public value of a draw: pasted with its source, or read from a file of rounds."""
