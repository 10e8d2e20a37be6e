"""Sentences about single draws; what holds for all of them is in tests/properties."""

from services.stalls.draw.accept import accept
from services.stalls.draw.plan import Event, Instance, Line
from tests.unit.stalls.draw.instances import SEED, group


def test_a_struck_event_refuses_with_no_stall_and_nobody_waits_for_it() -> None:
    struck = Event(number=1, lines=(), note="मैदान रद्द")
    (row,) = accept(Instance(applicants=(group(1, 1),), events=(struck,)), SEED).rows
    assert (row.event, row.waiting) == (None, ())
    assert row.refusals[0].stalls == 0


def test_fewer_credits_come_first_whatever_the_lot_says() -> None:
    event = Event(number=1, lines=(Line(count=1),))
    people = tuple(group(number, tier=int(number != 3)) for number in range(1, 6))
    assert accept(Instance(applicants=people, events=(event,)), SEED).rows[0].ticket == people[2].ticket
