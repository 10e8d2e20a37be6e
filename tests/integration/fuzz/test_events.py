"""Whatever bytes stand in a topic: each is applied, skipped, refused or parked, never passed over, never a crash.

FUZZ_EXAMPLES batches a topic (8 in the whole suite, `make fuzz` sends many more).
"""

import asyncio
import os
from collections import Counter
from typing import Any

import pytest
from aiokafka import TopicPartition
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared.consumer.batch import Applier
from shared.consumer.partitions import Partitions
from shared.consumer.records import Record
from shared.documents import Doc
from shared.handlers import Handlers
from shared.service import Service
from tests.integration.fuzz.records import bent
from tests.integration.houses import House, house

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
RECORDS_A_BATCH = 25
TOLD = {"sms_provider_url": "http://127.0.0.1:9", "sms_callback_secret": "a-secret-of-tests"}
READ = [(service, handlers) for service in (CATALOG, ORDERS, STALLS, NOTIFY) for handlers in service.handlers]
DONE = {"applied", "duplicate", "skipped", "refused", "parked"}
EVERYTHING = 1_000_000


def names(value: Any) -> str:
    return value.name if isinstance(value, Service) else value.topic


@given(data=st.data())
@settings(max_examples=40 * EXAMPLES, deadline=None)
@pytest.mark.parametrize(("service", "handlers"), READ, ids=names)
def test_reading_ends_in_an_event_or_in_the_reason_why_not(service: Service, handlers: Handlers, data: Any) -> None:
    row = data.draw(bent(handlers.topic))
    record = Record(handlers.topic, 0, 0, row["key"], row["value"], row["headers"], handlers).read()
    assert (record.event is None) is (record.problem is not None)
    assert all(isinstance(id_, str) for ids in record.wanted().values() for id_ in ids)


class Bench:
    """A consumer's hands without its Kafka: batches are applied in transactions on a real MongoDB."""

    def __init__(self, found: House, handlers: Handlers) -> None:
        self.found, self.handlers = found, handlers
        self.place = TopicPartition(handlers.topic, 0)
        database, service = found.running.database, found.running.service
        self.applier = Applier(database, "fuzz", service.kinds, EVERYTHING)
        self.partitions = Partitions(Kafka(), database, "fuzz", {handlers.topic: "topic"})

    async def apply(self, rows: list[Doc]) -> Counter[str]:
        await self.partitions.on_partitions_assigned([self.place])
        first = self.partitions.held[self.place].next
        records = [
            Record(self.place.topic, 0, offset, row["key"], row["value"], row["headers"], self.handlers).read()
            for offset, row in enumerate(rows, first)
        ]
        applied = await self.applier.apply({self.place: records}, self.partitions)
        assert self.partitions.held[self.place].next == first + len(rows)
        return Counter({outcome: count for (_, outcome), count in applied.outcomes.items()}) + Counter(
            behind=applied.parked[self.place] - applied.outcomes[self.place.topic, "parked"]
        )


class Kafka:
    """All that taking a partition asks of the client."""

    def seek(self, place: TopicPartition, offset: int) -> None:
        """Nobody fetches."""


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(("service", "handlers"), READ, ids=names)
async def test_every_record_of_a_batch_is_done_with(service: Service, handlers: Handlers) -> None:
    async with house(service, **(TOLD if service is NOTIFY else {})) as found:
        hands, loop = Bench(found, handlers), asyncio.get_running_loop()

        @given(rows=st.lists(bent(handlers.topic), min_size=5, max_size=RECORDS_A_BATCH))
        @settings(
            max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        def applied(rows: list[Doc]) -> None:
            outcomes = asyncio.run_coroutine_threadsafe(hands.apply(rows), loop).result(60)
            assert sum(outcomes.values()) == len(rows)
            assert outcomes.keys() <= DONE | {"behind"}

        await asyncio.to_thread(applied)
        parked = found.running.database.collection("parked")
        assert await parked.count_documents({"reason": {"$in": ["", None]}}) == 0
