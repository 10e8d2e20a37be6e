"""How alike two records are: a score from 0 to 100 and its reasons. Pure, and cheap enough for a whole state.

An officer decides; this only says what she should look at. So a doubtful pair is shown rather than left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from rapidfuzz.fuzz import ratio

from services.catalog.groups.domain import Group
from services.catalog.names.domain import sound, spelt, telling
from shared.localized import ascii_digits

Reason = Literal[
    "same_account",
    "other_account",
    "same_name",
    "same_sound",
    "other_script",
    "similar_name",
    "same_village",
    "similar_village",
    "other_village",
    "same_ward",
    "other_ward",
    "same_federation",
    "same_activity",
]
POINTS: Final[dict[Reason, int]] = {
    "same_account": 60,
    "other_account": -4,
    "same_name": 50,
    "same_sound": 48,
    "other_script": 48,
    "same_village": 32,
    "similar_village": 24,
    "other_village": -30,
    "same_ward": 32,
    "other_ward": -30,
    "same_federation": 4,
    "same_activity": 4,
}
NAME_POINTS = 48
"""Of a similar name, times how similar: an account stands for itself, any name needs a place beside it."""
LEAST = 68
"""Worth an officer's look without a common account."""
SIMILAR_NAME, SIMILAR_VILLAGE = 0.75, 0.85
"""One slip of the pen in a key of four letters, or of seven where the name says the rest."""
SHORT = {"bk": "budruk", "bu": "budruk", "kh": "khurd", "बु": "बुद्रुक", "खु": "खुर्द"}
"""How lists shorten what tells the great village from the small one of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is compared of a group, folded once."""

    id: str
    of: str
    """The group it means: another one's id where it is merged into that."""
    active: bool
    programmes: frozenset[str]
    town: bool
    account: str | None
    names: frozenset[str]
    """Its telling words as spelt, each language one text."""
    sounds: frozenset[str]
    spot: str
    """Where in its place: a key of the village, or of the ward. Empty: not known."""
    federation: str
    activities: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    score: int
    reasons: tuple[Reason, ...]


def record(group: Group, of: Group | None = None) -> Record:
    """`of`: the group that it is merged into; a list that names that one has no need to name this."""
    stands = of or group
    names = [telling(text) for text in group.names.kept().values()]
    return Record(
        id=group.id,
        of=stands.id,
        active=stands.active,
        programmes=frozenset(stands.programmes),
        town=group.local_body is not None,
        account=group.account,
        names=frozenset(" ".join(words) for words in names),
        sounds=frozenset(sound("".join(words)) for words in names) - {""},
        spot=_ward(group.ward or "") if group.local_body else village(group.village or ""),
        federation=_sound(group.federation or ""),
        activities=frozenset(map(_sound, group.activities)) - {""},
    )


@lru_cache(1 << 14)
def village(text: str) -> str:
    """One key for its spellings; Budruk and Khurd of one name stay two villages."""
    return sound("".join(SHORT.get(word, word) for word in spelt(text)))


@lru_cache(1 << 12)
def _ward(text: str) -> str:
    """The number where there is one: Ward No. 12, प्रभाग १२."""
    digits = "".join(letter for letter in ascii_digits(text) if letter.isdecimal())
    return digits.lstrip("0") or sound(text)


@lru_cache(1 << 14)
def _sound(text: str) -> str:
    return sound(text)


def likeness(one: Record, other: Record) -> Likeness:
    """Of two records of one block or town, either way round the same."""
    named, reason = _named(one, other)
    reasons = [*_account(one, other), *([reason] if reason else []), *_spot(one, other), *_extras(one, other)]
    points = named + sum(POINTS[reason] for reason in reasons if reason != "similar_name" and reason not in NAMED)
    return Likeness(score=max(0, min(100, round(points))), reasons=tuple(reasons))


NAMED: Final = frozenset({"same_name", "same_sound", "other_script"})


def worth_a_look(one: Record, other: Record, found: Likeness) -> bool:
    """One account in one place always is; else two programmes' lists that say nearly the same."""
    if not (one.active or other.active):
        return False
    if "same_account" in found.reasons:
        return True
    return one.programmes.isdisjoint(other.programmes) and found.score >= LEAST


def _named(one: Record, other: Record) -> tuple[float, Reason | None]:
    if one.names & other.names:
        return POINTS["same_name"], "same_name"
    if one.sounds & other.sounds:
        reason: Reason = "other_script" if _scripts(one).isdisjoint(_scripts(other)) else "same_sound"
        return POINTS[reason], reason
    alike = max(closeness(one.sounds, other.sounds), closeness(one.names, other.names))
    return (NAME_POINTS * alike, "similar_name") if alike >= SIMILAR_NAME else (0, None)


def _scripts(of: Record) -> set[bool]:
    """Whether in Latin letters, for each of its names."""
    return {name.isascii() for name in of.names}


def closeness(some: Iterable[str], others: Iterable[str]) -> float:
    """From 0 to 1, of the two that are nearest."""
    return max((ratio(one, other) / 100 for one, other in product(some, others)), default=0.0)


def _account(one: Record, other: Record) -> list[Reason]:
    """Sealed with two keys, two accounts cannot be told apart or together."""
    if one.account is None or other.account is None:
        return []
    if one.account == other.account:
        return ["same_account"]
    return ["other_account"] if one.account.partition(":")[0] == other.account.partition(":")[0] else []


def _spot(one: Record, other: Record) -> list[Reason]:
    if not (one.spot and other.spot):
        return []
    same, near, elsewhere = (
        ("same_ward", None, "other_ward") if one.town else ("same_village", "similar_village", "other_village")
    )
    if one.spot == other.spot:
        return [same]  # type: ignore[list-item]
    return [near if near and near_villages(one.spot, other.spot) else elsewhere]  # type: ignore[list-item]


def near_villages(one: str, other: str) -> bool:
    return ratio(one, other) / 100 >= SIMILAR_VILLAGE


def _extras(one: Record, other: Record) -> list[Reason]:
    federation: list[Reason] = ["same_federation"] if one.federation and one.federation == other.federation else []
    activity: list[Reason] = ["same_activity"] if one.activities & other.activities else []
    return federation + activity
