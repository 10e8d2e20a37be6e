"""Orders of one buyer from one seller."""
