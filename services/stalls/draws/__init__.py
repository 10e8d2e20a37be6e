"""Work on a call that is too much for a request: who does it, how far it is, and where anybody can watch it."""
