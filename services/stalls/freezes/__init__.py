"""The close of a call: what is drawn is fixed, batch by batch, published by its digests, and sealed."""
