"""What the page of a draw counts: who applied and who got a stall, ground by ground; one pass over each file."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.stalls.draw import claims
from services.stalls.draw.cells import rows
from services.stalls.draw.damage import RowNotCanonical, RowUnknown
from services.stalls.draw.files import Said
from services.stalls.draw.log import Entry, Party
from services.stalls.draw.plan import MOST_STALLS
from tools.draw.streams import Streams


@dataclass(slots=True, kw_only=True)
class Share:
    """Of some kind of group: how many applied and got a stall, and how many stalls were kept for them first."""

    applied: int = 0
    seated: int = 0
    kept: int = 0


@dataclass(slots=True, kw_only=True)
class Ground:
    """One event. `wanted`: how many listed it, `first` of them first; `last`: the worst place that got a stall or 0."""

    number: int
    note: str
    stalls: int
    taken: int = 0
    wanted: int = 0
    first: int = 0
    last: int = 0

    @property
    def empty(self) -> int:
        return self.stalls - self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`choices`: how many got their first, second, … choice; the other mappings by code."""

    said: Said
    parties: tuple[Party, ...]
    log: tuple[Entry, ...]
    grounds: dict[int, Ground]
    groups: Share = field(default_factory=Share)
    tags: dict[str, Share] = field(default_factory=dict)
    stages: dict[str, Share] = field(default_factory=dict)
    districts: dict[str, Share] = field(default_factory=dict)
    categories: dict[str, Share] = field(default_factory=dict)
    tiers: dict[str, Share] = field(default_factory=dict)
    choices: Counter[int] = field(default_factory=Counter)

    @property
    def stalls(self) -> int:
        return sum(ground.stalls for ground in self.grounds.values())

    @property
    def struck(self) -> int:
        return sum(not ground.stalls for ground in self.grounds.values())


Kind = tuple[bytes, bytes, bytes, bytes, bytes]
"""Tier, district, stages, tags, categories, as the file has them."""


class People:
    """Which kind each ticket is of: two numbers a group, however many groups."""

    def __init__(self, cells: Iterator[list[bytes]]) -> None:
        self.tickets, self._kind = array("Q"), array("L")
        self.kinds: dict[Kind, int] = {}
        for ticket, tier, district, _, stages, tags, categories, *_ in cells:
            self.tickets.append(int(ticket))
            self._kind.append(self.kinds.setdefault((tier, district, stages, tags, categories), len(self.kinds)))

    def applied(self) -> Counter[int]:
        return Counter(self._kind)

    def kind(self, ticket: int) -> int | None:
        at = bisect_left(self.tickets, ticket)
        return self._kind[at] if at < len(self.tickets) and self.tickets[at] == ticket else None


def counted(files: Streams) -> Figures:
    """Raises what `Streams` does, and RowUnknown or RowNotCanonical for what no draw has."""
    grounds = {
        row.number("event"): Ground(
            number=row.number("event"), note=row.text("note"), stalls=row.number("stalls", 0, MOST_STALLS)
        )
        for row in rows(files.small, "events.csv")
    }
    found = Figures(
        said=claims.said(files.small),
        parties=claims.parties(files.small),
        log=claims.log(files.small),
        grounds=grounds,
    )
    try:
        for count in (_people, _wishes, _plan):
            count(files, found)
    except (ValueError, KeyError, OverflowError) as error:
        raise RowNotCanonical(file=files.at[0], row=files.at[1]) from error
    files.pass_by("refusals.csv")
    return found


def _people(files: Streams, found: Figures) -> None:
    people = People(files.plain("applications.csv"))
    applied, seated = people.applied(), _seated(files, found, people)
    for kind, number in people.kinds.items():
        _add(found, kind, applied[number], seated[number])


def _seated(files: Streams, found: Figures, people: People) -> Counter[int]:
    seated: Counter[int] = Counter()
    for place, ticket, event, _, choice, _ in files.plain("outcome.csv"):
        if not event:
            continue
        kind = people.kind(int(ticket))
        if kind is None or int(event) not in found.grounds:
            raise RowUnknown(
                file="outcome.csv", row=int(place), field="ticket", value=ticket.decode(), other="applications.csv"
            )
        ground = found.grounds[int(event)]
        ground.taken, ground.last = ground.taken + 1, max(ground.last, int(place))
        seated[kind] += 1
        found.choices[int(choice)] += 1
    return seated


def _add(found: Figures, kind: Kind, applied: int, seated: int) -> None:
    tier, district, stages, tags, categories = (cell.decode() for cell in kind)
    words: Sequence[tuple[dict[str, Share], list[str]]] = (
        (found.tiers, [tier]),
        (found.districts, [district]),
        (found.stages, stages.split()),
        (found.tags, tags.split()),
        (found.categories, categories.split()),
    )
    shares = [found.groups, *(kinds.setdefault(word, Share()) for kinds, named in words for word in named)]
    for share in shares:
        share.applied, share.seated = share.applied + applied, share.seated + seated


def _wishes(files: Streams, found: Figures) -> None:
    for _, rank, event in files.plain("choices.csv"):
        ground = found.grounds[int(event)]
        ground.wanted += 1
        ground.first += rank == b"1"


def _plan(files: Streams, found: Figures) -> None:
    """A stall kept for one of several counts with each of them."""
    for _, _, stage, _, _, tags, district, stalls in files.plain("plan.csv"):
        named = [(found.tags, tag) for tag in tags.decode().split()]
        named += [(found.stages, stage.decode())] if stage != b"open" else []
        named += [(found.districts, district.decode())] if district else []
        for kinds, word in named:
            kinds.setdefault(word, Share()).kept += int(stalls)
