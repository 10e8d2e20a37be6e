"""From the acknowledgement of a write to its fact in Kafka, the relay in a process of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from aiokafka import AIOKafkaProducer

from bench import goods, topic
from bench.lines import Line, times
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import until
from services.orders.wiring import SERVICE
from shared.ids import new_id
from shared.kafka import partition_of, producer
from shared.service import Running

LIMIT = "bench.limit"
GOALS_MS = (5.0, 15.0)

One = Callable[[], Awaitable[tuple[str, float]]]
"""Does it once: the key of the record to come, and when its clock starts."""


async def measured(sizes: BenchSettings) -> list[Line]:
    """One process writes and reads at the topic's end, so no clocks are compared; the reader's own way is included."""
    async with place(LIMIT) as here:
        orders = await here.running(SERVICE)
        here.start("orders", "relay").ready()
        found = await _timed(orders, "orders.orders", _placing(orders), sizes)
        kafka = producer(orders.settings)
        await kafka.start()
        floor = await _timed(orders, LIMIT, _sending(orders, kafka), sizes)
        await kafka.stop()
    return times("acks", "write ack → fact in Kafka", found, "record sent → in Kafka", floor, GOALS_MS)


async def _timed(orders: Running, short: str, one: One, sizes: BenchSettings) -> list[float]:
    """Seconds from each start to the record's arrival; the first second is not counted."""
    async with topic.reading(orders.settings, orders.settings.topic(short)) as reader:
        following = asyncio.create_task(reader.follow())
        started = dict(await at_rate(sizes.ack_rate, sizes.ack_seconds, one))
        await until(partial(reader.has, len(started)), "every record's arrival")
        following.cancel()
    counted = list(started.items())[int(sizes.ack_rate) :]
    return [reader.arrived[key.encode()] - at for key, at in counted]


async def at_rate(per_second: float, seconds: float, one: One) -> list[tuple[str, float]]:
    """Begun at their times whether or not the one before is done: a slow answer does not lower the load."""
    tasks, began = [], time.perf_counter()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(began + number / per_second - time.perf_counter())
        tasks.append(asyncio.ensure_future(one()))
    return list(await asyncio.gather(*tasks))


def _placing(orders: Running) -> One:
    async def one() -> tuple[str, float]:
        order_id = new_id()
        await goods.place(orders, order_id)
        return order_id, time.perf_counter()

    return one


def _sending(orders: Running, kafka: AIOKafkaProducer) -> One:
    value = goods.placed(new_id()).facts[0].model_dump_json().encode()

    async def one() -> tuple[str, float]:
        key, at = new_id(), time.perf_counter()
        place = partition_of(key.encode(), orders.settings.partitions)
        await kafka.send_and_wait(orders.settings.topic(LIMIT), value, key.encode(), place)
        return key, at

    return one
