"""How names sound: one key for the spellings of a word in Devanagari and in Latin letters."""
