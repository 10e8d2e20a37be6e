"""Products, from a draft to the listing buyers see."""
