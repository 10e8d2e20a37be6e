"""From a row of a programme's list to an entry of the registry: what it says, and every way it may be wrong."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, cast

from services.catalog.accounts.domain import (
    MARK,
    NotAnAccount,
    PlaceholderAccount,
    References,
    WrongIfsc,
    check_ifsc,
    hidden,
    sealed,
)
from services.catalog.groups.domain import Entry
from services.catalog.nearby import domain as nearby
from shared.contracts.catalog import Programme
from shared.errors import Invalid
from shared.lists.cleaning import without_numbers
from shared.localized import Localized, ascii_digits
from shared.places.area import require_area
from shared.scope import Scope

RULES = b"2"
"""Counted up when the same row would be understood otherwise: then every row is read anew."""
NOT_KEPT = frozenset({"phone", "language"})
"""What other services hear from the same list; of a row it is no part here."""
SEALED = "sealed"
"""The cell of an account that waits here. No column of a list is read as this: what comes in it was sealed by us."""
PLACES = ("district", "block", "local_body")
TEXTS = ("ward", "village", "federation")
MOST_ACTIVITIES = 20
HINDI_STATES = frozenset({"2", "5", "6", "7", "8", "9", "10", "20", "22", "23"})
"""Where a name in Devanagari is Hindi if its column does not say otherwise; elsewhere it is Marathi."""

CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]{0,39}")
DEVANAGARI: Final = re.compile("[\u0904-\u0939\u0958-\u0961\u0972-\u097f]")
LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
BETWEEN_ACTIVITIES: Final = re.compile(r"[,;\n|\u0964]+|\s/\s")


class CodeMissing(Invalid):
    """code: the group's number in the programme is missing; without it no list can be sent twice. Add it."""

    mr = "code: कार्यक्रमातील गटाचा क्रमांक नाही; त्याशिवाय यादी पुन्हा पाठवता येत नाही. क्रमांक लिहा."
    hi = "code: कार्यक्रम में समूह की संख्या नहीं है; उसके बिना सूची दोबारा नहीं भेजी जा सकती। संख्या लिखें।"


class BadCode(Invalid):
    """code: {code} is no number of a group; it has letters A to Z, digits, and / _ - between them, at most 40."""

    mr = "code: {code} हा गटाचा क्रमांक नाही; त्यात A ते Z अक्षरे, अंक आणि मध्ये / _ - असतात, जास्तीत जास्त 40."
    hi = "code: {code} समूह की संख्या नहीं है; उसमें A से Z अक्षर, अंक और बीच में / _ - होते हैं, अधिकतम 40।"


class NameMissing(Invalid):
    """name: the group's name is missing; write it in Marathi, Hindi or English."""

    mr = "name: गटाचे नाव नाही; ते मराठी, हिंदी किंवा इंग्रजीत लिहा."
    hi = "name: समूह का नाम नहीं है; उसे मराठी, हिंदी या अंग्रेज़ी में लिखें।"


class NameInAnotherScript(Invalid):
    """name: {name} is in neither Devanagari nor Latin letters; write it in one of them."""

    mr = "name: {name} हे देवनागरी किंवा इंग्रजी अक्षरांत नाही; त्यांपैकी एकात लिहा."
    hi = "name: {name} देवनागरी या अंग्रेज़ी अक्षरों में नहीं है; उनमें से किसी एक में लिखें।"


class SameCodeTwice(Invalid):
    """code: {code} stands in line {line} of {file} too, and says something else; keep the right one of the two."""

    mr = "code: {code} हा क्रमांक {file} च्या ओळ {line} मध्येही आहे, आणि तेथे वेगळी माहिती आहे; बरोबर असलेली एक ठेवा."
    hi = "code: {code} संख्या {file} की पंक्ति {line} में भी है, और वहाँ अलग जानकारी है; सही वाली एक रखें।"


def digest(cells: Mapping[str, str], keys: Mapping[str, bytes]) -> str:
    """Of all that a row says to us, as it is written. With the key of accounts: nobody can try numbers against it."""
    kept = {**cells}
    for field in NOT_KEPT:
        kept.pop(field, None)
    if SEALED in kept:
        kept["account"] = kept.pop(SEALED)
    said = "\x1f".join(map("\x1e".join, sorted(kept.items()))).encode()
    return blake2b(said, digest_size=16, key=next(iter(keys.values()), b"")[:64], person=RULES).hexdigest()


def understood(cells: Mapping[str, str], keys: Mapping[str, bytes]) -> dict[str, str]:
    """The cells, the account sealed, codes in the digits programs compare.

    Raises NotAnAccount, PlaceholderAccount, WrongIfsc, NoAccountKey.
    """
    kept = {field: without_numbers(field, text) for field, text in cells.items() if field not in NOT_KEPT}
    ifsc = kept.pop("ifsc", None)
    if SEALED in kept:
        check_ifsc(ifsc)
        kept["account"] = kept.pop(SEALED)
    elif "account" in kept:
        kept["account"] = sealed(kept["account"], ifsc, keys)
    return kept | {field: ascii_digits(kept[field]) for field in PLACES if field in kept}


