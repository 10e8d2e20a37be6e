"""Groups from the programmes' lists: what a row must say, and what becomes of it in the registry."""
