"""Sentences about the worker's fold: what a record may say that stops nobody, and which figure it may change."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.orders.demand.streams import DEMAND
from services.orders.settings import OrdersSettings
from shared import clock
from shared.consumer.records import Record
from shared.errors import Invalid
from shared.events import MOST
from shared.streaming.engine import LARGEST_FIGURE_BYTES, Engine, FigureTooLarge
from shared.streaming.figures import Figure, kept, milliseconds
from shared.streaming.measures import Generation, key_of
from shared.streaming.refusals import FigureOverflows, FromTheFuture, NotCountable
from shared.streaming.spans import YearOutOfRange
from shared.testing import settings_for
from tests.integration.counting import NOON, PAPAD, SELLER, Told, line


@pytest.fixture
async def engine() -> Engine:
    """Never started: what is refused touches neither Kafka nor MongoDB."""
    sink: Any = None
    return Engine(Generation(settings_for(OrdersSettings), "orders", DEMAND, 1), sink)


def refused(engine: Engine, told: Told, *, value: bytes | None = None, **headers: bytes) -> Invalid:
    """Why the first record of an order is parked; fails when it is not."""
    (record, *_) = told.records()
    said = {**dict(record["headers"]), **headers}
    place = ("orders.orders", 0, 7)
    with pytest.raises(Invalid) as refusal:
        engine._fold(Record(*place, record["key"], value or record["value"], list(said.items()), DEMAND.handlers))
    return refusal.value


def key_for(told: Told) -> bytes:
    """Of the part its first line lies in."""
    (record, *_) = told.records()
    read = Record("orders.orders", 0, 7, record["key"], record["value"], record["headers"], DEMAND.handlers).read()
    assert read.event is not None
    return next(iter(DEMAND.changed(read.event, 0))).encode()


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "0001-01-01T09:00:00Z", "9999-12-31T23:10:00Z"])
async def test_an_order_placed_when_nobody_can_ask_for_is_parked(engine: Engine, at: str) -> None:
    told = Told((line(PAPAD, 2),))
    said = json.loads(told.records()[0]["value"]) | {"placed_at": at}
    problem = refused(engine, told, value=json.dumps(said).encode())
    assert isinstance(problem, YearOutOfRange)
    assert "2000 ते 2100" in problem.sentence("mr")
    assert len(engine.table) == 0


async def test_what_nobody_foresaw_of_a_record_parks_it_with_its_place(engine: Engine) -> None:
    problem = refused(engine, Told((line(PAPAD, 2),)), ce_time=b"2026-11-22T12:10:00")
    assert isinstance(problem, NotCountable)
    assert "orders.orders/0/7" in str(problem)
    assert "TypeError" in problem.sentence("mr")
    assert len(engine.table) == 0


@pytest.mark.parametrize(
    ("quantity", "paise"),
    [(2**63, 1), (10**4_200, 10**4_200), (MOST + 1, 1), (1, MOST + 1)],
    ids=["more than MongoDB takes", "more than Python prints", "units", "paise"],
)
async def test_more_than_every_reader_keeps_exact_is_parked_before_it_stands_anywhere(
    engine: Engine, quantity: int, paise: int
) -> None:
    told = Told((line(PAPAD, 2),))
    said = json.loads(told.records()[0]["value"])
    said["lines"][0] |= {"quantity": "Q", "unit_price_paise": "P"}
    value = json.dumps(said).replace('"Q"', str(quantity)).replace('"P"', str(paise))
    assert isinstance(refused(engine, told, value=value.encode()), FigureOverflows)
    assert len(engine.table) == 0


async def test_a_figure_may_not_grow_past_the_limit_step_by_step_either(engine: Engine) -> None:
    told = Told((line(PAPAD, 1, 1),))
    engine.table.data[key_for(told)] = kept(Figure((MOST, MOST), 3, milliseconds(NOON), {}), DEMAND.counts)
    before = dict(engine.table.data)
    problem = refused(engine, told)
    assert isinstance(problem, FigureOverflows)
    assert str(MOST) in problem.sentence("hi")
    assert dict(engine.table.data) == before


async def test_a_fact_from_the_future_is_parked_by_its_own_name(engine: Engine) -> None:
    problem = refused(engine, Told((line(PAPAD, 2),), placed_at=clock.now() + timedelta(hours=1, minutes=5)))
    assert isinstance(problem, FromTheFuture)
    assert "60 मिनिटांहून" in problem.sentence("mr")
    assert len(engine.table) == 0


async def test_a_figure_whose_memory_no_longer_fits_its_record_refuses_more_lines(engine: Engine) -> None:
    told, at = Told((line(PAPAD, 2),)), milliseconds(NOON)
    seen = {f"मागणी-{n}:0": (1, 1, at, 1, 1) for n in range(LARGEST_FIGURE_BYTES // 40)}
    engine.table.data[key_for(told)] = value = kept(Figure((1, 1), len(seen), at, seen), DEMAND.counts)
    assert len(value) > LARGEST_FIGURE_BYTES
    problem = refused(engine, told)
    assert isinstance(problem, FigureTooLarge)
    assert problem.sentence("mr").startswith(key_for(told).decode())
    assert dict(engine.table.data) == {key_for(told): value}


def change(key: bytes, changes: int, units: int) -> Any:
    value = kept(Figure((units, units), changes, 0, {}), DEMAND.counts)
    return SimpleNamespace(key=key, value=value, message=SimpleNamespace(value=value, partition=0))


async def test_reading_back_keeps_the_record_with_the_most_changes_whenever_it_was_written(engine: Engine) -> None:
    table = engine.table
    table.apply_changelog_batch([change(b"a", 4, 40), change(b"a", 3, 30), change(b"b", 1, 1)])
    table.apply_changelog_batch([change(b"a", 2, 20), change(b"b", 2, 2), change(b"b", 1, 1)])
    assert dict(table.data) == {b"a": change(b"a", 4, 40).value, b"b": change(b"b", 2, 2).value}
    table.apply_changelog_batch([change(b"a", 4, 41)])
    assert table.data[b"a"] == change(b"a", 4, 41).value


def changed(told: Told, **envelope: Any) -> dict[str, dict[str, Any]]:
    """By key, the labels that a placed order gives its figures."""
    (record, *_) = told.records()
    read = Record("orders.orders", 0, 7, record["key"], record["value"], record["headers"], DEMAND.handlers).read()
    assert read.event is not None
    steps = DEMAND.changed(replace(read.event, **envelope), 0)
    return {key: dict(step.labels) for key, (step, *_) in steps.items()}


def test_no_fact_changes_what_is_said_of_the_figure_of_another_state_or_seller() -> None:
    told = Told((line(PAPAD, 2),), id="मागणी-1")
    of_us, of_theirs = changed(told), changed(told, tenant="09")
    assert not of_us.keys() & of_theirs.keys()
    ((key, labels),) = of_us.items()
    for name in ("tenant", "product", "seller", "district", "block"):
        assert labels[name] in key.split("|")
    assert labels["seller"] == SELLER


def test_a_part_that_holds_the_sign_between_parts_makes_no_other_figures_key() -> None:
    assert key_of("27", "उडीद|पापड", "x") != key_of("27", "उडीद", "पापड|x") != key_of("27", "उडीद", "पापड", "x")
    assert key_of("a\\", "b") != key_of("a\\|b")
    assert key_of("27", PAPAD, "2026-11-22T12") == f"27|{PAPAD}|2026-11-22T12"


def test_another_way_to_write_figures_has_names_of_its_own() -> None:
    generation = Generation(settings_for(OrdersSettings), "orders", DEMAND, 3)
    assert (generation.app_id, generation.collection) == ("orders.demand-2-3", "demand_2_3")
    assert generation.changelog.startswith(generation.app_id)
    assert isinstance(NOON, datetime)
