"""Sentences about what must be durable before an offset: changelog, then figures, then the commit."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from shared.streaming.settling import Settling
from shared.streaming.sink import Row


class Sink:
    """Readers of figures in memory; `faults` are raised by the first writes."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.rows: dict[str, int] = {}
        self.bulks = 0

    async def write(self, rows: Iterable[Row]) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.bulks += 1
        self.rows |= {row.key: row.changes for row in rows}


@asynccontextmanager
async def settling(sink: Sink) -> AsyncIterator[Settling]:
    made = Settling(sink)  # type: ignore[arg-type]
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def acknowledgement() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()


async def passed(turns: int = 20) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def test_readers_see_a_figure_only_after_its_changelog_record_is_acknowledged() -> None:
    sink, ack = Sink(), acknowledgement()
    async with settling(sink) as settled:
        settled.mark(Row("पापड", 1, {}), ack)
        waiting = asyncio.create_task(settled.settle())
        await passed()
        assert (sink.rows, waiting.done()) == ({}, False)
        ack.set_result(None)
        assert await waiting
        assert sink.rows == {"पापड": 1}


async def test_what_was_marked_before_a_commit_is_written_before_it_and_later_marks_do_not_delay_it() -> None:
    sink, never = Sink(), acknowledgement()
    async with settling(sink) as settled:
        settled.mark(Row("पापड", 1, {}), None)
        first = asyncio.create_task(settled.settle())
        await passed()
        settled.mark(Row("हळद", 1, {}), never)
        assert await first
        assert sink.rows == {"पापड": 1}


async def test_changes_that_come_together_are_one_bulk_of_the_newest_values() -> None:
    sink = Sink()
    async with settling(sink) as settled:
        for changes in range(1, 51):
            settled.mark(Row("पापड", changes, {}), None)
        assert await settled.settle()
    assert (sink.rows, sink.bulks) == ({"पापड": 50}, 1)


async def test_while_mongodb_is_away_it_is_asked_again_and_said_so() -> None:
    sink = Sink(AutoReconnect("no primary"), AutoReconnect("no primary"))
    async with settling(sink) as settled:
        settled.mark(Row("पापड", 1, {}), None)
        assert await settled.settle()
        assert (sink.rows, settled.away) == ({"पापड": 1}, "")


@pytest.mark.parametrize("lost", [True, False])
async def test_a_change_that_cannot_be_made_durable_is_never_committed(lost: bool) -> None:
    sink = Sink() if lost else Sink(OperationFailure("not authorized"))
    async with settling(sink) as settled:
        settled.mark(Row("पापड", 1, {}), ack := acknowledgement())
        if lost:
            ack.set_exception(ConnectionError("no broker"))
        else:
            ack.set_result(None)
        assert not await settled.settle()
        settled.mark(Row("हळद", 1, {}), None)
        assert not await settled.settle()
        assert settled.failed.exception() is not None
    assert sink.rows == {}
