"""The way out: one file for each provider, the sender, and what providers report back."""
