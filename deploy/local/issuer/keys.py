"""The issuer's signing key: made once, kept in the data folder, so that tokens outlive a restart."""

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

ALGORITHM = "ES256"
FILE = "issuer-key.pem"


@dataclass(frozen=True)
class SigningKey:
    """An ES256 key and the id under which its public half is published."""

    private: EllipticCurvePrivateKey
    id: str

    def jwk(self) -> dict[str, str]:
        """The public half as an RFC 7517 JSON Web Key."""
        return {**_public(self.private), "kid": self.id, "use": "sig", "alg": ALGORITHM}


def new_key() -> SigningKey:
    return _named(generate_private_key(SECP256R1()))


def kept_key(folder: Path) -> SigningKey:
    """The key of this data folder, made at the first ask. Raises TypeError where the file holds another kind of key."""
    path = folder / FILE
    if not path.exists():
        _write(path, new_key())
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no elliptic curve key: delete it and a new one is made")
    return _named(key)


def _write(path: Path, key: SigningKey) -> None:
    """Linked into place whole: a process killed here leaves no half key, and of two writers the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _named(private: EllipticCurvePrivateKey) -> SigningKey:
    """The id is the key's RFC 7638 thumbprint: the same key has the same id for ever."""
    jwk = _public(private)
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return SigningKey(private, hashlib.sha256(members.encode()).hexdigest()[:16])


def _public(private: EllipticCurvePrivateKey) -> dict[str, str]:
    return {str(k): str(v) for k, v in ECAlgorithm.to_jwk(private.public_key(), as_dict=True).items()}
