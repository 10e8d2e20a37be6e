"""How many groups there are, by district, block, local body, programme or activity."""
