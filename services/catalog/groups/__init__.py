"""The registry of self-help groups."""
