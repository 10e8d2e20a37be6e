"""A stall is given back: who of those without any takes it, with everybody else where they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.stalls.draw.accept import Outcome
from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """`ticket` left its stall; `successor` took it, or nobody did."""

    ticket: str
    event: int
    stall: int
    successor: str | None = None


def successor(
    instance: Instance, outcome: Outcome, departed: Sequence[Departure], gone: Collection[str] = ()
) -> str | None:
    """Who takes what the last of these departures left; None when no one without a stall may.

    `departed`: all of this draw, in order; `gone`: tickets that left the line. The event chooses anew among its holders
    and those who wait for it. As its rule has substitutes and is size monotone, it drops no holder.
    """
    number = departed[-1].event
    holders = _holders(outcome, departed)
    waiting = {row.ticket for row in outcome.rows} - set(gone) - set(holders) - {left.ticket for left in departed}
    applicants = {applicant.ticket: applicant for applicant in instance.applicants}
    pool = [
        applicants[row.ticket]
        for row in outcome.rows
        if holders.get(row.ticket) == number or (row.ticket in waiting and number in applicants[row.ticket].choices)
    ]
    event = next(event for event in instance.events if event.number == number)
    return _first_new(choose(event, pool).holders, holders)


def _holders(outcome: Outcome, departed: Sequence[Departure]) -> dict[str, int]:
    """Ticket → event, after all of these."""
    held = {row.ticket: row.event for row in outcome.rows if row.event is not None}
    for left in departed:
        held.pop(left.ticket, None)
        if left.successor is not None:
            held[left.successor] = left.event
    return held


def _first_new(chosen: Sequence[Applicant], holders: Collection[str]) -> str | None:
    """More than one is chosen where an earlier stall was not passed on: one vacancy still has one successor."""
    return next((applicant.ticket for applicant in chosen if applicant.ticket not in holders), None)
