"""Four houses of one plan: the same rooms' file names in each, and no way from one into another but Kafka."""
