"""A dry run of a closed call: how many get a stall where, by a seed that can tell nothing of the real one."""
