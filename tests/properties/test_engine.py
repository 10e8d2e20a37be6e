"""Sentences about the engine: cell for cell the specification, whatever the size, the schedule and the threads."""

import random
from dataclasses import replace

import pytest

from services.stalls.draw.accept import accept
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.certificate import certify
from services.stalls.draw.engine.tables import MOST_CATEGORIES, MOST_STAGES, MOST_TAGS, outcome_of, tables_of
from services.stalls.draw.plan import MOST_STALLS, Event, Instance, Line
from tests.properties.dice import Dice
from tests.properties.draws import DISTRICTS, OF_GROUP, event, group, instances, large_instances, seeds
from tests.properties.proving import EXAMPLES, PINNED, fresh_seed, of_the_engine
from tests.properties.subjects import Subject, by_engine
from tests.properties.test_certificate import result_of
from tests.properties.wide import wide_instances
from tests.unit.stalls.draw.instances import SEED, tickets
from tests.unit.stalls.draw.instances import group as one
from tools.draw.instances import tables as made
from tools.draw.tabled import instance_of

CHANCES = pytest.mark.parametrize("chance", ["pinned", "fresh"])


@of_the_engine(instances, seeds)
def test_engine_equals_specification_row_by_row(engine: Subject, instance: Instance, seed: str) -> None:
    """Events, stalls, choices, waiting, refusals with their counts."""
    assert engine.drawn(instance, seed) == accept(instance, seed)


@of_the_engine(wide_instances, seeds)
def test_engine_equals_specification_with_as_many_words_as_there_may_be(
    engine: Subject, instance: Instance, seed: str
) -> None:
    """63 categories, 64 tags, 64 stages: the highest bit beside the lowest."""
    tables = tables_of(instance)
    words = tables.words
    assert (len(words.categories), len(words.tags), len(words.stages)) == (MOST_CATEGORIES, MOST_TAGS, MOST_STAGES)
    right = accept(instance, seed)
    assert engine.drawn(instance, seed) == right
    assert certify(tables, seed, result_of(tables, right)) is None


@of_the_engine(large_instances, seeds, share=10)
def test_engine_equals_specification_with_forty_groups_and_long_lists(
    engine: Subject, instance: Instance, seed: str
) -> None:
    assert engine.drawn(instance, seed) == accept(instance, seed)


@of_the_engine(large_instances, seeds, share=10)
def test_thread_independence(engine: Subject, instance: Instance, seed: str) -> None:
    tables = tables_of(instance)
    alone = outcome_of(tables, allocate(tables, seed, threads=1))
    assert all(outcome_of(tables, allocate(tables, seed, threads=number)) == alone for number in (2, 3, 4))


def number(chance: str) -> int:
    found = PINNED if chance == "pinned" else fresh_seed()
    print(f"PROPERTY_SEED={found}")
    return found


@pytest.mark.timeout(1200)
@CHANCES
def test_engine_equals_specification_on_draws_of_a_block(chance: str) -> None:
    """As the generator makes them: 13 kinds of lines, wildcards, popular grounds with hundreds of applicants."""
    for groups in (10, 100, 700, min(3_000, EXAMPLES * 2)):
        tables = made(groups, number(chance) + groups)
        assert outcome_of(tables, allocate(tables, SEED, threads=2)) == accept(instance_of(tables), SEED)


def test_arrays_say_what_the_specification_reads() -> None:
    tables = made(500, PINNED)
    assert by_engine(instance_of(tables), SEED) == outcome_of(tables, allocate(tables, SEED))


@CHANCES
def test_room_for_512_stalls_a_line_each_and_for_choices_without_end(chance: str) -> None:
    dice = Dice(random.Random(number(chance)).randbytes(40_000))
    numbers = list(range(1, 41))
    lines = [line for _ in range(400) for line in event(dice, most_lines=8).lines][:MOST_STALLS]
    wide = Event(number=1, lines=tuple(replace(line, count=1) for line in lines))
    others = tuple(event(dice, number) for number in numbers[1:])
    people = tuple(group(dice, ticket, numbers) for ticket in tickets(400))
    instance = Instance(applicants=people, events=(wide, *others))
    assert by_engine(instance, SEED) == accept(instance, SEED)


def test_512_groups_move_by_one_line_each_to_seat_one_more() -> None:
    """The longest augmenting path there can be: everybody holds the line that the one before her needs."""
    kinds = [f"kind{number:03}" for number in range(60)]
    masks = [frozenset(kinds[at : at + 2]) for at in range(59)]
    event = Event(number=1, lines=tuple(Line(categories=mask, fallback=mask, count=8) for mask in masks))
    pool = [one(number, sells=kinds[1 + number % 59], tier=0) for number in range(1, 460)]
    last = [one(600 + number, sells=kinds[number % 2], tier=7) for number in range(20)]
    instance = Instance(applicants=tuple(sorted([*pool, *last], key=lambda i: i.ticket)), events=(event,))
    assert by_engine(instance, SEED) == accept(instance, SEED)


@CHANCES
def test_more_districts_than_a_word_has_bits(chance: str) -> None:
    """Tags, stages and categories are bits; districts are numbers, as many as there are."""
    dice = Dice(random.Random(number(chance)).randbytes(OF_GROUP * 400))
    codes = [*DISTRICTS, *(str(code) for code in range(600, 698))]
    lines = tuple(Line(district=code, count=1) for code in codes)
    people = tuple(one(at, tier=dice.below(3), district=dice.of(codes), sells="food") for at in range(1, 301))
    instance = Instance(applicants=people, events=(Event(number=1, lines=lines),))
    assert by_engine(instance, SEED) == accept(instance, SEED)
