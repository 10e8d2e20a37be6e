"""From an open call to a published draw, one step after the other."""
