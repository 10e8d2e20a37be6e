"""The ledger of messages: one row for each event, recipient and channel."""
