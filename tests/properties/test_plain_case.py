"""Without reserves the draw is the textbook's: hospitals and residents, as the package `matching` solves them."""

from dataclasses import replace

from hypothesis import strategies as st
from matching.games import HospitalResident

from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Event, Instance, Line
from tests.properties.dice import Dice, thrown
from tests.properties.draws import OF_GROUP, group, seeds
from tests.properties.proving import holds
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import tickets

MOST, GROUNDS = 12, 5


def plain(dice: Dice) -> Instance:
    numbers = range(1, 2 + dice.below(GROUNDS))
    people = tuple(group(dice, ticket, numbers) for ticket in tickets(1 + dice.below(MOST)))
    wanted = sorted({number for one in people for number in one.choices})
    events = (Event(number=number, lines=(Line(count=1 + dice.below(4)),)) for number in wanted)
    return Instance(applicants=people, events=tuple(events))


plain_instances: st.SearchStrategy[Instance] = thrown(plain, 2 + MOST * OF_GROUP + GROUNDS)


def by_matching(instance: Instance, seed: str) -> dict[str, int]:
    """Ticket → event of those who get one."""
    line = line_up(seed, instance.applicants)
    game = HospitalResident.create_from_dictionaries(
        {one.ticket: list(one.choices) for one in line},
        {event.number: [one.ticket for one in line if event.number in one.choices] for event in instance.events},
        {event.number: event.stalls for event in instance.events},
    )
    return {one.name: hospital.name for hospital, residents in game.solve().items() for one in residents}


@holds(plain_instances, seeds, share=2)
def test_the_plain_case_is_what_matching_says(subject: Subject, instance: Instance, seed: str) -> None:
    rows = subject.drawn(instance, seed).rows
    assert {row.ticket: row.event for row in rows if row.event is not None} == by_matching(instance, seed)


@holds(plain_instances, seeds)
def test_where_any_product_fits_a_stall_for_everybody_only_places_count(
    subject: Subject, instance: Instance, seed: str
) -> None:
    """Nobody's tags, stages or products matter to a plan that asks for none."""
    alike = tuple(replace(one, stages=frozenset(), tags=frozenset(), district="0") for one in instance.applicants)
    assert subject.result(instance, seed) == subject.result(replace(instance, applicants=alike), seed)
