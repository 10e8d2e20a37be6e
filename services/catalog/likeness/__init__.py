"""How alike two records of the registry are, and which of a place are worth an officer's look."""
