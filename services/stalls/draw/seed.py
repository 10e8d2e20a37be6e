"""The seed of a draw: nobody can know it before the close, and anybody can make it again with sha256sum."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from services.stalls.draw.rules import RULES, RULES_DIGEST
from shared.errors import Invalid

__all__ = ["FORMAT", "NONCE", "RULES", "RULES_DIGEST", "as_cell", "commitment", "dry_seed", "is_cell", "plain", "seed"]

FORMAT = "BACHATHAAT/1"
DRY = "BACHATHAAT/1 dry"
NONCE = re.compile(r"[ -~]{1,200}")
MOST_CHARACTERS = 1000
FORMULA = ("=", "+", "-", "@")


class PublicValueNotPlain(Invalid):
    """public_value: {value} has no digit and no Latin letter, or letters of another script; write digits and A to Z."""

    mr = "public_value: {value} मध्ये अंक किंवा लॅटिन अक्षर नाही, किंवा दुसऱ्या लिपीतील अक्षरे आहेत; अंक आणि A ते Z वापरून लिहा."
    hi = "public_value: {value} में अंक या लैटिन अक्षर नहीं है, या दूसरी लिपि के अक्षर हैं; अंक और A से Z में लिखें।"


def commitment(nonce: str) -> str:
    """What `printf '%s' NONCE | sha256sum` shows. A nonce that can be guessed commits to nothing."""
    return hashlib.sha256(nonce.encode("utf-8")).hexdigest()


def plain(public_value: str) -> str:
    """What counts of a public value: its digits and Latin letters, these as capitals, in their order.

    Spaces, signs, invisible characters and the script of its digits count for nothing: whoever types it in must not
    be able to choose among spellings that look alike. Raises PublicValueNotPlain.
    """
    spelled = unicodedata.normalize("NFKC", public_value).upper()
    counted = "".join(str(unicodedata.decimal(letter, letter)) for letter in spelled if letter.isalnum())
    if not counted or not counted.isascii():
        raise PublicValueNotPlain(value=public_value[:100])
    return counted


def seed(inputs_digest: str, plan_digest: str, rules_digest: str, public_value: str, nonces: Sequence[str]) -> str:
    """64 hex digits; digests in hex, the public value as published, nonces printable ASCII. Raises as `plain` does."""
    public = hashlib.sha256(plain(public_value).encode("ascii")).hexdigest()
    lines = (FORMAT, inputs_digest, plan_digest, rules_digest, public, *nonces)
    return hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()


def dry_seed(inputs_digest: str, plan_digest: str, label: str) -> str:
    """Of a rehearsal: another first line than any real seed, so that it tells nothing of one."""
    lines = (DRY, inputs_digest, plan_digest, label)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def as_cell(text: str) -> str:
    """What of it can stand in one cell; the end of what is too long is left out."""
    shown = "".join(letter for letter in unicodedata.normalize("NFC", text) if letter in FORMULA or is_cell(letter))
    cut = unicodedata.normalize("NFC", shown).lstrip("".join(FORMULA))
    return cut if len(cut) <= MOST_CHARACTERS else cut[: MOST_CHARACTERS - 1] + "…"


def is_cell(text: str) -> bool:
    """Whether it can stand in one cell of the public file: NFC, printable but for joiners, at most 1,000 characters.

    Nothing that a spreadsheet would take for a formula.
    """
    shown = text.replace("\u200c", "").replace("\u200d", "")
    plain_text = unicodedata.is_normalized("NFC", text) and shown.isprintable() and not text.startswith(FORMULA)
    return plain_text and len(text) <= MOST_CHARACTERS
