"""Who may be ordered from: the registry's groups, as orders remembers them."""
