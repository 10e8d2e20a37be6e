"""The seed of a draw: nobody can know it before the close, and anybody can make it again with sha256sum."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from services.stalls.draw.rules import RULES, RULES_DIGEST

__all__ = ["FORMAT", "NONCE", "RULES", "RULES_DIGEST", "commitment", "is_cell", "seed"]

FORMAT = "BACHATHAAT/1"
NONCE = re.compile(r"[ -~]{1,200}")
MOST_CHARACTERS = 1000


def commitment(nonce: str) -> str:
    """What `printf '%s' NONCE | sha256sum` shows. A nonce that can be guessed commits to nothing."""
    return hashlib.sha256(nonce.encode("utf-8")).hexdigest()


def seed(inputs_digest: str, plan_digest: str, rules_digest: str, public_value: str, nonces: Sequence[str]) -> str:
    """64 hex digits; digests in hex, the public value in any script, nonces printable ASCII (`NONCE`)."""
    public = hashlib.sha256(unicodedata.normalize("NFC", public_value).encode("utf-8")).hexdigest()
    lines = (FORMAT, inputs_digest, plan_digest, rules_digest, public, *nonces)
    return hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()


def is_cell(text: str) -> bool:
    """Whether it can stand in one cell of the public file: NFC, printable but for joiners, at most 1,000 characters."""
    shown = text.replace("\u200c", "").replace("\u200d", "")
    return unicodedata.is_normalized("NFC", text) and shown.isprintable() and len(text) <= MOST_CHARACTERS
