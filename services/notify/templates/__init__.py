"""The registered texts of the state's messages."""
