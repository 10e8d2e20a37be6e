"""The parked events of one service: which keys wait and why; released, or dropped with a reason.

The partition's owner applies released rows by itself (shared.consumer): for each key in order, up to the first that is
not ready. So rows may be released in any order, but a key moves only once its head, the earliest open row, is ready.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pymongo.database import Database

from shared import clock
from shared.consumer.parking import COLLECTION, OPEN
from shared.documents import Doc

HELD = ("poison", "behind")
WHERE_IT_STANDS = {"headers": 0, "value": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which keys are meant: all that fit everything named. `code` is that of a key's head."""

    topic: str | None = None
    key: str | None = None
    code: str | None = None

    def __bool__(self) -> bool:
        return any((self.topic, self.key, self.code))


@dataclass(slots=True)
class Chain:
    """The open rows of one key of one topic, in order; a row without a key stands alone."""

    rows: list[Doc] = field(default_factory=list)

    @property
    def head(self) -> Doc:
        return self.rows[0]

    @property
    def behind(self) -> int:
        return len(self.rows) - 1

    def fits(self, wanted: Wanted) -> bool:
        return wanted.code in (None, self.head["code"])


class Parked:
    """The collection of one service's consumer group. Topics are named with or without the namespace."""

    def __init__(self, database: Database[Doc], namespace: str) -> None:
        self.rows, self.namespace = database[COLLECTION], namespace

    def _topic(self, name: str) -> str:
        return name if name.startswith(self.namespace) else f"{self.namespace}{name}"

    def chains(self, wanted: Wanted) -> list[Chain]:
        """The one that has waited longest first."""
        named: Doc = {"topic": self._topic(wanted.topic)} if wanted.topic else {}
        if wanted.key is not None:
            named["key"] = wanted.key.encode()
        found = self.rows.find({"status": {"$in": OPEN}, **named}, WHERE_IT_STANDS)
        chains = _chained(found.sort([("topic", 1), ("partition", 1), ("offset", 1)]))
        return sorted((chain for chain in chains if chain.fits(wanted)), key=lambda chain: chain.head["parked_at"])

    def find(self, id_: str) -> Doc | None:
        """By `topic:partition:offset`, or by the whole id with the group before it."""
        topic, partition, offset = ["", "", "", *id_.split(":")][-3:]
        if not (partition.isdecimal() and offset.isdecimal()):
            return None
        return self.rows.find_one({"topic": self._topic(topic), "partition": int(partition), "offset": int(offset)})

    def release(self, chains: Iterable[Chain], *, force: bool) -> list[str]:
        """Mark all rows of these keys ready; the ids. `force`: the head is applied in spite of a gap before it."""
        released = []
        for chain in chains:
            for row in chain.rows:
                forced = {"forced": True} if force and row is chain.head else {}
                self.rows.update_one(
                    {"_id": row["_id"], "status": {"$in": OPEN}}, {"$set": {"status": "ready", **forced}}
                )
                released.append(str(row["_id"]))
        return released

    def drop(self, row: Doc, reason: str) -> list[str] | None:
        """Drop a poison row for good and release what waits behind it; None when it is no longer poison.

        Followers first: a row whose head is poison is not applied, so a death in between harms nothing.
        """
        followers = self._release_behind(row, force=True)
        gone = {"status": "dropped", "drop_reason": reason, "dropped_at": clock.now()}
        if not self.rows.update_one({"_id": row["_id"], "status": "poison"}, {"$set": gone}).modified_count:
            return None
        return followers + self._release_behind(row, force=not followers)

    def _release_behind(self, row: Doc, *, force: bool) -> list[str]:
        """What was parked on its key after it; the first follows a gap."""
        if row["key"] is None:
            return []
        place = {"topic": row["topic"], "key": row["key"], "offset": {"$gt": row["offset"]}}
        found = self.rows.find({**place, "status": {"$in": HELD}}, WHERE_IT_STANDS)
        rows = list(found.sort("offset", 1))
        return self.release([Chain(rows)], force=force) if rows else []

    def stragglers(self, ids: Iterable[str]) -> list[Chain]:
        """Keys of these rows on which a batch parked more, meanwhile, behind nothing that is poison."""
        keys = {(row["topic"], row["key"]) for row in self._of(ids) if row["key"] is not None}
        chains = [chain for topic in {topic for topic, _ in keys} for chain in self.chains(Wanted(topic=topic))]
        return [c for c in chains if c.head["status"] == "behind" and (c.head["topic"], c.head["key"]) in keys]

    def outcome(self, ids: Iterable[str]) -> list[Doc]:
        """These rows as they are now, in order."""
        return sorted(self._of(ids), key=lambda row: (row["topic"], row["partition"], row["offset"]))

    def _of(self, ids: Iterable[str]) -> list[Doc]:
        return list(self.rows.find({"_id": {"$in": list(ids)}}, WHERE_IT_STANDS))


def pending(rows: Iterable[Doc]) -> list[Doc]:
    """Of rows in order, those the consumer will still try: ready, and nothing before them on their key is poison."""
    stopped = set()
    found = []
    for row in rows:
        own = (row["topic"], row["key"] if row["key"] is not None else row["_id"])
        if row["status"] == "poison":
            stopped.add(own)
        elif row["status"] == "ready" and own not in stopped:
            found.append(row)
    return found


def _chained(rows: Iterable[Doc]) -> Iterator[Chain]:
    chains: dict[tuple[str, Any], Chain] = {}
    for row in rows:
        own = bytes(row["key"]) if row["key"] is not None else row["_id"]
        chains.setdefault((row["topic"], own), Chain()).rows.append(row)
    yield from chains.values()
