"""Stall plans before a call: shares become counts, and an officer hears what to look at again. Nothing is kept."""
