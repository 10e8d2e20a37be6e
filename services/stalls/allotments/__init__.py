"""What follows from a draw: who has which stall until when, and who is next when one is given back."""
