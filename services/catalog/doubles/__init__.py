"""Two records that may be one group: found, shown to an officer, decided, and decided otherwise later."""
