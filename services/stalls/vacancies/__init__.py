"""Stalls given back, one after the other, and who was next in line: a log that only grows."""
