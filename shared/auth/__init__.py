"""Who is asking: a JWT checked against the issuer's public keys. The gateway is not trusted blindly."""
