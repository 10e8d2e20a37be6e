"""The sweeper repairs: facts that wait too long in an outbox are published again, all of a document's in order."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern

from shared import clock, faults, metrics
from shared.documents import Doc
from shared.mongo import Database
from shared.relay.stream import Batch, Told

DOCUMENTS_A_BATCH = 500
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)  # a bound that lets the sparse index serve "any"


async def waiting(
    database: Database, collections: Sequence[str], older_than: timedelta, session: AsyncClientSession | None = None
) -> AsyncIterator[Batch]:
    """Read with majority concern: anything less would publish what a failover rolls back.

    `session`: what it has seen is seen here too.
    """
    wanted: Doc = {"outbox.0.time": {"$lt": clock.now() - older_than}}
    concern = ReadConcern("local" if faults.disabled("relay.majority_sweep") else "majority")
    for name in collections:
        rows = database.db.get_collection(name, read_concern=concern)
        told: list[Told] = []
        async for doc in rows.find(wanted, {"outbox": 1}, batch_size=DOCUMENTS_A_BATCH, session=session):
            told += [Told(name, doc["_id"], fact) for fact in doc["outbox"]]
            if len(told) >= DOCUMENTS_A_BATCH:
                yield Batch(told, None)
                told = []
        if told:
            yield Batch(told, None)


async def measure(database: Database, collections: Sequence[str]) -> None:
    """How much waits in the outboxes of each kind, and since when."""
    for name in collections:
        rows = database.collection(name)
        oldest = await rows.find_one(
            {"outbox.0.time": {"$gt": BEGINNING}}, {"outbox.time": 1}, sort=[("outbox.0.time", 1)]
        )
        age = (clock.now() - oldest["outbox"][0]["time"]).total_seconds() if oldest else 0.0
        metrics.OUTBOX_OLDEST_SECONDS.labels(kind=name).set(max(age, 0.0))
        metrics.OUTBOX_DEPTH.labels(kind=name).set(await rows.count_documents({"outbox.0.time": {"$gt": BEGINNING}}))
