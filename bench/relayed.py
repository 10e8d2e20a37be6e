"""Facts relayed from a backlog, beside what the change stream gives and what the producer takes."""

import asyncio
import time
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from bench import goods, topic
from bench.lines import Line, rate
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import PATIENCE_SECONDS
from services.orders.retail.domain import Order
from services.orders.retail.store import OrderDocument
from services.orders.wiring import SERVICE
from shared.documents import Doc, Kind
from shared.ids import new_id
from shared.outbox import Entry, new_document
from shared.relay.lease import ROW
from shared.relay.stream import MOST_CHANGES, opened, pipeline
from shared.service import Running

INSERTED_AT_ONCE = 1000
LIMIT = "bench.limit"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument)


async def measured(sizes: BenchSettings) -> list[Line]:
    """Drain, producer, relay, drain, producer."""
    async with place(LIMIT) as here:
        orders = await here.running(SERVICE)
        docs, token = await _prepared(orders, sizes.backlog)
        records = [topic.record(doc["outbox"][0], "/orders", "orders.orders", doc["_id"]) for doc in docs]
        limit = orders.settings.topic(LIMIT)
        drain = [await drained(orders, OrderDocument, token, len(docs))]
        send = [await topic.write(orders.settings, limit, records)]
        relay = here.start("orders", "relay")
        async with topic.reading(orders.settings, orders.settings.topic("orders.orders")) as reader:
            found = await reader.growth_to(len(docs), relay)
            doubled = await reader.size() - len(docs)
        relay.stop()
        drain.append(await drained(orders, OrderDocument, token, len(docs)))
        send.append(await topic.write(orders.settings, limit, records))
    changes, sent = sum(drain) / 2, sum(send) / 2
    limits = f"drain {changes:,.0f}/s, producer {sent:,.0f}/s"
    note = f"{len(docs):,} facts, {doubled} told twice; {limits}; {found.cpu_microseconds:.0f} µs of processor a fact"
    best = min(changes, sent)
    return [rate("relay", "facts relayed", found.per_second, "min(drain, producer)", best, least=0.9, note=note)]


async def _prepared(orders: Running, count: int) -> tuple[list[Doc], Doc]:
    """So many orders with a fact each, written while no relay runs, and the stream's position before them."""
    token = await begun(orders, OrderDocument)
    docs = _documents(orders, count)
    rows = orders.database.collection(OrderDocument.collection)
    for at in range(0, count, INSERTED_AT_ONCE):
        await rows.insert_many(docs[at : at + INSERTED_AT_ONCE], ordered=False)
    return docs, token


def _documents(orders: Running, count: int) -> list[Doc]:
    entry: Entry[Order] = Entry(OrderDocument, None, None)
    entry.decided(goods.placed(new_id()))
    like = new_document(entry, orders.database.incarnation, goods.caller("bench"))
    return [_copy(like, new_id()) for _ in range(count)]


def _copy(like: Doc, id_: str) -> Doc:
    return {**like, "_id": id_, "outbox": [{**like["outbox"][0], "id": f"{id_}:1:1"}]}


async def begun(of: Running, kind: Kind) -> Doc:
    """The change stream's position now, kept as where the relay goes on."""
    stream = await opened(of.database, [kind.collection], None)
    token = dict(stream.token)
    await stream.close()
    await of.database.collection("relay").insert_one({"_id": ROW, "epoch": 0, "expires_at": 0, "token": token})
    return token


async def drained(of: Running, kind: Kind, token: Doc, count: int) -> float:
    """Changes a second as the driver gives them, undecoded, by the relay's own pipeline."""
    run, began, seen = of.database.db.command, time.perf_counter(), 0
    stages = [{"$changeStream": {"resumeAfter": token}}, *pipeline([kind.collection])]
    first = {"aggregate": 1, "pipeline": stages, "cursor": {"batchSize": MOST_CHANGES}}
    async with of.database.client.start_session() as session, asyncio.timeout(PATIENCE_SECONDS):
        answer: Any = await run({**first, "readConcern": {"level": "majority"}}, codec_options=RAW, session=session)
        seen += len(answer["cursor"]["firstBatch"])
        cursor = answer["cursor"]["id"]
        more = {"getMore": cursor, "collection": "$cmd.aggregate", "batchSize": MOST_CHANGES}
        while seen < count:
            answer = await run(more, codec_options=RAW, session=session)
            seen += len(answer["cursor"]["nextBatch"])
        took = time.perf_counter() - began
        await run({"killCursors": "$cmd.aggregate", "cursors": [cursor]}, session=session)
    return seen / took
