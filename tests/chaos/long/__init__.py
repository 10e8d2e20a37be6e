"""`make chaos`: rounds of orders under every kind of fault, until the time is over or an invariant does not hold."""
