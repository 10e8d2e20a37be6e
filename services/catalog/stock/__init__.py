"""How much there is of each variant, and what is held of it for orders."""
