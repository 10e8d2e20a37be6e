"""The draw once more, compiled, for windows of a whole state: cell for cell what the specification beside it says."""
