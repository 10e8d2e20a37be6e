"""Phones of the programmes' lists: they come here and nowhere else."""
