"""The registry of a whole state as its three programmes would send it: their lists, and what is wrong in them.

Every group is a function of its place and its number there; the same seed gives the same bytes. Read on: `shares` how
many groups stand where, `identity` who they are, `listing` how a programme writes them, `faults` what is planted.
"""
