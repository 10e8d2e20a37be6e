"""A plan on its applicants with many seeds: who gets how much of it, and how far that depends on chance."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.stalls.draw import running
from services.stalls.draw.accept import matched
from services.stalls.draw.lint import Hopefuls, lint
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import OPEN, Event, Instance
from services.stalls.draw.sources import Source
from shared.errors import Language

if TYPE_CHECKING:
    from services.stalls.draw.engine.tables import Tables, Words

SEEDS, TWENTIETH = 200, 20
Progress = Callable[[str, int, int], None]
HEADINGS = ("all", "tags", "stages", "districts", "categories", "tiers")
Key = tuple[str, str]
"""One of HEADINGS, and a word of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many of those that `applied` got a stall: over all seeds `total`, with one seed at `least` and at `most`.

    `usual`: between these two lay nine of ten seeds.
    """

    key: Key
    applied: int
    total: int
    least: int
    most: int
    usual: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`lines` in the order of HEADINGS, then by word. `stalls` of all events."""

    seeds: int
    first_seed: str
    stalls: int
    lines: tuple[Line, ...]


def seed(number: int, label: str) -> str:
    """64 hex digits: what `printf '%s' 'preview LABEL NUMBER' | sha256sum` shows. It tells nothing of a real draw."""
    return hashlib.sha256(f"preview {label} {number}".encode()).hexdigest()


def previewed(source: Source, seeds: int, label: str, tell: Progress, engine: bool | None = None) -> Preview:
    """By the engine where it is there and the draw is large, else by the specification. Raises what `read` does."""
    made = running.read(source, tell, engine).drawn_from
    if isinstance(made, Instance):
        applied, seated, stalls = _specified(made)
    else:
        applied, seated, stalls = _compiled(made)
    counts = []
    for number in range(1, seeds + 1):
        counts.append(seated(seed(number, label)))
        tell("seeds", number, seeds)
    return Preview(seeds=seeds, first_seed=seed(1, label), stalls=stalls, lines=tuple(_lines(applied, counts)))


Seated = Callable[[str], Sequence[int]]
"""A seed → how many of each key have a stall."""


def _specified(instance: Instance) -> tuple[Counter[Key], Seated, int]:
    events = {event.number: event for event in instance.events}
    keys_of = {a.ticket: keys(a.tier, a.district, a.stages, a.tags, a.categories) for a in instance.applicants}
    applied = Counter(key for keys_ in keys_of.values() for key in keys_)

    def seated(chance: str) -> Sequence[int]:
        chosen = matched(events, line_up(chance, instance.applicants)).values()
        found = Counter(key for one in chosen for holder in one.holders for key in keys_of[holder.ticket])
        return [found[key] for key in applied]

    return applied, seated, sum(event.stalls for event in instance.events)


def _compiled(tables: "Tables") -> tuple[Counter[Key], Seated, int]:
    """Alike applicants are counted together: their numbers times the table of who counts where."""
    import numpy as np  # noqa: PLC0415  not where anybody runs the specification

    from services.stalls.draw.engine import accept, order  # noqa: PLC0415

    columns = (tables.tier, tables.district, tables.stages, tables.tags, tables.categories)
    stacked = np.stack([column.astype(np.uint64) for column in columns])
    alike, of, many = np.unique(stacked, axis=1, return_inverse=True, return_counts=True)
    keys_of = [_said(tables.words, *one) for one in alike.T.tolist()]
    at = {key: number for number, key in enumerate(dict.fromkeys(key for found in keys_of for key in found))}
    counts = np.zeros((len(keys_of), len(at)), np.int64)
    for row, found in enumerate(keys_of):
        counts[row, [at[key] for key in found]] = 1

    def seated(chance: str) -> Sequence[int]:
        line = order.places(tables, chance, running.MOST_THREADS)
        has = accept.matched(tables, line, running.MOST_THREADS).event >= 0
        found: list[int] = (np.bincount(of.ravel()[line[has]], minlength=len(keys_of)) @ counts).tolist()
        return found

    return Counter(dict(zip(at, (many @ counts).tolist(), strict=True))), seated, int(tables.count.sum())


def _said(words: "Words", tier: int, district: int, stages: int, tags: int, categories: int) -> tuple[Key, ...]:
    sets = ((stages, words.stages), (tags, words.tags), (categories, words.categories))
    return keys(tier, words.districts[district], *(named(bits, of) for bits, of in sets))


def named(bits: int, words: Sequence[str]) -> list[str]:
    return [word for at, word in enumerate(words) if bits >> at & 1]


def keys(
    tier: int, district: str, stages: Iterable[str], tags: Iterable[str], categories: Iterable[str]
) -> tuple[Key, ...]:
    """Every row she is counted in."""
    found = [("all", ""), ("tiers", str(tier)), ("districts", district), *(("tags", tag) for tag in tags)]
    found += [("stages", stage) for stage in stages if stage != OPEN] or [("stages", OPEN)]
    return (*found, *(("categories", category) for category in categories))


def _lines(applied: Counter[Key], counts: Sequence[Sequence[int]]) -> Iterator[Line]:
    got = dict(zip(applied, zip(*counts, strict=True), strict=True))
    for key in sorted(applied, key=lambda key: (HEADINGS.index(key[0]), key[1])):
        seen = sorted(got[key])
        tail = len(seen) // TWENTIETH
        usual = seen[tail], seen[-1 - tail]
        yield Line(key=key, applied=applied[key], total=sum(seen), least=seen[0], most=seen[-1], usual=usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """One kind of advice: of how many events it is to be said, and what of the first of them."""

    events: int
    event: int
    sentence: str


def advice(events: Iterable[Event], found: Preview, language: Language) -> tuple[Noticed, ...]:
    """What is to be said of the plans, seen who applied; what concerns most events first."""
    words = {name: {key[1] for key in (line.key for line in found.lines) if key[0] == name} for name in HEADINGS}
    who = Hopefuls(**{name: words[name] for name in ("stages", "tags", "districts", "categories")})
    many, first = Counter[str](), dict[str, tuple[int, str]]()
    for event in events:
        for one in {found.code: found for found in reversed(lint(event.lines, who=who))}.values():
            many[one.code] += 1
            first.setdefault(one.code, (event.number, one.sentence(language)))
    return tuple(
        Noticed(events=count, event=first[code][0], sentence=first[code][1]) for code, count in many.most_common()
    )
