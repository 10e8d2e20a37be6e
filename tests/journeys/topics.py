"""What stands on a topic."""

from collections import Counter

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from tests.journeys.people import Market


async def records(market: Market, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    """All of them, partition after partition; the topic by its full name."""
    kafka = AIOKafkaConsumer(topic, bootstrap_servers=market.system.known.kafka, auto_offset_reset="earliest")
    await kafka.start()
    read: list[ConsumerRecord[bytes, bytes]] = []
    try:
        ends = await kafka.end_offsets(sorted(kafka.assignment()))
        for place, end in ends.items():
            while await kafka.position(place) < end:
                read += (await kafka.getmany(place, timeout_ms=500)).get(place, [])
    finally:
        await kafka.stop()
    return read


async def told_of(market: Market, topic: str, subject: str) -> Counter[str]:
    """How often each fact was told of that subject, by its name, such as `draw-finalised`."""
    all_of_it = await records(market, f"{market.system.known.namespace}{topic}")
    types = [dict(record.headers)["ce_type"].decode() for record in all_of_it if record.key == subject.encode()]
    return Counter(type_.split(".")[-2] for type_ in types)
