"""The public file of a draw: fetched, run again, and searched for one ticket; needs no token and no database."""
