"""Grounds and halls where stalls can stand, and whether they may on a day."""
