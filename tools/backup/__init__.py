"""Backup of one service's database and its restore: what is in an archive, how it is written and read back."""
