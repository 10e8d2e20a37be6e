"""How a group or a buyer is reached, in which language, and what she agreed to."""
