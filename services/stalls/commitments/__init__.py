"""Commitments: each serves one call, for a nonce that was opened once is no secret any more."""
