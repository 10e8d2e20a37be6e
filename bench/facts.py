"""A window closed, drawn and told by a worker, and its facts relayed to Kafka; how long, and how much memory."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import topic, window
from bench.lines import Line, took
from bench.place import place
from bench.processes import KIB, Serving
from bench.settings import BenchSettings
from bench.topic import Reader
from bench.waiting import until
from services.stalls.allotments.store import AllotmentDocument
from services.stalls.calls.domain import Status
from services.stalls.wiring import SERVICE
from shared.documents import Doc
from shared.service import Running

STATE = 782_000
MOST_SECONDS = 120.0
TOPIC = "stalls.allotments"
PLAIN = "plain_allotments"
COPIED_AT_ONCE = 1_000


@dataclass(frozen=True)
class Found:
    """Seconds of each part of one window, and the most memory its worker ever held."""

    applications: int
    close: float
    draw: float
    tell: float
    relay: float
    plain: float
    peak_mib: float


async def measured(sizes: BenchSettings) -> list[Line]:
    """A window, and one four times as large: time should grow fourfold, memory hardly."""
    small, large = [await _window(sizes.facts * times) for times in (1, 4)]
    scaled = STATE / large.applications
    told = took(
        "facts",
        f"facts of {STATE:,} applications made and relayed",
        large.relay * scaled,
        "the same documents inserted plainly",
        large.plain * scaled,
        MOST_SECONDS,
        note=f"worked out from {large.applications:,}; made {large.tell * scaled:.0f} s",
    )
    rows = (("closed", small.close, large.close), ("drawn", small.draw, large.draw), ("told", small.tell, large.tell))
    note = f"{large.applications:,} and {small.applications:,} applications"
    grown = [took("facts", f"a window {name}", long, "a quarter of it", short, note=note) for name, short, long in rows]
    return [told, *grown, _memory(small, large)]


def _memory(small: Found, large: Found) -> Line:
    return Line(
        name="facts",
        measure=f"peak memory of the worker, {large.applications:,} applications",
        value=large.peak_mib,
        unit="MiB",
        limit=f"{small.applications:,}",
        limit_value=small.peak_mib,
        ratio=small.peak_mib / large.peak_mib,
    )


async def _window(applications: int) -> Found:
    async with place() as here:
        stalls = await here.running(SERVICE)
        call = await window.planted(stalls, applications)
        relay, worker = here.start("stalls", "relay"), here.start("stalls", "consume", DRAW_AT_ONCE="100")
        for process in (relay, worker):
            await asyncio.to_thread(process.ready)
        begun = time.perf_counter()
        await window.closed(stalls, call.id)
        shut = time.perf_counter()
        await window.confirmed(stalls, call.id)
        await window.reached(stalls, call.id, Status.DRAWN, Status.PUBLISHED)
        drawn = time.perf_counter()
        async with topic.reading(stalls.settings, stalls.settings.topic(TOPIC)) as reader:
            done = asyncio.create_task(window.reached(stalls, call.id, Status.PUBLISHED))
            ended = asyncio.create_task(_ended(done))
            await until(partial(_has, reader, applications), "every allotment is in Kafka")
            relayed = time.perf_counter()
            told = await ended
        peak = peak_mib(worker)
        plain = await _plainly(stalls)
    return Found(applications, shut - begun, drawn - shut, told - drawn, relayed - drawn, plain, peak)


async def _has(reader: Reader, applications: int) -> bool:
    return await reader.size() >= applications


async def _ended(task: "asyncio.Task[Any]") -> float:
    await task
    return time.perf_counter()


async def _plainly(stalls: Running) -> float:
    """Seconds to write the same documents with the same indexes, by the driver alone."""
    kept = stalls.database.collection(AllotmentDocument.collection)
    copies, seconds = stalls.database.collection(PLAIN), 0.0
    for name, index in (await kept.index_information()).items():
        if name != "_id_":
            await copies.create_index(index["key"], name=name, sparse=index.get("sparse", False))
    some: list[Doc] = []
    async for doc in kept.find(batch_size=COPIED_AT_ONCE):
        some.append(doc)
        if len(some) == COPIED_AT_ONCE:
            seconds += await _written(copies, some)
            some = []
    return seconds + (await _written(copies, some) if some else 0.0)


async def _written(copies: Any, some: list[Doc]) -> float:
    began = time.perf_counter()
    await copies.insert_many(some, ordered=False)
    return time.perf_counter() - began


def peak_mib(process: Serving) -> float:
    lines = Path(f"/proc/{process.child.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / KIB
