"""Whatever codec another producer uses, its records are read."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from shared.consumer import consume
from shared.health import Health
from shared.kafka import partition_of
from shared.service import Running
from tests.integration.kernel.conftest import Log, record
from tests.integration.kernel.pots import PotFilled, PotMade
from tests.integration.kernel.test_consumer import consumed, sums
from tests.processes import playing, until


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_compressed_records_take_effect(codec: Any, running: Running, health: Health, log: Log) -> None:
    kafka = AIOKafkaProducer(
        bootstrap_servers=running.settings.kafka_bootstrap_servers, compression_type=codec, linger_ms=50
    )
    await kafka.start()
    facts = [record(PotMade(), "pot", 1), *(record(PotFilled(litres=1), "pot", n) for n in range(2, 40))]
    place = partition_of(b"pot", running.settings.partitions)
    sent = [await kafka.send(log.topic, **fact, partition=place) for fact in facts]
    await asyncio.gather(*sent)
    await kafka.stop()
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"pot": (38, 38)}
