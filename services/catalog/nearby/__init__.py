"""Which place somebody meant."""
