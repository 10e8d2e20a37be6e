"""The pairs of one block or town that an officer should look at. In memory: a place has thousands of groups, not more.

Two records meet where their accounts are the same, or where they come from different programmes and stand in the same
village or ward, or in villages that sound nearly alike: a name alone is never enough. Nothing else is compared.
Those merged into another group are compared too: they speak for that one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from services.catalog.groups.domain import Group
from services.catalog.likeness.domain import SIMILAR_VILLAGE, Likeness, Record, likeness, record, worth_a_look

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`groups`: the ids, sorted."""

    groups: Pair
    likeness: Likeness


class Place:
    """The records of one block or town, found by what they may have in common."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: list[Record] = list(records)
        self.accounts: defaultdict[str, list[Record]] = defaultdict(list)
        self.spots: defaultdict[str, list[Record]] = defaultdict(list)
        self.nearest: dict[str, list[str]] = {}
        for one in self.records:
            self._keep(one)

    def _keep(self, record: Record) -> None:
        if record.account:
            self.accounts[record.account].append(record)
        if record.spot:
            self.spots[record.spot].append(record)

    def neighbours(self, record: Record) -> Iterator[Record]:
        """Whom it may be; some more than once."""
        yield from self.accounts.get(record.account or "", ())
        for spot in self._near(record) if record.spot else ():
            yield from (other for other in self.spots[spot] if record.programmes.isdisjoint(other.programmes))

    def _near(self, record: Record) -> Sequence[str]:
        """Itself, and villages spelt nearly so; a ward is a number, and the next number another ward."""
        if record.town:
            return (record.spot,)
        if record.spot not in self.nearest:
            limit = 100 * SIMILAR_VILLAGE
            found = process.extract(record.spot, self.spots.keys(), scorer=ratio, score_cutoff=limit, limit=None)
            self.nearest[record.spot] = [spot for spot, _, _ in found]
        return self.nearest[record.spot]


def candidates(records: Iterable[Record], only: AbstractSet[str] | None = None) -> list[Candidate]:
    """Worth a look, in the order of their ids; with `only`, those of these records. Records of one block or town."""
    place = Place(records)
    asked = [one for one in place.records if only is None or one.id in only]
    found: dict[Pair, Candidate | None] = {}
    for one in asked:
        for other in place.neighbours(one):
            groups = (one.id, other.id) if one.id < other.id else (other.id, one.id)
            if one.of != other.of and groups not in found:
                found[groups] = _candidate(one, other, groups)
    return sorted((pair for pair in found.values() if pair), key=lambda pair: pair.groups)


def _candidate(one: Record, other: Record, groups: Pair) -> Candidate | None:
    found = likeness(one, other)
    return Candidate(groups=groups, likeness=found) if worth_a_look(one, other, found) else None


class Standing:
    """Groups by their ids; of one that is merged into another, that one is there too.

    `means`: what each of their ids stands for, of those too whose records are not here.
    """

    def __init__(self, groups: Mapping[str, Group]) -> None:
        self.groups = groups
        held = {other.id: group.id for group in groups.values() for other in group.absorbs}
        self.means = held | {id_: self.of(id_).id for id_ in groups}

    @property
    def ids(self) -> frozenset[str]:
        """Every id that means one of them."""
        return frozenset[str]().union(*(group.ids for group in self.groups.values()))

    def of(self, id_: str) -> Group:
        """What an id of these stands for."""
        group = self.groups[id_]
        return self.groups.get(group.merged_into or "", group)

    def pairs(self, here: Iterable[str], only: AbstractSet[str] | None = None) -> list[Candidate]:
        """Of the records of one place that may be one group, with `only` those of these.

        A block and a town of the same code are two places.
        """
        records = [record(self.groups[id_], self.of(id_)) for id_ in here]
        villages, towns = [one for one in records if not one.town], [one for one in records if one.town]
        return [*candidates(villages, only), *candidates(towns, only)]

    def still(self) -> dict[Pair, Likeness]:
        """What speaks for these groups as it did when nobody had merged anything: each record is of its own list."""
        places: defaultdict[tuple[str | None, str | None], list[Record]] = defaultdict(list)
        for group in self.groups.values():
            alone = replace(record(group, self.of(group.id)), programmes=frozenset({group.programme}))
            places[group.block, group.local_body].append(alone)
        found = [pair for there in places.values() for pair in candidates(there)]
        return likest(found, self.means)


def likest(pairs: Iterable[Candidate], means: Mapping[str, str]) -> dict[Pair, Likeness]:
    """Of the groups that the records stand for, each pair once, as alike as its likest records."""
    best: dict[Pair, Likeness] = {}
    for one in sorted(pairs, key=lambda one: one.likeness.score):
        best[pair_of(one.groups, means)] = one.likeness
    return best


def pair_of(ids: Pair, means: Mapping[str, str]) -> Pair:
    first, second = sorted(means.get(id_, id_) for id_ in ids)
    return first, second
