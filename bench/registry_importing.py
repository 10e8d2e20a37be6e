"""`python -m bench.registry_importing SPEC`: a state's lists into a database, or the same documents the plain way.

In a process of its own, so that its memory and its loop are nobody else's. Prints JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import uvloop
from pymongo import IndexModel, ReplaceOne

from bench.inserts import plain
from services.catalog.groups.store import GroupDocument
from services.catalog.imports.commands import groups
from services.catalog.settings import CatalogSettings
from services.catalog.wiring import SERVICE
from shared.documents import Doc
from shared.imports.commands import HeldImport, of_file
from shared.imports.worker import collect_less
from shared.lists.reading import digest, open_list
from shared.lists.rows import Line
from shared.mongo import DURABLE, connect
from shared.scope import Role, Scope
from shared.service import Running, Stores
from shared.testing import settings_for
from tools.seed.state.making import FILES

BY = Scope(tenant="27", role=Role.MISSION_MANAGER, party="bench")
ROWS_AT_ONCE = 1_000
DOCUMENTS_AT_ONCE = 250
"""Of one command; four are under way at once, which is faster than one of a thousand."""
KIB = 1024


async def listed(running: Running, folder: Path) -> dict[str, Any]:
    """All three lists. `marks`: rows and seconds so far; the seconds leave out the look for doubles in the end."""
    marks, rows, seconds, compared = [], 0, 0.0, 0.0
    counts: dict[str, int] = {}
    for programme, file in FILES.items():
        path, began = folder / file, time.perf_counter()
        held = HeldImport(running, await of_file(running, programme, file, digest(path), BY), groups(running))
        await held.claim()
        with open_list(path, file, programme) as source:
            lines = source.rows()
            some = _next(lines)
            while some:
                following = asyncio.create_task(asyncio.to_thread(_next, lines))
                await held.take(some)
                rows, some = rows + len(some), await following
                marks.append((rows, seconds + time.perf_counter() - began))
        seconds, began = seconds + time.perf_counter() - began, time.perf_counter()
        job = await held.end()
        compared += time.perf_counter() - began
        counts = {name: counts.get(name, 0) + count for name, count in job.counts.shown().items()}
    return {"rows": rows, "seconds": seconds, "compared": compared, "counts": counts, "marks": marks}


def _next(lines: Iterator[Line]) -> list[Line]:
    return list(islice(lines, ROWS_AT_ONCE))


async def upserted(running: Running) -> dict[str, Any]:
    """The documents the import left into a collection with the same indexes; reading them is not timed."""
    there = running.database.collection(GroupDocument.collection)
    kind = plain(GroupDocument)
    into = running.database.collection(kind.collection).with_options(write_concern=DURABLE)
    keys = [list(index["key"].items()) async for index in await there.list_indexes() if list(index["key"]) != ["_id"]]
    await into.create_indexes([IndexModel(key) for key in keys])
    marks, rows, seconds = [], 0, 0.0
    async for some in _slices(there.find(batch_size=ROWS_AT_ONCE)):
        writes = [ReplaceOne({"_id": doc["_id"]}, doc, upsert=True) for doc in some]
        parts = [writes[at : at + DOCUMENTS_AT_ONCE] for at in range(0, len(writes), DOCUMENTS_AT_ONCE)]
        began = time.perf_counter()
        await asyncio.gather(*(into.bulk_write(part, ordered=False) for part in parts))
        rows, seconds = rows + len(some), seconds + time.perf_counter() - began
        marks.append((rows, seconds))
    await into.drop()
    return {"rows": rows, "seconds": seconds, "marks": marks}


async def _slices(docs: AsyncIterator[Doc]) -> AsyncIterator[list[Doc]]:
    some: list[Doc] = []
    async for doc in docs:
        some.append(doc)
        if len(some) == ROWS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


async def load(spec: dict[str, Any]) -> dict[str, Any]:
    """spec: uri, database, keys; folder of the lists, or none for the plain way."""
    settings = settings_for(CatalogSettings, mongodb_uri=spec["uri"], account_keys=spec["keys"])
    database = await connect(spec["uri"], spec["database"])
    running = Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))
    collect_less()
    folder = spec.get("folder")
    found = await (listed(running, Path(folder)) if folder else upserted(running))
    await database.client.close()
    return {**found, "resident": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB}


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load(json.loads(sys.argv[1])))))