def code_of(cells: Mapping[str, str]) -> str:
    """Raises CodeMissing, BadCode."""
    code = cells.get("code", "")
    if CODE.fullmatch(code):
        return code
    code = "".join(ascii_digits(code).split())
    if not code:
        raise CodeMissing
    if not CODE.fullmatch(code):
        raise BadCode(code=code[:40])
    return code


def codes_of(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The numbers of these rows' groups, where they have one."""
    found = set()
    for cells in rows:
        with suppress(Invalid):
            found.add(code_of(cells))
    return frozenset(found)


def another(standing: Mapping[str, int], programme: str, looked_at: int) -> str:
    """The programme under which most of so many numbers stand; empty where it is this one or there is none."""
    most = max(standing, key=lambda one: standing[one])
    return most if standing[most] * 2 > looked_at and standing[most] > standing[programme] else ""


def check_place(cells: Mapping[str, str], scope: Scope) -> None:
    """Raises UnknownPlace, PlaceOfAnotherState, BlockElsewhere, BlockOrLocalBody, OutsideArea."""
    district, block, local_body = cells.get("district", ""), cells.get("block"), cells.get("local_body")
    nearby.check(scope.tenant, district, block, local_body)
    require_area(scope, district, block)


def entry(cells: Mapping[str, str], code: str, programme: str, state: str) -> Entry:
    """Of cells that were understood, and whose place was checked. Raises NameMissing, NameInAnotherScript.

    A name in Latin letters alone is enough: lists have no other, and an officer can add one.
    """
    plain: dict[str, Any] = {field: cells.get(field) for field in (*PLACES, *TEXTS, "account")}
    return Entry(
        programme=cast("Programme", programme),
        code=code,
        names=names(cells, state),
        activities=activities(cells.get("activities", "")),
        **plain,
    )


def names(cells: Mapping[str, str], state: str) -> Localized:
    """Raises NameMissing, NameInAnotherScript."""
    said = {language: cells[field] for language in ("mr", "hi", "en") if (field := f"name_{language}") in cells}
    if name := cells.get("name"):
        said.setdefault(_language(name, state), name)
    if not said:
        raise NameMissing
    return Localized(**said)


def _language(name: str, state: str) -> str:
    if DEVANAGARI.search(name):
        return "hi" if state in HINDI_STATES else "mr"
    if LATIN.search(name):
        return "en"
    raise NameInAnotherScript(name=name[:40])


@lru_cache(1 << 12)
def activities(text: str) -> tuple[str, ...]:
    """Each once, in the order they are named."""
    parts = (" ".join(part.split()) for part in BETWEEN_ACTIVITIES.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))[:MOST_ACTIVITIES]


def without_secrets(cells: Mapping[str, str], keys: Mapping[str, bytes]) -> dict[str, str]:
    """A row as it may lie in this service's database: no phone, the account sealed or hidden. Raises NoAccountKey."""
    kept = {field: text for field, text in cells.items() if field not in NOT_KEPT}
    if "account" not in kept:
        return kept
    account, ifsc = kept.pop("account"), kept.pop("ifsc", None)
    try:
        return {**kept, SEALED: sealed(account, ifsc, keys)}
    except (PlaceholderAccount, NotAnAccount, WrongIfsc):
        return {**kept, **sealed_alone(account, keys), **_branch(ifsc)}


def sealed_alone(account: str, keys: Mapping[str, bytes]) -> dict[str, str]:
    """The cell of an account whose branch is wrong, or which is none."""
    try:
        return {SEALED: sealed(account, None, keys)}
    except PlaceholderAccount:
        return {"account": account}
    except NotAnAccount:
        return {"account": hidden(account)}


def bound_to(cells: Mapping[str, str]) -> str:
    """The group's number that a report's reference goes with; none where that is what is to be mended."""
    try:
        return code_of(cells)
    except Invalid:
        return ""


def resolved(cells: Mapping[str, str], references: References, now: datetime) -> Mapping[str, str]:
    """A row of a report that came back, with what its reference stands for."""
    account = cells.get("account", "")
    if not account.startswith(MARK):
        return cells
    for code in (bound_to(cells), ""):
        if seal := references.seal(account, code, now):
            return {field: text for field, text in cells.items() if field != "account"} | {SEALED: seal}
    return cells


def referred(cells: Mapping[str, str], references: References, now: datetime) -> dict[str, str]:
    """A row as it may be shown: for the sealed account a reference."""
    shown = dict(cells)
    if seal := shown.pop(SEALED, None):
        shown["account"] = references.to(seal, bound_to(cells), now)
    return shown


def _branch(ifsc: str | None) -> dict[str, str]:
    return {"ifsc": ifsc} if ifsc else {}
