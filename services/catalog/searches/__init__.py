"""What a search for a name may mean: its words, slips of the pen and beginnings, against the sounds that there are."""
