"""Stalls: grounds where self-help groups sell, and a fair turn at them.

Owns: venues.
Publishes: stalls.venues.
Listens to: nothing.
Answers: /v1/venues.
"""
