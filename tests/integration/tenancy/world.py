"""One service on its database, with what the matrix asks of it; and whether anything in there changed."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import bson
import httpx

from shared.aggregates import first_kept
from shared.documents import Doc
from shared.ids import new_id
from shared.scope import Role
from tests.integration.houses import House
from tests.integration.tenancy.people import ANOTHER_STATE

PROBES = {
    "health",
    "audit",
}  # where /readyz tries a write, nobody's; and what was done or looked at, which nothing takes back
NO_BODY = object()


@dataclass(frozen=True)
class Ask:
    """How one row of the document is asked: the names in the path, body, query; headers in place of a token."""

    names: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    query: str = ""
    signed: Callable[[], dict[str, str]] | None = None
    raw: bytes | None = None


@dataclass(frozen=True)
class Shown:
    """What a list may show: whose it is and where it lies; `everybodys` within its state."""

    key: str
    tenant: str = "27"
    party: str | None = None
    group: str | None = None
    places: tuple[tuple[str | None, str | None], ...] = ()
    everybodys: bool = False
    personal: bool = False
    """Hers in any role, as a message to her is."""


Snapshot = dict[str, list[Doc]]


@dataclass
class World:
    """`asks` by (route, of); `lists` by route: what there is, and which field of an item names it."""

    house: House
    asks: Mapping[tuple[str, str], Ask]
    lists: Mapping[str, tuple[str, tuple[Shown, ...]]]
    private: frozenset[str] = frozenset()
    """What only those inside may be told."""
    unpublished: frozenset[str] = frozenset()
    """What may be told with a token only."""
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    async def send(self, route: str, ask: Ask, headers: Mapping[str, str]) -> httpx.Response:
        method, path = route.split(" ")
        address = path.format(**ask.names) + (f"?{ask.query}" if ask.query else "")
        written = {"Idempotency-Key": new_id()} if method != "GET" and not ask.signed else {}
        body: dict[str, Any] = {"content": ask.raw} if ask.raw is not None else {"json": ask.body}
        typed = {"content-type": "application/json"} if ask.raw is not None else {}
        return await self.house.client.request(method, address, headers={**written, **typed, **headers}, **body)

    def token(self, role: Role, claims: Mapping[str, Any]) -> dict[str, str]:
        """One for each caller, used again as callers do."""
        whose = f"{role} {claims}"
        if whose not in self.tokens:
            self.tokens[whose] = self.house.signer.headers(role, **claims)
        return self.tokens[whose]

    async def snapshot(self) -> Snapshot:
        """Every document of every collection, facts in outboxes and remembered requests included."""
        db = self.house.running.database.db
        names = sorted(set(await db.list_collection_names()) - PROBES)
        return {name: await db[name].find().sort("_id", 1).to_list() for name in names}

    async def restore(self, kept: Snapshot) -> None:
        db, now = self.house.running.database.db, await self.snapshot()
        for name in now:
            if digest(now[name]) != digest(kept.get(name, [])):
                await db[name].delete_many({})
                if kept.get(name):
                    await db[name].insert_many(kept[name])


def digest(docs: list[Doc]) -> str:
    return hashlib.sha256(b"".join(bson.encode(doc) for doc in docs)).hexdigest()


def changed(before: Snapshot, after: Snapshot, *, apart: bool = False) -> list[str]:
    """The collections that differ; `apart`: what another state keeps of its own does not count."""

    def counted(docs: list[Doc]) -> list[Doc]:
        return [doc for doc in docs if doc.get("tenant") != ANOTHER_STATE] if apart else docs

    names = sorted(before.keys() | after.keys())
    return [name for name in names if digest(counted(before.get(name, []))) != digest(counted(after.get(name, [])))]


async def keep(house: House, *states: Any) -> None:
    """As if these had come in one by one."""
    for state in states:
        await first_kept(house.stores[type(state)], state.id, state)
