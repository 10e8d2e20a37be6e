"""`python -m bench.inserts SPEC`: plain durable inserts of one document, again and again. Prints JSON.

The limit of everything that stores: the same driver, loop, concurrency, document and indexes, and nothing of ours.
"""

import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from shared.documents import Doc, Kind
from shared.mongo import DURABLE

WARM_SECONDS = 0.5


def plain(kind: Kind) -> Kind:
    """The same indexes on a collection of its own, which no relay follows."""
    return type(f"Plain{kind.__name__}", (kind,), {"collection": f"plain_{kind.collection}"})


async def per_second(one: Callable[[], Awaitable[Any]], at_once: int, seconds: float, warm: float = 0.0) -> float:
    """How often `one` is done in a second, so many at once, not counting the first `warm` seconds."""
    began = time.perf_counter() + warm
    ends, done = began + seconds, 0

    async def again() -> None:
        nonlocal done
        while (now := time.perf_counter()) < ends:
            try:
                await one()
            except StopAsyncIteration:
                return
            done += now >= began

    await asyncio.gather(*(again() for _ in range(at_once)))
    return done / (time.perf_counter() - began)


def inserting(rows: AsyncCollection[Doc], doc: Doc) -> Callable[[], Awaitable[Any]]:
    """One durable insert of that document under a new id."""
    numbers, me = itertools.count(), f"{os.getpid()}-{time.time_ns():x}"
    durable = rows.with_options(write_concern=DURABLE)

    async def one() -> None:
        await durable.insert_one({**doc, "_id": f"{me}-{next(numbers):016}"})

    return one


async def load(spec: dict[str, Any]) -> dict[str, Any]:
    """spec: uri, database, like (a collection with the document), collection, connections, seconds."""
    client: AsyncMongoClient[Doc] = AsyncMongoClient(spec["uri"], tz_aware=True)
    database = client[spec["database"]]
    doc = await database[spec["like"]].find_one()
    if doc is None:
        raise LookupError(spec["like"])
    one = inserting(database[spec["collection"]], doc)
    found = await per_second(one, spec["connections"], spec["seconds"], WARM_SECONDS)
    await client.close()
    return {"per_second": found}


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load(json.loads(sys.argv[1])))))
