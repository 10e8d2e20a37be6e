"""What is left when the dust has settled: every document, every record, every message, and what people were told."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.documents import Doc
from tests.chaos import load
from tests.chaos.dust import Dust
from tests.chaos.log import Log, Told
from tests.chaos.system import System

Docs = dict[str, Doc]
READERS = {
    "catalog": ("orders.orders", "stalls.allotments"),
    "orders": ("catalog.groups", "catalog.products", "catalog.reservations"),
    "notify": ("catalog.groups", "orders.orders"),
}
"""Service → the topics its consumer group reads."""


@dataclass(frozen=True)
class Parked:
    """Places by service, when everything was read and nothing replayed: what is parked, what stands in the log."""

    rows: dict[str, dict[tuple[str, int, int], str]] = field(default_factory=dict)
    log: dict[str, list[Told]] = field(default_factory=dict)


@dataclass(frozen=True)
class World:
    told: load.Told
    faults: Sequence[str]
    died: Sequence[tuple[str, int, str]]
    flying: Sequence[str]
    """What never settled."""
    parked: Parked
    waiting: Sequence[str]
    """Rows still parked after the replay."""
    log: dict[str, list[Told]]
    stored: dict[str, Docs]
    """Collection (its topic's name where it tells facts) → documents by id."""
    messages: Sequence[dict[str, Any]]
    reachable: frozenset[str]
    """Parties with a phone."""
    rebuilt: Docs
    logs: Sequence[Path]
    phases: Sequence[str]
    """How long each part of the run took."""

    def told_facts(self, topic: str) -> list[Told]:
        """What the relay told, repeats included; what we planted left out."""
        return [record for record in self.log[topic] if not record.planted]

    def firsts(self, topic: str) -> list[Told]:
        """The first occurrence of each fact, in the order of its partition."""
        first: dict[str, Told] = {}
        for record in self.told_facts(topic):
            first.setdefault(record.envelope.id, record)
        return list(first.values())


async def parked_now(system: System, log: Log, dust: Dust) -> Parked:
    everything = await log.everything()
    rows = {}
    for house in dust.houses:
        found = system.database(house.name)["parked"].find({})
        strip = len(system.settings.namespace)
        rows[house.name] = {(r["topic"][strip:], r["partition"], r["offset"]): str(r["status"]) async for r in found}
    return Parked(rows, everything)


async def documents(system: System, dust: Dust) -> dict[str, Docs]:
    found: dict[str, Docs] = {}
    for house in dust.houses:
        for kind in house.kinds:
            rows = system.database(house.name)[kind.collection].find({}, {"requests": 0})
            found[kind.topic or kind.collection] = {str(doc["_id"]): doc async for doc in rows}
    return found


async def waiting(system: System, dust: Dust) -> list[str]:
    """Rows that are neither applied nor put aside."""
    closed = {"status": {"$nin": ["applied", "discarded"]}}
    rows = [
        (house.name, row) for house in dust.houses async for row in system.database(house.name)["parked"].find(closed)
    ]
    return [f"{name}: {row['_id']} is {row['status']}: {row['code']}: {row['reason']}" for name, row in rows]


def messages(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []


def reachable(contacts: Iterable[Doc]) -> frozenset[str]:
    return frozenset(str(doc["party"]) for doc in contacts if doc["phone"])
