"""Bringing a list into a database: a job with a mark, so that it may die anywhere and end the same.

A service plugs in a Taker, which says what becomes of rows; the rest is here: who holds the job, what has been read,
which rows were bad, what may still be uploaded, how far it is.
"""
