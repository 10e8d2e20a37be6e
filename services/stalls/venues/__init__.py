"""Grounds and halls where stalls can stand."""
