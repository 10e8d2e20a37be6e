"""How often each group had its turn: one credit for each stall it confirmed."""
