"""The registry of a whole state through relay, Kafka and consumers: each beside its limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from bench import rebuild, topic
from bench.lines import Line, rate, took
from bench.place import Place, place
from bench.registry_state import STATE, WHOLE, stored
from bench.relayed import LIMIT, begun, drained
from bench.settings import BenchSettings
from bench.topic import Reader
from bench.waiting import applied, until
from services.catalog.groups.store import GroupDocument
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared.consumer.partitions import COLLECTION
from shared.documents import Doc
from shared.service import Running, Service

TOPIC = "catalog.groups"
CONSUMERS: tuple[Service, ...] = (ORDERS, STALLS, NOTIFY)
SENT_AT_ONCE = 100_000
MOST_SECONDS = 60.0
NO_SENDER_SECONDS = 3600


async def measured(sizes: BenchSettings) -> list[Line]:
    """All groups told while nobody listens, then remembered by each service alone, then told and remembered at once."""
    own = (await rebuild.measured(sizes))[0].value
    async with place(LIMIT) as here:
        catalog = await here.running(CATALOG)
        lines, count = await _relayed(here, catalog, sizes.registry_groups)
        for service in CONSUMERS:
            lines += await _remembered(here, service, count, own)
    async with place() as here:
        lines.append(await _together(here, sizes.registry_groups // 8))
    return lines


async def _relayed(here: Place, catalog: Running, groups: int) -> tuple[list[Line], int]:
    token = await begun(catalog, GroupDocument)
    count = await stored(catalog, groups)
    drain = [await drained(catalog, GroupDocument, token, count)]
    records, limit = await _waiting(catalog), catalog.settings.topic(LIMIT)
    send = [await topic.write(catalog.settings, limit, records)]
    relay = here.start("catalog", "relay")
    async with topic.reading(catalog.settings, catalog.settings.topic(TOPIC)) as reader:
        found = await reader.growth_to(count, relay)
        doubled = await reader.size() - count
    relay.stop()
    drain.append(await drained(catalog, GroupDocument, token, count))
    send.append(await topic.write(catalog.settings, limit, records))
    best = min(sum(drain), sum(send)) / 2
    limits = f"drain {sum(drain) / 2:,.0f}/s, producer {sum(send) / 2:,.0f}/s"
    note = f"{count:,} facts, {doubled} told twice; {limits}; {found.cpu_microseconds:.0f} µs of processor a fact"
    line = rate(
        "registry-relay",
        "a state's groups relayed",
        found.per_second,
        "min(drain, producer)",
        best,
        least=0.8,
        note=note,
    )
    return [line], count


async def _waiting(catalog: Running) -> list[Doc]:
    """Facts as they stand in the outboxes, of as many groups as are held at once."""
    rows = catalog.database.collection(GroupDocument.collection).find({}, {"outbox": 1}).limit(SENT_AT_ONCE)
    return [topic.record(doc["outbox"][0], "/catalog", TOPIC, doc["_id"]) async for doc in rows]


async def _remembered(here: Place, service: Service, count: int, own: float) -> list[Line]:
    """From the first fact on, by one process whose database is empty."""
    known = await here.running(service)
    consumer = here.start(service.name, "consume", SEND_POLL_SECONDS=str(NO_SENDER_SECONDS))
    found = await applied(known, count, consumer)
    consumer.stop()
    note = f"{count:,} groups; {found.cpu_microseconds:.0f} µs of processor each"
    what = f"groups remembered by {service.name}"
    each = rate("registry-relay", what, found.per_second, "products rebuilt by orders", own, least=0.8, note=note)
    seconds, note = WHOLE / found.per_second, "" if count == WHOLE else f"worked out from {count:,}"
    whole = f"{service.name}: projection of {WHOLE:,} groups rebuilt"
    return [each, took("registry-relay", whole, seconds, "at that rate", WHOLE / own, MOST_SECONDS, note)]


async def _together(here: Place, groups: int) -> Line:
    """The relay and all three consumers at once, on this one machine: the last group known to the slowest."""
    catalog = await here.running(CATALOG)
    await begun(catalog, GroupDocument)
    count = await stored(catalog, groups)
    known = [await here.running(service) for service in CONSUMERS]
    consumers = [here.start(one.service.name, "consume", SEND_POLL_SECONDS=str(NO_SENDER_SECONDS)) for one in known]
    for process in consumers:
        await asyncio.to_thread(process.ready)
    here.start("catalog", "relay")
    began = time.perf_counter()
    async with topic.reading(catalog.settings, catalog.settings.topic(TOPIC)) as reader:
        told = asyncio.create_task(_seconds(partial(_has, reader, count), began))
        known_at = await asyncio.gather(*(_seconds(partial(_knows, one, count), began) for one in known))
    slowest, relayed = max(known_at), await told
    note = f"{count:,} groups of {STATE}; relay, three consumers, Kafka and MongoDB on the same processors"
    return rate(
        "registry-relay",
        "groups told and known by all three",
        count / slowest,
        "relayed then",
        count / relayed,
        note=note,
    )


async def _seconds(true: Callable[[], Awaitable[bool]], began: float) -> float:
    await until(true, "every group is told and known")
    return time.perf_counter() - began


async def _has(reader: Reader, count: int) -> bool:
    return bool(await reader.size() >= count)


async def _knows(service: Running, count: int) -> bool:
    """By the offsets that are kept with the effects."""
    rows = service.database.collection(COLLECTION)
    return bool(sum([row["next"] async for row in rows.find({}, {"next": 1})]) >= count)
