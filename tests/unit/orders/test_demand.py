"""Sentences about demand: every order counts once, from its placing until it falls through, however facts arrive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.baskets.domain import KnownProduct
from services.orders.baskets.store import KnownProductDocument
from services.orders.demand.api import READERS
from services.orders.demand.domain import PlacingUnknown, Question, placed, require_asked, undone
from services.orders.demand.store import visible
from services.orders.demand.streams import DEMAND
from services.orders.retail.domain import Order, Refusal, cancel, place, refuse
from services.orders.retail.store import OrderDocument
from shared.contracts.orders import OrderCancelled
from shared.events import Event
from shared.places.area import OutsideArea
from shared.scope import BUYERS, Role, Scope
from shared.streaming.figures import Figure, TooOld, applied
from shared.streaming.spans import spanned
from tests.unit.orders.goods import AT as PLACED
from tests.unit.orders.goods import BUYER, KNOWN, LEADER, NOON, PAPAD, PUNE_GROUP, asked, basket

HOUR = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
DELAYS = (MINUTE, timedelta(hours=47), timedelta(hours=48), timedelta(hours=48, milliseconds=1), timedelta(days=3))
FATES = st.none() | st.tuples(st.sampled_from(("cancel", "refuse")), st.sampled_from(DELAYS))
ORDERS = st.lists(st.tuples(st.integers(0, 59), st.integers(1, 9), FATES), min_size=1, max_size=8)


def order(number: int = 1, minute: int = 0, quantity: int = 2) -> Order:
    known = {**KNOWN, "papad": replace(PAPAD, block="4512")}
    at = replace(PLACED, placed_at=HOUR + minute * MINUTE)
    return place(f"order-{number}", BUYER, basket(asked("papad", "udid-250g", quantity)), known, at).state


def facts(of: Order, fate: tuple[str, timedelta] | None = None) -> list[Event[Any]]:
    """Its placing and what became of it, as the topic has them."""
    first = place(of.id, BUYER, basket(asked("papad", "udid-250g", of.lines[0].quantity)), {**KNOWN}, PLACED).facts[0]
    told = [(first.model_copy(update={"placed_at": of.placed_at, "seller_block": "4512"}), of.placed_at)]
    if fate:
        ended = cancel(of, BUYER, "नको") if fate[0] == "cancel" else refuse(of, Refusal(code="NotEnoughStock"))
        told.append((ended.facts[0], of.placed_at + fate[1]))
    return [event(fact, of.id, n, at) for n, (fact, at) in enumerate(told, 1)]


def event(fact: Any, subject: str, sequence: int, at: datetime) -> Event[Any]:
    id_ = f"{subject}:1:{sequence}"
    return Event(data=fact, id=id_, subject=subject, tenant="27", incarnation=1, sequence=sequence, time=at)


class Table:
    """Figures by key, as a worker folds them; `late` are those it could not tell from repeats."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.late: list[str] = []

    def take(self, event: Event[Any]) -> None:
        try:
            for key, steps in DEMAND.changed(event, 0).items():
                self.figures[key] = applied(self.figures.get(key, Figure((0, 0))), event, steps)
        except TooOld:
            self.late.append(event.id)

    @property
    def total(self) -> tuple[int, int]:
        return tuple(map(sum, zip((0, 0), *(figure.counts for figure in self.figures.values()), strict=True)))  # type: ignore[return-value]


def standing(orders: Sequence[tuple[int, int, Any]]) -> tuple[int, int]:
    units = sum(quantity for _, quantity, fate in orders if fate is None)
    return units, units * 12_550


@given(orders=ORDERS, chance=st.randoms(use_true_random=False))
def test_orders_may_come_in_any_order_among_each_other_and_each_fact_any_number_of_times(
    orders: list[tuple[int, int, Any]], chance: Any
) -> None:
    within = [(minute, quantity, fate and (fate[0], min(fate[1], DELAYS[1]))) for minute, quantity, fate in orders]
    waiting = [facts(order(n, minute, quantity), fate) for n, (minute, quantity, fate) in enumerate(within)]
    table, log = Table(), []
    while any(waiting):
        queue = chance.choice([queue for queue in waiting if queue])
        log.append(queue.pop(0))
        for again in log[chance.randrange(len(log)) :] if chance.random() < 0.5 else log[-1:]:
            table.take(again)
    assert table.total == standing(within)
    assert table.late == []


@given(orders=ORDERS, chance=st.randoms(use_true_random=False))
def test_what_was_forgotten_is_still_taken_out_once_and_only_a_repeat_is_ever_too_old(
    orders: list[tuple[int, int, Any]], chance: Any
) -> None:
    told = [one for n, (minute, quantity, fate) in enumerate(orders) for one in facts(order(n, minute, quantity), fate)]
    log = sorted(told, key=lambda event: event.time)
    table = Table()
    for at, event_ in enumerate(log):
        before = len(table.late)
        table.take(event_)
        assert len(table.late) == before
        for again in log[chance.randrange(at + 1) : at + 1] if chance.random() < 0.5 else ():
            table.take(again)
    assert table.total == standing(orders)


def test_a_cancel_at_the_very_edge_of_the_memory_subtracts_exactly_once() -> None:
    for beyond in (timedelta(milliseconds=-1), timedelta(), timedelta(milliseconds=1), timedelta(hours=3)):
        table = Table()
        ours = facts(order(1, 0, 4), ("cancel", timedelta(hours=48) + beyond))
        others = facts(order(2, 30, 7), ("cancel", timedelta(hours=48) + beyond))
        for one in (ours[0], others[0], others[1], ours[1], ours[1], others[1]):
            table.take(one)
        assert (table.total, table.late) == ((0, 0), [])


