"""Tags: what a group can be, so that a stall may be kept for it; a table, not code."""
