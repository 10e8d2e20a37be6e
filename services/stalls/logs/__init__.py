"""The public log of a call: every step that fixed its seed, one bound to the other."""
