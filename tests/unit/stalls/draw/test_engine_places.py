"""Sentences about the engine's line: the places that anybody gets with sha256sum."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw.engine.order import FIRST, ROUND, draw_lots, in_slices, places, ranked
from services.stalls.draw.engine.tables import Tables, TooManyWords, tables_of
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Instance
from tests.unit.stalls.draw.instances import MANY, SEED, group, seeds

people = st.lists(
    st.tuples(st.integers(0, 10**16 - 1), st.integers(0, 7)), min_size=1, unique_by=lambda one: one[0]
).map(lambda found: tuple(group(ticket, 1, tier=tier) for ticket, tier in sorted(found)))


def lined_up(tables: Tables, order: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> list[str]:
    return [f"{int(tables.tickets[who]):016}" for who in order]


def tables_for(applicants: tuple[Applicant, ...]) -> Tables:
    listed = tuple(Applicant(**{**told(one), "choices": ()}) for one in applicants)  # type: ignore[arg-type]
    return tables_of(Instance(applicants=listed, events=()))


def told(one: Applicant) -> dict[str, object]:
    return {"ticket": one.ticket, "tier": one.tier, "district": one.district, "categories": one.categories}


@MANY
@given(people, seeds)
def test_the_line_is_the_specifications(applicants: tuple[Applicant, ...], seed: str) -> None:
    tables = tables_for(applicants)
    assert lined_up(tables, places(tables, seed)) == [one.ticket for one in line_up(seed, applicants)]


@MANY
@given(people, st.integers(0, 3), st.integers(2, 5))
def test_equal_lots_are_told_apart_by_the_whole_digest(applicants: tuple[Applicant, ...], lot: int, kinds: int) -> None:
    """As if the first 64 bits said next to nothing."""
    tables = tables_for(applicants)
    lots = np.array([lot << 62 for _ in applicants], np.uint64)
    assert lined_up(tables, ranked(tables, SEED, lots)) == [one.ticket for one in line_up(SEED, applicants)]


def test_the_line_is_the_same_for_any_number_of_threads() -> None:
    tables = tables_for(tuple(group(1 + 7 * number, 1, tier=number % 8) for number in range(5_000)))
    alone = places(tables, SEED)
    assert all((places(tables, SEED, threads) == alone).all() for threads in (2, 3, 7))
    assert sorted(alone.tolist()) == list(range(5_000))


def test_more_threads_than_groups_still_leave_out_nobody() -> None:
    seen: list[int] = []
    in_slices(lambda low, high: seen.extend(range(low, high)), 3, 8)
    assert sorted(seen) == [0, 1, 2]


@pytest.mark.parametrize("seed", ["5eed" * 15, "5eed" * 17, "5"])
def test_a_seed_that_is_not_one_block_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match=seed):
        places(tables_for((group(1),)), seed)


def test_a_ticket_of_seventeen_digits_is_refused() -> None:
    tables = tables_for((group(1),))
    tables.tickets[0] = 10**16
    with pytest.raises(ValueError, match="10000000000000000"):
        places(tables, SEED)


def test_64_categories_are_more_than_a_word_holds() -> None:
    few = group(1, sells=" ".join(f"kind{number}" for number in range(63)))
    assert len(tables_for((few,)).words.categories) == 63
    many = group(1, sells=" ".join(f"kind{number}" for number in range(64)))
    with pytest.raises(TooManyWords):
        tables_for((many,))


def test_a_lot_is_what_sha256sum_shows_first() -> None:
    lots, block = np.zeros(1, np.uint64), np.frombuffer(SEED.encode(), ">u4").astype(np.uint32)
    draw_lots(FIRST, block, ROUND, np.array([42], np.uint64), 0, 1, lots)
    shown = hashlib.sha256(f"{SEED}:0000000000000042".encode()).hexdigest()
    assert f"{int(lots[0]):016x}" == shown[:16]
