"""Who makes what: the groups and products of the catalogue, as stalls remembers them."""
