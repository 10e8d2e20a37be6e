"""The published language as documents: goldens, problem codes, AsyncAPI and OpenAPI, all made from the code.

`write` makes them anew and refuses to change what was published; `check` says what is stale or broken.
"""
