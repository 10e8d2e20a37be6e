"""Poison is parked with its reason, in the transaction of its batch, and what follows on its key waits behind it."""

from collections.abc import Iterable
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from shared import clock
from shared.consumer.records import Record
from shared.documents import Doc
from shared.errors import Invalid
from shared.handlers import Handlers
from shared.mongo import Database

COLLECTION = "parked"
OPEN = ("poison", "behind", "ready")
MOST_AT_ONCE = 200  # a replay is one transaction
KEYS = (("group", 1), ("topic", 1), ("partition", 1), ("status", 1), ("offset", 1))


class Behind(Invalid):
    """An earlier event of this subject is parked; this one waits behind it."""

    mr = "या विषयाची आधीची घटना बाजूला ठेवली आहे; ही तिच्या मागे थांबली आहे."
    hi = "इस विषय की पिछली घटना अलग रखी है; यह उसके पीछे रुकी है।"


class Parking:
    """The parked rows of one consumer group, as one transaction sees them."""

    def __init__(self, database: Database, group: str, session: AsyncClientSession | None = None) -> None:
        self.rows, self.group, self.session = database.collection(COLLECTION), group, session
        self.blocked: set[tuple[str, bytes]] = set()
        self.writes: list[InsertOne[Doc] | UpdateOne] = []

    async def load(self, records: Iterable[Record]) -> None:
        """Which of these records' keys are blocked."""
        keys = sorted({record.key for record in records if record.key is not None})
        wanted = {"group": self.group, "status": {"$in": OPEN}, "key": {"$in": keys}}
        async for row in self.rows.find(wanted, {"topic": 1, "key": 1}, session=self.session):
            self.blocked.add((row["topic"], bytes(row["key"])))

    def is_blocked(self, record: Record) -> bool:
        return record.key is not None and (record.topic, record.key) in self.blocked

    def park(self, record: Record, problem: Invalid) -> None:
        """Block its key; nothing is blocked by a record without one."""
        status = "behind" if isinstance(problem, Behind) else "poison"
        self.writes.append(InsertOne(self._row(record, problem, status)))
        if record.key is not None:
            self.blocked.add((record.topic, record.key))

    def replayed(self, id_: str, problem: Invalid | None) -> None:
        """A row that could be tried again is applied, or poison once more."""
        again = {"status": "poison", "code": problem.code, "reason": str(problem)} if problem else {"status": "applied"}
        change = {"$set": {**again, "replayed_at": clock.now()}, "$inc": {"attempts": 1}}
        self.writes.append(UpdateOne({"_id": id_, "status": {"$in": ("ready", "behind")}}, change))

    async def write(self) -> None:
        if self.writes:
            await self.rows.bulk_write(self.writes, session=self.session)

    def _row(self, record: Record, problem: Invalid, status: str) -> Doc:
        place = {"group": self.group, "topic": record.topic, "partition": record.partition, "offset": record.offset}
        why = {"status": status, "code": problem.code, "reason": str(problem), "attempts": 1, "parked_at": clock.now()}
        what = {"key": record.key, "headers": [list(header) for header in record.headers], "value": record.value}
        return {"_id": ":".join(map(str, place.values())), **place, **why, **what}

    async def count(self, topic: str, partition: int) -> int:
        place = {"group": self.group, "topic": topic, "partition": partition, "status": {"$in": OPEN}}
        return await self.rows.count_documents(place)

    async def ready(self, topic: str, partition: int, handlers: Handlers) -> list[tuple[str, Record]]:
        """What may be applied now, in order: for each key its open rows up to the first poison nobody marked ready.

        A row that only waited behind another runs once nothing before it is poison any more.
        """
        place = {"group": self.group, "topic": topic, "partition": partition, "status": {"$in": OPEN}}
        stopped: set[Any] = set()
        found = []
        async for row in self.rows.find(place).sort("offset", 1):
            if row["status"] == "poison":
                stopped.add(row["key"])
            elif row["key"] is None or row["key"] not in stopped:
                found.append((row["_id"], _record(row, handlers)))
            if len(found) == MOST_AT_ONCE:
                break
        return found


def _record(row: Doc, handlers: Handlers) -> Record:
    headers = [(str(name), value and bytes(value)) for name, value in row["headers"]]
    key, value = row["key"] and bytes(row["key"]), row["value"] and bytes(row["value"])
    place = (row["topic"], row["partition"], row["offset"])
    return Record(*place, key, value, headers, handlers, forced=bool(row.get("forced")))
