"""Sealing an account: HMAC-SHA-256 with a key that has a name, so that keys can change."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Invalid
from shared.localized import ascii_digits

SHORTEST_KEY_BYTES = 16
ACCOUNT = re.compile(r"^[0-9]{9,18}$")
IFSC = re.compile(r"^[A-Z]{4}0[A-Z0-9]{6}$")
SEALED = re.compile(r"^[a-z0-9]{1,16}:[0-9a-f]{64}$")
BETWEEN = re.compile(r"[\s.\-]+")
WITHOUT = "without:"
"""In place of an account that could not be sealed: the code of the problem follows."""


class NotAnAccount(Invalid):
    """account: an account number has 9 to 18 digits; write all of them, or leave the cell empty."""

    mr = "account: खाते क्रमांकात 9 ते 18 अंक असतात; सर्व अंक लिहा किंवा रकाना रिकामा ठेवा."
    hi = "account: खाता संख्या में 9 से 18 अंक होते हैं; सभी अंक लिखें या खाना खाली छोड़ें।"


class WrongIfsc(Invalid):
    """ifsc: an IFSC has four letters, a zero and six more signs, such as ABCD0123456; correct it."""

    mr = "ifsc: IFSC मध्ये चार अक्षरे, शून्य आणि आणखी सहा चिन्हे असतात, उदा. ABCD0123456; दुरुस्त करा."
    hi = "ifsc: IFSC में चार अक्षर, शून्य और छह और चिह्न होते हैं, जैसे ABCD0123456; सुधारें।"


class AccountKeyUnknown(Invalid):
    """account: accounts cannot be sealed here with the key {key}; leave the cell empty and tell who runs the system."""

    mr = "account: येथे {key} या किल्लीने खाते सुरक्षित करता येत नाही; रकाना रिकामा ठेवा आणि व्यवस्थापकांना कळवा."
    hi = "account: यहाँ {key} कुंजी से खाता सुरक्षित नहीं हो सकता; खाना खाली छोड़ें और प्रबंधक को बताएँ।"


PROBLEMS: Mapping[str, type[Invalid]] = {kind.__name__: kind for kind in (NotAnAccount, WrongIfsc)}


@dataclass(frozen=True, slots=True)
class Keys:
    """By name; the first seals what is new."""

    known: Mapping[str, bytes]

    @classmethod
    def read(cls, written: str) -> "Keys":
        """Of the setting `k2:<hex>,k1:<hex>`. Raises ValueError for what is none, or too short."""
        known: dict[str, bytes] = {}
        for part in filter(None, (one.strip() for one in written.split(","))):
            name, _, key = part.partition(":")
            known[name] = bytes.fromhex(key)
            if not re.fullmatch("[a-z0-9]{1,16}", name) or len(known[name]) < SHORTEST_KEY_BYTES:
                raise ValueError(f"the account key {name[:16]} is no name with 16 bytes or more")
        return cls(known)


def sealed(account: str, ifsc: str, keys: Keys) -> str:
    """`k1:<64 hex digits>`; a seal stays as it is. Raises NotAnAccount, WrongIfsc, AccountKeyUnknown."""
    if SEALED.match(account):
        name = account.partition(":")[0]
        if name not in keys.known:
            raise AccountKeyUnknown(key=name)
        return account
    if problem := PROBLEMS.get(account.removeprefix(WITHOUT)) if account.startswith(WITHOUT) else None:
        raise problem
    digits, bank = BETWEEN.sub("", ascii_digits(account)), BETWEEN.sub("", ifsc).upper()
    if not ACCOUNT.match(digits):
        raise NotAnAccount
    if bank and not IFSC.match(bank):
        raise WrongIfsc
    if not keys.known:
        raise AccountKeyUnknown(key="-")
    name, key = next(iter(keys.known.items()))
    return f"{name}:{hmac.digest(key, f'{bank}:{digits}'.encode(), 'sha256').hex()}"


def kept(account: str, ifsc: str, keys: Keys) -> str:
    """The seal, or in its place why there is none: what may lie in a database of a row that waits."""
    try:
        return sealed(account, ifsc, keys)
    except (NotAnAccount, WrongIfsc) as problem:
        return f"{WITHOUT}{problem.code}"
