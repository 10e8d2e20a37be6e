"""A draw run on what the close fixed: computed once, written in parts, kept by the first who gets to the end."""
