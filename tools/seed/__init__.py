"""A market to try things in: groups in real districts, their goods in three languages, stock, contacts, venues.

Everything goes through the services' own commands, in the batches of the consumer's unit of work: state and facts are
written together, so every fact waits in its outbox. The same seed always makes the same ids; what is there is left.
"""
