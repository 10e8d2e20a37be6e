"""Sealing: of a bank account only an HMAC is kept, with the id of its key. Keys can be added, the first is used.

The branch is checked and left out: after a merger of banks the same account has another IFSC.
"""

import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import Invalid, Refused
from shared.localized import ascii_digits

LEAST_KEY_BYTES = 16
LEAST_DIGITS, MOST_DIGITS = 9, 18
BETWEEN: Final = re.compile(r"[\s\-./]+")
IFSC: Final = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
KEY_ID: Final = re.compile(r"k[0-9]{1,6}")
HIDDEN = "x"
MARK = "r-"
NONCE_BYTES, TIME_BYTES = 12, 4


class NotAnAccount(Invalid):
    """account: a bank account has {least} to {most} digits; write the whole number as it stands in the passbook."""

    mr = "account: बँक खाते क्रमांकात {least} ते {most} अंक असतात; पासबुकातील पूर्ण क्रमांक लिहा."
    hi = "account: बैंक खाता संख्या में {least} से {most} अंक होते हैं; पासबुक की पूरी संख्या लिखें।"


class PlaceholderAccount(Invalid):
    """account: one digit, repeated, is no account; write the passbook's number, or leave account and IFSC empty."""

    mr = "account: एकच अंक पुन्हा पुन्हा लिहिलेला आहे, तो खाते क्रमांक नाही; पासबुकातील क्रमांक लिहा किंवा खाते व IFSC रिकामे ठेवा."
    hi = "account: एक ही अंक बार-बार लिखा है, वह खाता संख्या नहीं है; पासबुक की संख्या लिखें या खाता और IFSC खाली छोड़ें।"


class WrongIfsc(Invalid):
    """ifsc: {ifsc} is no IFSC; it has four letters, a zero and six letters or digits, as in the passbook."""

    mr = "ifsc: {ifsc} हा IFSC नाही; त्यात चार अक्षरे, एक शून्य आणि सहा अक्षरे किंवा अंक असतात; पासबुकातून लिहा."
    hi = "ifsc: {ifsc} IFSC नहीं है; उसमें चार अक्षर, एक शून्य और छह अक्षर या अंक होते हैं; पासबुक से लिखें।"


class NoAccountKey(Refused):
    """This list has bank accounts, and there is no key to seal them with; set ACCOUNT_KEYS."""

    mr = "या यादीत बँक खाती आहेत, पण ती झाकण्यासाठी किल्ली नाही; ACCOUNT_KEYS ठरवा."
    hi = "इस सूची में बैंक खाते हैं, पर उन्हें छिपाने की कुंजी नहीं है; ACCOUNT_KEYS तय करें।"


def keys_of(text: str) -> dict[str, bytes]:
    """Of `k2:<hex>,k1:<hex>`: the first seals. Raises ValueError, which shows no key."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        id_, _, digits = part.partition(":")
        if not KEY_ID.fullmatch(id_) or id_ in keys:
            raise ValueError("each key has an id of its own, such as k1")
        keys[id_] = _key(digits)
    return keys


def _key(digits: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        raise ValueError("a key is hexadecimal digits") from None
    if len(key) < LEAST_KEY_BYTES:
        raise ValueError(f"a key has at least {LEAST_KEY_BYTES} bytes")
    return key


def sealed(account: str, ifsc: str | None, keys: Mapping[str, bytes]) -> str:
    """`k1:<64 hexadecimal digits>`; zeros in front do not count.

    Raises NotAnAccount, PlaceholderAccount, WrongIfsc, NoAccountKey.
    """
    check_ifsc(ifsc)
    number = BETWEEN.sub("", ascii_digits(account))
    if not (number.isascii() and number.isdigit() and LEAST_DIGITS <= len(number) <= MOST_DIGITS):
        raise NotAnAccount(least=LEAST_DIGITS, most=MOST_DIGITS)
    if len({*number}) == 1:
        raise PlaceholderAccount
    if not keys:
        raise NoAccountKey
    id_ = next(iter(keys))
    return f"{id_}:{hmac.digest(keys[id_], number.lstrip('0').encode(), 'sha256').hex()}"


def check_ifsc(ifsc: str | None) -> None:
    """Raises WrongIfsc."""
    if ifsc and not IFSC.fullmatch(BETWEEN.sub("", ascii_digits(ifsc)).upper()):
        raise WrongIfsc(ifsc=ifsc[:20])


def hidden(account: str) -> str:
    """What may lie about of a cell that could not be sealed: nothing but its length."""
    return HIDDEN * len(account)


@dataclass(frozen=True, slots=True)
class References:
    """What a report shows of sealed accounts: it says nothing, and only this service can resolve it.

    A seal would tell: whoever has those of accounts she chose knows these accounts wherever she meets them.
    Good for `keeps`, in rows with the group's number they were made for; each is another one.
    """

    keys: Mapping[str, bytes]
    keeps: timedelta

    def to(self, seal: str, code: str, now: datetime) -> str:
        """`r-k1:…`, of the key that sealed."""
        id_, nonce = seal.partition(":")[0], os.urandom(NONCE_BYTES)
        said = int(now.timestamp()).to_bytes(TIME_BYTES, "big") + seal.encode()
        return f"{MARK}{id_}:{urlsafe_b64encode(nonce + self._box(id_).encrypt(nonce, said, code.encode())).decode()}"

    def seal(self, cell: str, code: str, now: datetime) -> str | None:
        """What it stands for; None where it is no reference of ours, is of another row, or is too old."""
        id_, _, text = cell.removeprefix(MARK).partition(":")
        if not cell.startswith(MARK) or id_ not in self.keys:
            return None
        try:
            whole = urlsafe_b64decode(text)
            said = self._box(id_).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], code.encode())
        except (ValueError, InvalidTag):
            return None
        made = int.from_bytes(said[:TIME_BYTES], "big")
        return said[TIME_BYTES:].decode() if now.timestamp() - made <= self.keeps.total_seconds() else None

    def _box(self, id_: str) -> AESGCM:
        return AESGCM(hmac.digest(self.keys[id_], b"references of reports", "sha256"))
