"""Arrays back to the canonical CSV of a draw's inputs and plan, a stretch of rows at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from services.stalls.draw.engine.tables import ANY, U64, Tables
from services.stalls.draw.files import ANY as ANY_PRODUCT
from services.stalls.draw.files import COLUMNS, YES
from services.stalls.draw.plan import Applicant, Event, Instance, Line, Mask

STRETCH = 50_000
Rows = Iterator[Sequence[object]]


def texts(tables: Tables, notes: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """File name and next bytes of the inputs' and the plan's files; a note for each event or none."""
    for name, rows in (
        ("applications.csv", _applications(tables)),
        ("choices.csv", _choices(tables)),
        ("events.csv", _events(tables, notes)),
        ("plan.csv", _plan(tables)),
    ):
        yield from ((name, chunk) for chunk in written(name, rows))


def written(name: str, rows: Rows) -> Iterator[bytes]:
    """Canonical CSV with its heading."""
    heading: Sequence[object] = COLUMNS[name]
    while stretch := list(islice(rows, STRETCH)):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([heading, *stretch] if heading else stretch)
        heading = ()
        yield text.getvalue().encode("utf-8")
    if heading:
        yield (",".join(map(str, heading)) + "\n").encode("ascii")


def spelled(sets: U64, words: Sequence[str]) -> list[str]:
    """[as sets]: the words of each, sorted; `*` for any."""
    found, at = np.unique(sets, return_inverse=True)
    names = [ANY_PRODUCT if int(one) == ANY else _words(int(one), words) for one in found]
    return [names[number] for number in at.tolist()]


def _words(one: int, words: Sequence[str]) -> str:
    return " ".join(sorted(word for bit, word in enumerate(words) if one >> bit & 1))


def _applications(tables: Tables) -> Rows:
    words = tables.words
    vertical = tables.stages & ~np.uint64(1)
    for first in range(0, len(tables.tickets), STRETCH):
        part = slice(first, first + STRETCH)
        yield from zip(
            (f"{ticket:016}" for ticket in tables.tickets[part].tolist()),
            tables.tier[part].tolist(),
            (words.districts[at] for at in tables.district[part].tolist()),
            ("",) * len(tables.tickets[part]),
            spelled(vertical[part], words.stages),
            spelled(tables.tags[part], words.tags),
            spelled(tables.categories[part], words.categories),
            (YES if wanted else "" for wanted in tables.upgrade[part].tolist()),
            strict=True,
        )


def _choices(tables: Tables) -> Rows:
    for first in range(0, len(tables.tickets), STRETCH):
        tickets = tables.tickets[first : first + STRETCH].tolist()
        start = tables.start[first : first + len(tickets) + 1].tolist()
        events = tables.events[tables.choices[start[0] : start[-1]]].tolist()
        for ticket, begin, end in zip(tickets, start, start[1:], strict=False):
            named = f"{ticket:016}"
            for rank, at in enumerate(range(begin - start[0], end - start[0]), 1):
                yield named, rank, events[at]


def _events(tables: Tables, notes: Iterable[str]) -> Rows:
    told = list(notes) or [""] * len(tables.events)
    yield from zip(tables.events.tolist(), tables.stalls().tolist(), told, strict=True)


def _plan(tables: Tables) -> Rows:
    words = tables.words
    event = np.repeat(tables.events, np.diff(tables.line_start))
    line = np.arange(len(event)) - np.repeat(tables.line_start[:-1], np.diff(tables.line_start)) + 1
    yield from zip(
        event.tolist(),
        line.tolist(),
        (words.stages[at] for at in tables.stage.tolist()),
        spelled(tables.takes, words.categories),
        spelled(tables.fallback, words.categories),
        spelled(tables.tags_of, words.tags),
        ("" if at < 0 else words.districts[at] for at in tables.district_of.tolist()),
        tables.count.tolist(),
        strict=True,
    )


def instance_of(tables: Tables) -> Instance:
    """In the specification's words: what `tables_of` makes tables of. For small draws."""
    events = tables.events.tolist()
    start, line_start = tables.start.tolist(), tables.line_start.tolist()
    chosen, lines = [events[at] for at in tables.choices.tolist()], _lines(tables)
    columns = _applicants(tables)
    return Instance(
        applicants=tuple(
            replace(who, choices=tuple(chosen[start[at] : start[at + 1]])) for at, who in enumerate(columns)
        ),
        events=tuple(
            Event(number=number, lines=tuple(lines[line_start[at] : line_start[at + 1]]))
            for at, number in enumerate(events)
        ),
    )


def _applicants(tables: Tables) -> Iterator[Applicant]:
    for ticket, tier, district, _, stages, tags, categories, upgrade in _applications(tables):
        yield Applicant(
            ticket=str(ticket),
            tier=int(str(tier)),
            district=str(district),
            stages=frozenset(str(stages).split()),
            tags=frozenset(str(tags).split()),
            categories=frozenset(str(categories).split()),
            upgrade=bool(upgrade),
            choices=(),
        )


def _lines(tables: Tables) -> list[Line]:
    return [
        Line(
            stage=str(stage),
            categories=_mask(str(takes)),
            fallback=_mask(str(fallback)),
            tags=frozenset(str(tags).split()),
            district=str(district) or None,
            count=int(str(count)),
        )
        for _, _, stage, takes, fallback, tags, district, count in _plan(tables)
    ]


def _mask(named: str) -> Mask:
    return None if named == ANY_PRODUCT else frozenset(named.split())
