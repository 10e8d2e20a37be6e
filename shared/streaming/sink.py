"""Where figures are read: their collection in MongoDB, and the records that could not be counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel, UpdateOne
from pymongo.errors import BulkWriteError

from shared import clock
from shared.consumer.records import Record
from shared.documents import Doc
from shared.errors import Invalid
from shared.mongo import Database
from shared.streaming.measures import Generation

THERE_ALREADY = 11_000


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as it will be read: `changes` only ever grows."""

    key: str
    changes: int
    fields: Mapping[str, Any]


class Sink:
    """The figures of one generation and the records nobody could count."""

    def __init__(self, database: Database, generation: Generation) -> None:
        self.generation = generation
        self.figures = database.collection(generation.collection)
        self.parked = database.collection(f"{generation.measure.name}_parked")

    async def prepare(self) -> None:
        keys = [[("tenant", 1), *key] for key in self.generation.measure.indexes]
        await self.figures.create_indexes([IndexModel(key) for key in keys])

    async def write(self, rows: Iterable[Row]) -> None:
        """Absolute values, so they may come twice; a value with fewer changes never replaces one with more."""
        writes = [
            UpdateOne(
                {"_id": row.key, "changes": {"$lt": row.changes}},
                {"$set": {**row.fields, "changes": row.changes}},
                upsert=True,
            )
            for row in rows
        ]
        try:
            await self.figures.bulk_write(writes, ordered=False)
        except BulkWriteError as error:  # the upsert of an older value finds no row to change, then a newer one there
            refused = any(fault["code"] != THERE_ALREADY for fault in error.details["writeErrors"])
            if refused or error.details["writeConcernErrors"]:
                raise

    async def park(self, record: Record, problem: Invalid) -> None:
        """Keep a record that cannot be counted, with its reason; the same record again only renews it."""
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        why = {"code": problem.code, "reason": str(problem), "parked_at": clock.now()}
        what = {"key": record.key, "headers": [list(header) for header in record.headers], "value": record.value}
        row: Doc = {**place, **why, **what, "generation": self.generation.number}
        id_ = ":".join(map(str, place.values()))
        await self.parked.replace_one({"_id": id_}, row, upsert=True)

    async def forget_parked(self) -> None:
        """Parked rows of generations before this one: it has read their records again."""
        await self.parked.delete_many({"generation": {"$lt": self.generation.number}})

    async def drop(self) -> None:
        await self.figures.drop()
