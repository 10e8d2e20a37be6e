"""Sentences about where a partition is read on: no record is passed over, whatever the client drops."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from services.orders.wiring import SERVICE
from shared.streaming.engine import Engine
from shared.streaming.measures import Generation
from shared.streaming.positions import Positions, RecordsSkippedError
from shared.testing import settings_for


class Stream:
    """Records of partition 0 of a topic that nobody here reads, as Faust hands them to its agent."""

    def __init__(self, *offsets: int) -> None:
        self.offsets, self.enable_acks = offsets, True

    async def events(self) -> AsyncIterator[Any]:
        for offset in self.offsets:
            headers = [("ce_type", b"in.bachathaat.orders.order-gifted.v1")]
            yield SimpleNamespace(
                message=SimpleNamespace(
                    topic="orders.orders", partition=0, offset=offset, key=b"k", value=b"{}", headers=headers
                )
            )


class Parked:
    async def park(self, record: Any, problem: Any) -> None:
        """Accepted."""


async def folded(*offsets: int, sought: bool = True, shown: tuple[tuple[int, int, int], ...] = ()) -> Engine:
    """An engine whose partition 0 begins at 5, after those records or after what stopped it."""
    generation = Generation(settings_for(SERVICE.settings), "orders", SERVICE.streams[0], 1)
    engine = Engine(generation, Parked(), shown)  # type: ignore[arg-type]
    if sought:
        engine.positions.begin(0, 5)
        engine.app.tables.actives_ready = True
    folding = asyncio.create_task(engine._fold_all(Stream(*offsets)))
    await asyncio.wait([folding, engine.settling.failed], return_when=asyncio.FIRST_COMPLETED)
    folding.cancel()
    return engine


async def test_records_in_their_turn_and_records_again_are_looked_at() -> None:
    engine = await folded(5, 6, 5, 6, 7)
    assert engine.done == {0: 8}
    assert not engine.settling.failed.done()


async def test_a_record_before_its_turn_stops_the_worker_and_is_not_passed_over() -> None:
    engine = await folded(5, 6, 9)
    with pytest.raises(RecordsSkippedError, match="partition 0: 7 was next, 9 came"):
        engine.settling.failed.result()
    assert engine.done == {0: 7}


async def test_where_the_log_has_no_record_the_second_reading_goes_on() -> None:
    engine = await folded(5, 6, 9, 10, shown=((0, 7, 9),))
    assert engine.done == {0: 11}
    assert not engine.settling.failed.done()


async def test_what_comes_before_its_partition_was_sought_waits_for_the_seek() -> None:
    engine = await folded(17, 18, sought=False)
    assert engine.done == {}
    assert not engine.settling.failed.done()


def test_a_record_of_a_partition_that_was_never_sought_stops_the_worker_when_all_were() -> None:
    with pytest.raises(RecordsSkippedError):
        Positions().takes(3, 0, sought=True)


def test_a_second_seek_goes_on_where_reading_stands_and_a_new_assignment_begins_anew() -> None:
    places = Positions()
    places.begin(0, 5)
    in_hand = places.next
    in_hand[0] = 9
    places.begin(0, 5)
    assert places.next == {0: 9}
    places.forget()
    in_hand[0] = 10
    places.begin(0, 7)
    assert places.next == {0: 7}
