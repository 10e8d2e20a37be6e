"""Who wants a stall of a call, as applications come in: how many by category and hour."""
