"""What a row of a programme's list says of how its group is reached."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from hashlib import blake2b

from services.notify.contacts.domain import Told, What, masked, mobile
from services.notify.groups.domain import KnownGroup, in_area
from shared.contracts.catalog import group_id
from shared.errors import Invalid, Language
from shared.imports.foretold import Foretold
from shared.localized import ascii_digits
from shared.places.area import require_area
from shared.scope import Scope

KEPT = ("code", "district", "block", "local_body", "phone", "language")
"""Codes of places stay, for whose area the row is; names and accounts are not of this service."""
LANGUAGE_NAMES: Mapping[str, Language] = {
    "mr": "mr", "marathi": "mr", "मराठी": "mr",
    "hi": "hi", "hindi": "hi", "हिंदी": "hi", "हिन्दी": "hi",
    "en": "en", "english": "en", "इंग्रजी": "en", "अंग्रेज़ी": "en", "अंग्रेजी": "en",
}  # fmt: skip
OF_STATES: Mapping[str, Language] = {"27": "mr", "30": "mr"}
ELSEWHERE: Language = "hi"
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]{0,39}")
DRAWERS = 4096


class UnknownLanguage(Invalid):
    """language: {text} is none of Marathi, Hindi and English; write one of them, or leave the cell empty."""

    mr = "language: {text} ही मराठी, हिंदी किंवा इंग्रजी नाही; त्यांपैकी एक लिहा किंवा रकाना रिकामा ठेवा."
    hi = "language: {text} मराठी, हिंदी या अंग्रेज़ी नहीं है; उनमें से एक लिखें या खाना खाली छोड़ें।"


class GroupNotKnown(Invalid):
    """code: no group {code} has been entered; import the list of groups first, then send this row again."""

    mr = "code: {code} हा गट नोंदलेला नाही; आधी गटांची यादी आयात करा, मग ही ओळ पुन्हा पाठवा."
    hi = "code: {code} समूह दर्ज नहीं है; पहले समूहों की सूची आयात करें, फिर यह पंक्ति दोबारा भेजें।"


def ours(cells: Mapping[str, str]) -> dict[str, str]:
    """A row as it may lie in this service's database."""
    return {field: cells[field] for field in KEPT if field in cells}


def shown(cells: Mapping[str, str]) -> dict[str, str]:
    """A refused row as it stays, for all who may see the import: the end of a number, not the number."""
    kept = ours(cells)
    return kept | {"phone": masked(kept["phone"])} if "phone" in kept else kept


def told(cells: Mapping[str, str], programme: str, scope: Scope) -> Told | None:
    """None where it says nothing for us: no number to reach her, or none of the group, which the registry reports.

    Raises NotAMobileNumber, UnknownLanguage, OutsideArea.
    """
    code, phone = code_of(cells), cells.get("phone")
    if not CODE.fullmatch(code) or not phone:
        return None
    require_area(scope, ascii_digits(cells.get("district", "")), ascii_digits(cells.get("block", "")) or None)
    language = language_of(cells.get("language"), scope.tenant)
    return Told(party=group_id(scope.tenant, programme, code), phone=mobile(phone), language=language)


def foretold(told: Told, what: What, earlier: Foretold | None) -> What:
    """What becomes of it after the lists that one rehearsal had before this one."""
    if earlier is None or what == "kept":
        return what
    return earlier.met(told.party, (told.phone, told.language)) or what


def code_of(cells: Mapping[str, str]) -> str:
    """The programme's number as the registry reads it."""
    return "".join(ascii_digits(cells.get("code", "")).split())


def language_of(text: str | None, state: str) -> Language:
    """What the list says, else what the state speaks. Raises UnknownLanguage."""
    if not text:
        return OF_STATES.get(state, ELSEWHERE)
    try:
        return LANGUAGE_NAMES[text.strip().casefold()]
    except KeyError:
        raise UnknownLanguage(text=text[:40]) from None


def require_known_area(group: KnownGroup | None, code: str, scope: Scope) -> None:
    """A list may say that a group of another area lies in hers: what the registry told counts, and nothing else.

    Raises GroupNotKnown, OutsideArea.
    """
    if group is None or group.tenant != scope.tenant:
        raise GroupNotKnown(code=code[:40])
    if not in_area(group, scope):
        require_area(scope, group.district, group.block)


class Met:
    """The parties a list has had so far, in eight bytes each: sixty-four bits of a digest, in sorted drawers."""

    def __init__(self) -> None:
        self.drawers = [array("Q") for _ in range(DRAWERS)]

    def add(self, party: str) -> bool:
        """Whether it is the first time."""
        key = int.from_bytes(blake2b(party.encode(), digest_size=8).digest(), "big")
        drawer = self.drawers[key % DRAWERS]
        at = bisect_left(drawer, key)
        if at < len(drawer) and drawer[at] == key:
            return False
        drawer.insert(at, key)
        return True
