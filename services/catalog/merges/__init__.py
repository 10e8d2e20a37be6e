"""Two records that are one group: one becomes an alias of the other, until that is undone."""
