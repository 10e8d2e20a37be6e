"""The pairs of one block or town that an officer should look at. In memory: a place has thousands of groups, not more.

Two records meet where their accounts are the same, or where they come from different programmes and stand in the same
village or ward, in villages that sound nearly alike, or nowhere known and sound the same. Nothing else is compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from services.catalog.likeness.domain import SIMILAR_VILLAGE, Likeness, Record, likeness, worth_a_look


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`groups`: the ids, sorted."""

    groups: tuple[str, str]
    likeness: Likeness


class Place:
    """The records of one block or town, found by what they may have in common."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: list[Record] = list(records)
        self.accounts: defaultdict[str, list[Record]] = defaultdict(list)
        self.spots: defaultdict[str, list[Record]] = defaultdict(list)
        self.sounds: defaultdict[str, list[Record]] = defaultdict(list)
        self.nearest: dict[str, list[str]] = {}
        for record in self.records:
            self._keep(record)

    def _keep(self, record: Record) -> None:
        if record.account:
            self.accounts[record.account].append(record)
        self.spots[record.spot].append(record)
        for sound in record.sounds:
            self.sounds[sound].append(record)

    def neighbours(self, record: Record) -> Iterator[Record]:
        """Whom it may be; some more than once."""
        yield from self.accounts.get(record.account or "", ())
        for other in self._around(record):
            if record.programmes.isdisjoint(other.programmes):
                yield other

    def _around(self, record: Record) -> Iterator[Record]:
        if not record.spot:
            for sound in record.sounds:
                yield from self.sounds[sound]
            return
        for spot in self._near(record):
            yield from self.spots[spot]
        unknown = self.spots.get("", ())
        yield from (other for other in unknown if not record.sounds.isdisjoint(other.sounds))

    def _near(self, record: Record) -> Sequence[str]:
        """Itself, and villages spelt nearly so; a ward is a number, and the next number another ward."""
        if record.town:
            return (record.spot,)
        if record.spot not in self.nearest:
            limit = 100 * SIMILAR_VILLAGE
            found = process.extract(record.spot, self.spots.keys(), scorer=ratio, score_cutoff=limit, limit=None)
            self.nearest[record.spot] = [spot for spot, _, _ in found if spot]
        return self.nearest[record.spot]


def candidates(records: Iterable[Record], only: str | None = None) -> list[Candidate]:
    """Worth a look, in the order of their ids; with `only`, those of that record. Records of one block or town."""
    place = Place(records)
    asked = [record for record in place.records if only in (None, record.id)]
    found: dict[tuple[str, str], Candidate | None] = {}
    for record in asked:
        for other in place.neighbours(record):
            groups = (record.id, other.id) if record.id < other.id else (other.id, record.id)
            if record.id != other.id and groups not in found:
                found[groups] = _candidate(record, other, groups)
    return sorted((one for one in found.values() if one), key=lambda one: one.groups)


def _candidate(one: Record, other: Record, groups: tuple[str, str]) -> Candidate | None:
    found = likeness(one, other)
    return Candidate(groups=groups, likeness=found) if worth_a_look(one, other, found) else None
