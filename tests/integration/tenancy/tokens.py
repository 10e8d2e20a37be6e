"""Tokens that are none: each is wrong in one way only, and claims to be of somebody who may."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.scope import Role
from shared.testing import Signer

HOUR = 3600


def encoded(part: Any) -> str:
    plain = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def by_hand(signer: Signer, claims: dict[str, Any], algorithm: str, secret: bytes | None) -> str:
    """What libraries refuse to make: `alg: none`, or an HMAC keyed with what everybody can read."""
    head = encoded({"alg": algorithm, "typ": "JWT", "kid": signer.kid})
    signed = f"{head}.{encoded(claims)}"
    signature = hmac.digest(secret, signed.encode(), hashlib.sha256) if secret else b""
    return f"{signed}.{encoded(signature)}"


def bad_tokens(signer: Signer, role: Role, claims: dict[str, Any]) -> dict[str, str]:
    """The header `Authorization` by what is wrong with it."""
    now, good = int(time.time()), signer.token(role, **claims)
    said = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    public = signer.private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    stranger = Signer(issuer=signer.issuer, kid=signer.kid)
    unknown = Signer(issuer=signer.issuer, kid="another-key")
    tokens = {
        "expired": signer.token(role, **{**claims, "iat": now - 2 * HOUR, "exp": now - HOUR}),
        "not yet valid": signer.token(role, **{**claims, "nbf": now + HOUR}),
        "wrong audience": signer.token(role, **{**claims, "aud": "another-market"}),
        "no audience": signer.token(role, **{**claims, "aud": None}),
        "wrong issuer": signer.token(role, **{**claims, "iss": "http://issuer.example"}),
        "never expires": signer.token(role, **{**claims, "exp": None}),
        "no state": signer.token(role, **{**claims, "state": None}),
        "alg none": by_hand(signer, said, "none", None),
        "alg None": by_hand(signer, said, "None", None),
        "HS256 with the public key as PEM": by_hand(signer, said, "HS256", pem),
        "HS256 with the public key as JWK": by_hand(signer, said, "HS256", json.dumps(signer.jwk()).encode()),
        "ES256 by name, HMAC by nature": by_hand(signer, said, "ES256", pem),
        "unknown kid": unknown.token(role, **claims),
        "signed by another key": stranger.token(role, **claims),
        "another body under the signature": f"{head}.{encoded({**said, 'role': 'admin'})}.{signature}",
        "no signature": f"{head}.{body}.",
        "no token at all": "not.a.token",
    }
    return {why: f"Bearer {token}" for why, token in tokens.items()} | {
        "Basic": f"Basic {good}",
        "only Bearer": "Bearer",
    }
