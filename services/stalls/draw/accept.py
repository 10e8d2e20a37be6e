"""Deferred acceptance: each group applies to the best event that has not refused it; each keeps whom it chooses."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.stalls.draw.choose import Chosen, choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance
from services.stalls.draw.reasons import Reasons, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one group gets. `place`, `stall` and `choice` (which of hers) count from 1.

    `waiting`: where she got none, (event, position) for each she listed; `refusals`: every choice better than hers.
    """

    ticket: str
    place: int
    event: int | None = None
    stall: int | None = None
    choice: int | None = None
    waiting: tuple[tuple[int, int], ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`rows` in order of place: every applicant once."""

    rows: tuple[Row, ...]


def accept(instance: Instance, seed: str) -> Outcome:
    """The same for whatever order of work: rounds only spare an event from choosing anew for each applicant."""
    line = line_up(seed, instance.applicants)
    events = {event.number: event for event in instance.events}
    return _outcome(events, line, matched(events, line))


def matched(events: Mapping[int, Event], line: Sequence[Applicant]) -> dict[int, Chosen]:
    """Whom each event keeps in the end."""
    kept: dict[int, Chosen] = {number: choose(event, ()) for number, event in events.items()}
    refused_by, free = [0] * len(line), list(range(len(line)))
    places = {applicant.ticket: place for place, applicant in enumerate(line)}
    while free:
        asking: dict[int, list[int]] = defaultdict(list)
        for who in free:
            if refused_by[who] < len(line[who].choices):
                asking[line[who].choices[refused_by[who]]].append(who)
        free = []
        for number, new in asking.items():
            pool = sorted([*new, *(places[holder.ticket] for holder in kept[number].holders)])
            kept[number] = choose(events[number], [line[who] for who in pool])
            refused = sorted(set(pool) - {places[holder.ticket] for holder in kept[number].holders})
            for who in refused:
                refused_by[who] += 1
            free += refused
    return kept


def _outcome(events: Mapping[int, Event], line: Sequence[Applicant], kept: Mapping[int, Chosen]) -> Outcome:
    places = {applicant.ticket: place for place, applicant in enumerate(line, 1)}
    seats = {
        holder.ticket: (number, stall)
        for number, chosen in kept.items()
        for stall, holder in enumerate(chosen.holders, 1)
    }
    reasons = {number: Reasons(event, kept[number], places) for number, event in events.items()}
    waiting = _waiting(events, [applicant for applicant in line if applicant.ticket not in seats])
    return Outcome(
        rows=tuple(_row(applicant, places, seats, waiting.get(applicant.ticket, ()), reasons) for applicant in line)
    )


def _waiting(events: Mapping[int, Event], without: Sequence[Applicant]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Positions of those without a stall, in the order of their choices. Nobody waits for what was struck out."""
    length: dict[int, int] = defaultdict(int)
    found = {}
    for applicant in without:
        wanted = [number for number in applicant.choices if events[number].lines]
        for number in wanted:
            length[number] += 1
        found[applicant.ticket] = tuple((number, length[number]) for number in wanted)
    return found


def _row(
    applicant: Applicant,
    places: Mapping[str, int],
    seats: Mapping[str, tuple[int, int]],
    waiting: tuple[tuple[int, int], ...],
    reasons: Mapping[int, Reasons],
) -> Row:
    event, stall = seats.get(applicant.ticket, (None, None))
    choice = None if event is None else applicant.choices.index(event) + 1
    better = applicant.choices if choice is None else applicant.choices[: choice - 1]
    return Row(
        ticket=applicant.ticket,
        place=places[applicant.ticket],
        event=event,
        stall=stall,
        choice=choice,
        waiting=waiting,
        refusals=tuple(reasons[number].refusal(rank, applicant) for rank, number in enumerate(better, 1)),
    )
