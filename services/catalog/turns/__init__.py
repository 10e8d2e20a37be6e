"""In which years a group had a stall, as the stall office tells it."""