def test_a_cancel_of_an_order_that_was_never_counted_is_remembered_and_takes_nothing_out() -> None:
    table, (first, second) = Table(), facts(order(), ("cancel", MINUTE))
    table.take(second)
    table.take(first)
    assert (table.total, table.late) == ((0, 0), [])


def test_an_event_older_than_the_memory_is_refused_and_says_so_in_marathi() -> None:
    table = Table()
    for one in facts(order(2, 50), ("cancel", timedelta(hours=48))):
        table.take(one)
    (late,) = facts(order(1, 0, 9))
    key, steps = next(iter(DEMAND.changed(late, 0).items()))
    newest = next(iter(table.figures.values()))
    with pytest.raises(TooOld) as refused:
        applied(newest, late, steps)
    assert key.endswith(f"|27|papad|{PUNE_GROUP}|490|4512|2026-11-22T12")
    assert "48 तासांहून जुनी" in refused.value.sentence("mr")


def test_a_database_restored_from_a_backup_counts_no_order_twice() -> None:
    table, (first, second) = Table(), facts(order(), ("cancel", MINUTE))
    restored = [replace(one, incarnation=2, id=one.id.replace(":1:", ":2:")) for one in (first, second)]
    for one in (first, restored[0]):
        table.take(one)
    assert table.total == (2, 25_100)
    for one in (second, restored[1]):
        table.take(one)
    assert table.total == (0, 0)


def test_a_line_counts_under_the_hour_it_was_placed_in_india_whenever_it_is_cancelled() -> None:
    first, second = facts(order(1, 59), ("cancel", WEEK))
    (counted,), (taken,) = placed(first), undone(second)
    assert counted.key == taken.key == ("papad", PUNE_GROUP, "490", "4512", "2026-11-22T12")
    assert counted.labels["hour"] == HOUR
    assert (counted.labels["seller"], counted.labels["tenant"]) == (PUNE_GROUP, "27")


def test_a_cancel_from_before_facts_said_where_is_not_guessed() -> None:
    said = facts(order(), ("cancel", MINUTE))[1]
    old = OrderCancelled(buyer="asha", seller=PUNE_GROUP, by="buyer", reason="asked", lines=said.data.lines)
    with pytest.raises(PlacingUnknown, match="order-1:1:2"):
        undone(replace(said, data=old))


def test_an_order_told_late_counts_when_it_was_placed_and_one_that_does_not_say_when_it_was_told() -> None:
    (told,) = facts(order(1, 20))
    (late,) = placed(replace(told, time=told.time + timedelta(hours=3)))
    assert late.labels["hour"] == HOUR
    (silent,) = placed(replace(told, data=told.data.model_copy(update={"placed_at": None}), time=HOUR + WEEK))
    assert silent.labels["hour"] == HOUR + WEEK


def test_a_refusal_that_says_where_and_when_but_not_what_is_not_guessed_either() -> None:
    said = facts(order(), ("refuse", MINUTE))[1]
    with pytest.raises(PlacingUnknown, match="order-1:1:2"):
        undone(replace(said, data=said.data.model_copy(update={"lines": ()})))


def test_documents_from_before_blocks_are_read_as_having_none() -> None:
    kept = {**OrderDocument.of(order()), "_id": "order-1", "tenant": "27", "schema": 1}
    assert OrderDocument.load({k: v for k, v in kept.items() if k != "seller_block"}).seller_block is None
    assert OrderDocument.load({**kept, "schema": 2}).seller_block == "4512"
    known = {**KnownProductDocument.of(PAPAD), "_id": "papad", "tenant": "27", "schema": 1}
    remembered: KnownProduct = KnownProductDocument.load({k: v for k, v in known.items() if k != "block"})
    assert remembered == replace(PAPAD, block=None)


def test_who_sees_which_demand() -> None:
    officer = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="o", district="490", block="4512")
    assert visible(officer) == {"block": "4512"}
    assert visible(replace(officer, role=Role.DISTRICT_OFFICER)) == {"district": "490"}
    assert visible(replace(officer, role=Role.DEPARTMENT)) == visible(replace(officer, role=Role.ADMIN)) == {}
    assert visible(LEADER) == {"seller": {"$in": [PUNE_GROUP]}}
    assert not set(READERS) & BUYERS
    assert NOON == HOUR


DAY = spanned("2026-12-05", "2026-12-06", "day", HOUR)


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.DISTRICT_OFFICER, {"district": "484"}),
        (Role.DISTRICT_OFFICER, {"block": "4444"}),
        (Role.BLOCK_OFFICER, {"block": "4514"}),
        (Role.BLOCK_OFFICER, {"district": "484", "block": "4512"}),
    ],
)
def test_an_officer_who_asks_for_anothers_area_is_told_so(role: Role, asked: dict[str, str]) -> None:
    by = Scope(tenant="27", role=role, party="p", district="490", block="4512")
    with pytest.raises(OutsideArea, match="Pune"):
        require_asked(Question(span=DAY, level="district", **asked), by)


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.BLOCK_OFFICER, Role.MISSION_MANAGER])
@pytest.mark.parametrize("asked", [{}, {"district": "490"}, {"block": "4512"}])
def test_within_her_area_she_asks_as_she_likes(role: Role, asked: dict[str, str]) -> None:
    by = Scope(tenant="27", role=role, party="p", district="490", block="4512")
    require_asked(Question(span=DAY, level="district", **asked), by)
