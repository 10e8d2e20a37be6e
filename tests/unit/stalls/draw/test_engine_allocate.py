"""Sentences about the engine: cell for cell what the specification says, on crowds where every line presses."""

import os
from dataclasses import replace

import numpy as np
import pytest

from services.stalls.draw.accept import accept
from services.stalls.draw.engine.accept import matched
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.order import places
from services.stalls.draw.engine.reasons import explained
from services.stalls.draw.engine.tables import Tables, outcome_of, tables_of
from services.stalls.draw.plan import MOST_STALLS, Event, Instance, Line
from tests.unit.stalls.draw.crowds import crowd
from tests.unit.stalls.draw.instances import SEED, group
from tools.draw.tabled import instance_of

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "240"))


def same(tables: Tables, threads: int = 1) -> bool:
    return outcome_of(tables, allocate(tables, SEED, threads)) == accept(instance_of(tables), SEED)


@pytest.mark.parametrize("part", range(4))
def test_a_crowd_gets_what_the_specification_gives_it(part: int) -> None:
    """In crowd 159 a place with a chance was once taken for one without, by who sat two moves away."""
    wrong = [number for number in range(part, EXAMPLES, 4) if not same(crowd(number))]
    assert wrong == []


def test_a_ground_with_a_few_hundred_applicants_is_the_specifications() -> None:
    assert all(same(crowd(number, groups=250, grounds=2, lines=25, most=6)) for number in range(3))


def test_the_first_of_64_tags_counts_beside_the_last() -> None:
    """A mask of 64 bits is no float: that would drop the low ones."""
    tags = [f"t{number:02}" for number in range(64)]
    people = (group(1, tags=frozenset(tags[:1])), group(2, tier=1, tags=frozenset(tags[1:])))
    line = Line(tags=frozenset({tags[0], tags[-1]}), count=1)
    tables = tables_of(Instance(applicants=people, events=(Event(number=1, lines=(line,)),)))
    assert [row.event for row in outcome_of(tables, allocate(tables, SEED)).rows] == [1, None]
    assert same(tables)


def test_there_is_room_for_512_lines_of_one_stall() -> None:
    """Masks over the cells of a pass then take eight words."""
    tables = crowd(7, groups=300, grounds=1, lines=2)
    wide = np.resize(np.arange(len(tables.stage)), MOST_STALLS)
    lines = {name: getattr(tables, name)[wide] for name in ("takes", "fallback", "tags_of", "district_of", "stage")}
    start = np.array([0, MOST_STALLS], np.int64)
    assert same(replace(tables, **lines, line_start=start, count=np.ones(MOST_STALLS, np.int32)))


def test_neither_the_number_of_threads_nor_the_order_of_asking_shows() -> None:
    tables = crowd(3, groups=400, grounds=30)
    alone = outcome_of(tables, allocate(tables, SEED))
    assert all(outcome_of(tables, allocate(tables, SEED, threads)) == alone for threads in (2, 3, 40))


def test_all_at_once_or_one_after_the_other_is_the_same() -> None:
    """With so many grounds for so few groups nobody waits for a round: each asks until she is seated."""
    few = crowd(11, groups=40, grounds=6)
    empty = np.full(400, few.line_start[-1])
    many = replace(few, events=np.arange(1, 407, dtype=np.int32), line_start=np.concatenate((few.line_start, empty)))
    rounds, one_by_one = (allocate(tables, SEED) for tables in (few, many))
    assert all((getattr(rounds, name) == getattr(one_by_one, name)).all() for name in rounds.__slots__)


def test_a_ground_struck_out_refuses_everybody_and_nobody_waits_for_it() -> None:
    tables = crowd(5, groups=20, grounds=2)
    struck = replace(tables, line_start=np.array([0, 0, len(tables.stage)], np.int64))
    rows = outcome_of(struck, allocate(struck, SEED)).rows
    assert all(row.event != 1 and 1 not in dict(row.waiting) for row in rows)
    assert {refusal.stalls for row in rows for refusal in row.refusals if refusal.event == 1} == {0}
    assert same(struck)


def test_a_draw_of_nobody_gives_nothing_to_nobody() -> None:
    tables = crowd(5, groups=20, grounds=2)
    nobody = replace(
        tables,
        **{name: getattr(tables, name)[:0] for name in ("tickets", "tier", "district", "stages", "tags", "categories")},
        upgrade=tables.upgrade[:0],
        start=tables.start[:1],
        choices=tables.choices[:0],
    )
    assert outcome_of(nobody, allocate(nobody, SEED)).rows == ()


def test_progress_is_told_from_the_line_to_the_reasons() -> None:
    told: list[tuple[str, int, int]] = []
    allocate(crowd(1, groups=30), SEED, progress=lambda stage, done, total: told.append((stage, done, total)))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["line_up", "allocate", "reasons"]
    assert all(0 <= done <= total == 30 for _, done, total in told)
    assert told[-1] == ("reasons", 30, 30)


def test_the_steps_one_by_one_are_the_whole() -> None:
    tables = crowd(2)
    order = places(tables, SEED)
    by_steps = outcome_of(tables, explained(tables, order, matched(tables, order)))
    assert by_steps == outcome_of(tables, allocate(tables, SEED))
