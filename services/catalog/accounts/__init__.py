"""Bank accounts, sealed: two records of one account are known by it, and nobody can read it."""
