"""From the files of a draw back to who applied, the plan and the outcome; each damage has its sentence (damage.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from services.stalls.draw.accept import Outcome, Row
from services.stalls.draw.cells import Cells, rows
from services.stalls.draw.damage import (
    DigestDiffers,
    FileAbsent,
    FileCutShort,
    FileUnexpected,
    PlanNotAsOffered,
    RowOutOfOrder,
    RowRepeated,
    RowUnknown,
)
from services.stalls.draw.files import INPUTS, MANIFEST, OUTCOME, PLAN, SAID, Files, sha256
from services.stalls.draw.plan import LGD_CODE, MOST_STALLS, WORD, Applicant, Event, Instance, Line
from services.stalls.draw.reasons import Refusal

EVERY = (*INPUTS, *PLAN, *OUTCOME, *SAID)
MOST_TIER = 7
Found = dict[str, Any]


def checked(files: Files, names: Sequence[str] = EVERY) -> None:
    """All files are there; those of `names` are as the manifest says.

    Raises FileAbsent, FileUnexpected, DigestDiffers, and what `rows` does.
    """
    said_of = {row.values["file"]: row.sha256("sha256") for row in rows(files, MANIFEST)}
    for name in EVERY:
        if name not in files or name not in said_of:
            raise FileAbsent(file=name)
    for name in sorted({*files, *said_of} - {MANIFEST, *EVERY}):
        raise FileUnexpected(file=name)
    for name in names:
        if (found := sha256(files[name])) != said_of[name]:
            raise DigestDiffers(file=name, found=found, said=said_of[name])


def instance(files: Files) -> Instance:
    """From applications.csv, choices.csv, events.csv and plan.csv."""
    offered = events(files)
    applicants: dict[str, Applicant] = {}
    for row in rows(files, "applications.csv"):
        applicant = _applicant(row)
        _in_order(row, "ticket", applicants, applicant.ticket)
        applicants[applicant.ticket] = applicant
    choices = _choices(files, applicants, {event.number for event in offered})
    for number, ticket in enumerate(applicants, 1):
        if ticket not in choices:
            raise RowUnknown(file="applications.csv", row=number, field="ticket", value=ticket, other="choices.csv")
    chosen = (replace(applicant, choices=tuple(choices[ticket])) for ticket, applicant in applicants.items())
    return Instance(applicants=tuple(chosen), events=offered)


def _applicant(row: Cells) -> Applicant:
    categories = row.words("categories")
    if not categories:
        raise row.unusable("categories", "a-z 0-9 _")
    return Applicant(
        ticket=row.ticket(),
        tier=row.number("tier", 0, MOST_TIER),
        district=row.matching("district", LGD_CODE, "0…999999"),
        block=row.code_or_none("block"),
        stages=row.words("stages"),
        tags=row.words("tags"),
        categories=categories,
        choices=(),
        upgrade=row.yes("upgrade"),
    )


def _choices(files: Files, tickets: Iterable[str], numbers: set[int]) -> dict[str, dict[int, None]]:
    known, found, last = set(tickets), dict[str, dict[int, None]](), ""
    for row in rows(files, "choices.csv"):
        ticket, event = row.ticket(), row.number("event")
        _known(row, "ticket", ticket, known, "applications.csv")
        _known(row, "event", event, numbers, "events.csv")
        listed = found.setdefault(ticket, {})
        if event in listed:
            raise RowRepeated(file=row.file, row=row.row, field="event", value=event)
        if ticket < last or row.number("rank") != len(listed) + 1:
            raise RowOutOfOrder(file=row.file, row=row.row, field="rank", value=row.values["rank"])
        listed[event] = None
        last = ticket
    return found


def events(files: Files) -> tuple[Event, ...]:
    """From events.csv and plan.csv."""
    stalls: dict[int, Cells] = {}
    for row in rows(files, "events.csv"):
        number = row.number("event")
        _in_order(row, "event", stalls, number)
        row.text("note")
        stalls[number] = row
    lines = _lines(files, set(stalls))
    return tuple(_event(number, row, lines.get(number, ())) for number, row in stalls.items())


def _event(number: int, row: Cells, lines: Sequence[Line]) -> Event:
    event = Event(number=number, lines=tuple(lines), note=row.values["note"])
    if (said := row.number("stalls", 0, MOST_STALLS)) != event.stalls:
        raise PlanNotAsOffered(file=row.file, row=row.row, value=said, planned=event.stalls)
    return event


def _lines(files: Files, numbers: set[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    last = 0
    for row in rows(files, "plan.csv"):
        event = row.number("event")
        _known(row, "event", event, numbers, "events.csv")
        listed = found.setdefault(event, [])
        if event < last or row.number("line") != len(listed) + 1:
            raise RowOutOfOrder(file=row.file, row=row.row, field="line", value=row.values["line"])
        listed.append(_line(row))
        last = event
    return found


def _line(row: Cells) -> Line:
    if not row.values["categories"]:
        raise row.unusable("categories", "*")
    return Line(
        stage=row.matching("stage", WORD, "a-z 0-9 _"),
        categories=row.mask("categories"),
        fallback=row.mask("fallback"),
        tags=row.words("tags"),
        district=row.code_or_none("district"),
        count=row.number("stalls", 1, MOST_STALLS),
    )


def outcome(files: Files, instance: Instance) -> Outcome:
    """From outcome.csv and refusals.csv. That it is the right one is shown only by running the draw again."""
    tickets, numbers = {a.ticket for a in instance.applicants}, {event.number for event in instance.events}
    seated: list[Found] = []
    for row in rows(files, "outcome.csv"):
        _place(row, len(seated) + 1)
        ticket = row.ticket()
        _known(row, "ticket", ticket, tickets, "applications.csv")
        tickets.remove(ticket)
        seated.append(_seat(row, numbers))
    if tickets:
        raise FileCutShort(file="outcome.csv", row=len(seated) + 1)
    refusals = _refusals(files, [found["ticket"] for found in seated], numbers)
    return Outcome(rows=tuple(Row(**found, refusals=tuple(refusals.get(found["place"], ()))) for found in seated))


def _seat(row: Cells, numbers: set[int]) -> Found:
    event = row.number_or_none("event")
    if event is not None:
        _known(row, "event", event, numbers, "events.csv")
    stall, choice = row.number_or_none("stall"), row.number_or_none("choice")
    for field, value in (("stall", stall), ("choice", choice)):
        if (value is None) != (event is None):
            raise row.unusable(field, "1…" if event else "-")
    return {
        "place": row.number("place"),
        "ticket": row.ticket(),
        "event": event,
        "stall": stall,
        "choice": choice,
        "waiting": _waiting(row),
    }


def _waiting(row: Cells) -> tuple[tuple[int, int], ...]:
    pairs = [pair.split(":") for pair in row.values["waiting"].split(" ")] if row.values["waiting"] else []
    try:
        cells = [Cells(row.file, row.row, {"event": event, "waiting": position}) for event, position in pairs]
    except ValueError:
        raise row.unusable("waiting", "1:1") from None
    return tuple((pair.number("event"), pair.number("waiting")) for pair in cells)


def _refusals(files: Files, tickets: Sequence[str], numbers: set[int]) -> dict[int, list[Refusal]]:
    found: dict[int, list[Refusal]] = {}
    last = 0
    for row in rows(files, "refusals.csv"):
        place = row.number("place", 1, len(tickets))
        if row.ticket() != tickets[place - 1]:
            raise row.unusable("ticket", tickets[place - 1])
        listed = found.setdefault(place, [])
        if place < last or row.number("rank") != len(listed) + 1:
            raise RowOutOfOrder(file=row.file, row=row.row, field="rank", value=row.values["rank"])
        listed.append(_refusal(row, numbers))
        last = place
    return found


def _refusal(row: Cells, numbers: set[int]) -> Refusal:
    counts = {
        field: row.number(field, 0, MOST_STALLS)
        for field in ("stalls", "other_products", "other_reservation", "better_place")
    }
    if 2 * counts["stalls"] != sum(counts.values()):
        raise row.unusable("stalls", sum(counts.values()) - counts["stalls"])
    event = row.number("event")
    _known(row, "event", event, numbers, "events.csv")
    return Refusal(rank=row.number("rank"), event=event, last_place=row.number_or_none("last_place"), **counts)


def _place(row: Cells, expected: int) -> None:
    if row.number("place") != expected:
        raise RowOutOfOrder(file=row.file, row=row.row, field="place", value=row.values["place"])


def _in_order(row: Cells, field: str, before: dict[Any, Any], value: Any) -> None:
    if value in before:
        raise RowRepeated(file=row.file, row=row.row, field=field, value=value)
    if before and value < next(reversed(before)):
        raise RowOutOfOrder(file=row.file, row=row.row, field=field, value=value)


def _known(row: Cells, field: str, value: Any, known: set[Any], other: str) -> None:
    if value not in known:
        raise RowUnknown(file=row.file, row=row.row, field=field, value=value, other=other)
