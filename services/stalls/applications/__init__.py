"""Applications: which stalls a group asks for in a call, until it closes."""
