"""Sentences about the engine's certificate: it accepts what is right and names the first thing that is not."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from services.stalls.draw.engine.accept import bounds_of
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.certificate import Finding, certify
from services.stalls.draw.engine.compiled import compile_plan
from services.stalls.draw.engine.planned import misplanned
from services.stalls.draw.engine.reasons import numbered
from services.stalls.draw.engine.tables import Result, Tables
from tests.unit.stalls.draw.crowds import crowd
from tests.unit.stalls.draw.instances import SEED

OF_REFUSALS = ("stalls", "products", "reservation", "better", "last")


def changed(result: Result, name: str, at: int, by: int) -> Result:
    array = getattr(result, name).copy()
    array[at] += by
    return replace(result, **{name: array})


def test_it_accepts_what_the_engine_gives() -> None:
    for number in range(40):
        tables = crowd(number)
        assert certify(tables, SEED, allocate(tables, SEED)) is None


@pytest.mark.parametrize(
    "name", ["takes", "tags", "district", "stalls", "line", "after", "stage", "pass_of", "cells", "passes"]
)
def test_a_plan_compiled_otherwise_is_found_wherever_it_differs(name: str) -> None:
    """The engine and its certificate share the compiled plan, so that is looked at against the tables first."""
    tables = crowd(3)
    right = compile_plan(tables)
    assert misplanned(right, tables) is None
    for at in range(len(getattr(right, name))):
        column = getattr(right, name).copy()
        column[at] ^= 1
        assert misplanned(right._replace(**{name: column}), tables) is not None, (name, at)


def test_a_plan_with_a_cell_too_few_is_found() -> None:
    tables = crowd(3)
    right = compile_plan(tables)
    assert misplanned(right._replace(line=right.line[:-1]), tables) is not None


@pytest.mark.parametrize("name", OF_REFUSALS)
@pytest.mark.parametrize("by", [1, -1])
def test_every_count_of_a_refusal_is_looked_at(name: str, by: int) -> None:
    tables = crowd(1)
    right = allocate(tables, SEED)
    for at in range(len(right.refusal_event)):
        found = certify(tables, SEED, changed(right, f"refusal_{name}", at, by))
        assert found is not None
        assert found.kind == "reason"
        assert found.event == tables.events[right.refusal_event[at]]


@pytest.mark.parametrize("name", ["choice", "stall"])
def test_every_choice_and_number_is_looked_at(name: Literal["choice", "stall"]) -> None:
    tables = crowd(2)
    right = allocate(tables, SEED)
    for at in range(len(right.order)):
        found = certify(tables, SEED, changed(right, name, at, 1))
        assert found == Finding(kind=name, place=at + 1)


def test_every_position_in_a_waiting_line_is_looked_at() -> None:
    tables = crowd(2)
    right = allocate(tables, SEED)
    for at in range(len(right.waiting)):
        found = certify(tables, SEED, changed(right, "waiting", at, 1))
        who = int(np.searchsorted(tables.start, at, side="right")) - 1
        assert found is not None
        assert found.kind == "waiting"
        assert int(right.order[(found.place or 0) - 1]) == who


def test_two_who_have_changed_places_are_found() -> None:
    tables = crowd(2)
    right = allocate(tables, SEED)
    order = right.order.copy()
    order[[10, 11]] = order[[11, 10]]
    assert certify(tables, SEED, replace(right, order=order)) == Finding(kind="order", place=11)


def test_the_draw_of_another_seed_is_found() -> None:
    tables = crowd(2)
    found = certify(tables, "beef" * 16, allocate(tables, SEED))
    assert found is not None
    assert found.kind == "order"


def test_a_row_too_few_is_found() -> None:
    tables = crowd(2)
    right = allocate(tables, SEED)
    assert certify(tables, SEED, replace(right, stall=right.stall[1:])) == Finding(kind="shape")


def bent(tables: Tables, give: int | None, take: int | None) -> Result:
    """Everything as it should be but who has what: place `give` gets her first choice, place `take` loses hers.

    Stalls, waiting and refusals are told as they then would be.
    """
    right = allocate(tables, SEED)
    event, choice = right.event.copy(), right.choice.copy()
    if take is not None:
        event[take], choice[take] = -1, 0
    if give is not None:
        event[give], choice[give] = tables.choices[tables.start[right.order[give]]], 1
    start, end = bounds_of(tables, right.order)
    stall, waiting = numbered(event, start, end, tables.choices, tables.stalls().astype(np.int32))
    count = np.where(event < 0, end - start, choice - 1)
    refused = np.concatenate([tables.choices[a : a + k] for a, k in zip(start, count, strict=True)])
    zeros = np.zeros(len(refused), np.int32)
    return replace(
        right,
        event=event,
        choice=choice,
        stall=stall,
        waiting=waiting,
        refusal_start=np.concatenate((np.zeros(1, np.int64), np.cumsum(count))),
        refusal_event=refused.astype(np.int32),
        **{f"refusal_{name}": zeros for name in OF_REFUSALS},
    )


def test_an_outcome_in_which_anybody_lost_her_stall_is_waste_or_envy() -> None:
    for number in range(8):
        tables = crowd(number)
        for place in np.flatnonzero(allocate(tables, SEED).event >= 0).tolist():
            found = certify(tables, SEED, bent(tables, None, place))
            assert found is not None


def test_an_outcome_in_which_anybody_got_more_than_she_should_is_found() -> None:
    for number in range(8):
        tables = crowd(number)
        right = allocate(tables, SEED)
        for place in np.flatnonzero(right.choice != 1).tolist():
            found = certify(tables, SEED, bent(tables, place, None))
            assert found is not None


def test_a_stall_that_stays_empty_though_somebody_wants_it_is_waste() -> None:
    """Everybody lists the one ground; only the first has lost hers."""
    tables = crowd(4, groups=3, grounds=1, lines=8, most=3)
    right = allocate(tables, SEED)
    place = int(np.flatnonzero(right.event >= 0)[-1])
    assert certify(tables, SEED, bent(tables, None, place)) == Finding(kind="waste", place=place + 1, event=1)
