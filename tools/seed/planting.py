"""Batches of commands in one transaction each: what is there is left as it is, a refusal is told and harms nobody."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Generic, Self, TypeVar

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from shared.aggregates import Aggregates, Work
from shared.consumer.batch import MAJORITY, SNAPSHOT
from shared.consumer.work import UnitOfWork, WrittenMeanwhileError
from shared.decisions import Decision
from shared.errors import Problem
from shared.mongo import Database
from shared.scope import Caller, Scope
from shared.service import Service

T = TypeVar("T")

BATCH = 250
AT_ONCE = 4
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seedling:
    """What shall be there: the aggregate that tells whether it is, the others it needs, and the commands."""

    holds: type[Any]
    id: str
    needs: Mapping[type[Any], list[str]] = field(default_factory=dict)
    plant: Callable[[Work], Awaitable[object]]


@dataclass(slots=True)
class Tally:
    new: int = 0
    there: int = 0
    refused: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> Self:
        self.new, self.there = self.new + other.new, self.there + other.there
        self.refused += other.refused
        return self

    @property
    def done(self) -> int:
        return self.new + self.there + len(self.refused)


class Trusted(Generic[T]):
    """Aggregates of a batch for commands that bring a caller: rules still see her scope, the batch ends repeats."""

    def __init__(self, inner: Aggregates[T]) -> None:
        self.inner = inner

    async def get(self, id_: str, scope: Scope | None = None) -> T:  # noqa: ARG002
        return await self.inner.get(id_)

    async def find(self, id_: str) -> T | None:
        return await self.inner.find(id_)

    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None = None) -> T:  # noqa: ARG002
        return await self.inner.create(id_, decide)

    async def change(self, id_: str, decide: Callable[[T], Decision[T]], caller: Caller | None = None) -> T:  # noqa: ARG002
        return await self.inner.change(id_, decide)


class Batch(Work):
    def __init__(self, work: UnitOfWork) -> None:
        self.work = work

    def __getitem__(self, holds: type[T]) -> Aggregates[T]:
        return Trusted(self.work[holds])


async def plant(
    database: Database, service: Service, seedlings: Iterable[Seedling], told: Callable[[Tally], None]
) -> Tally:
    """All of them, some batches at a time; `told` hears of each batch. Raises what MongoDB says."""
    total, waiting = Tally(), iter(seedlings)

    async def gardener() -> None:
        nonlocal total
        while batch := list(islice(waiting, BATCH)):
            missing = await _missing(database, service, batch)
            done = await _planted(database, service, missing) if missing else Tally()
            done.there += len(batch) - len(missing)
            total += done
            told(done)

    try:
        async with asyncio.TaskGroup() as gardeners:
            for _ in range(AT_ONCE):
                gardeners.create_task(gardener())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    return total


async def _missing(database: Database, service: Service, batch: list[Seedling]) -> list[Seedling]:
    """Those whose aggregate is not there, by ids alone: a market that stands is looked through in no time."""
    there: set[str] = set()
    for kind in service.kinds:
        if ids := [seedling.id for seedling in batch if seedling.holds is kind.holds]:
            found = database.collection(kind.collection).find({"_id": {"$in": ids}}, {"_id": 1})
            there.update([doc["_id"] async for doc in found])
    return [seedling for seedling in batch if seedling.id not in there]


async def _planted(database: Database, service: Service, batch: list[Seedling]) -> Tally:
    """Again when a running service wrote one of these in between."""
    for attempt in range(1, TRIES + 1):
        try:
            async with database.client.start_session() as session:
                once = partial(_decided, database, service, batch)
                return await session.with_transaction(once, read_concern=SNAPSHOT, write_concern=MAJORITY)
        except (WrittenMeanwhileError, BulkWriteError):
            if attempt == TRIES:
                raise
    raise AssertionError


async def _decided(database: Database, service: Service, batch: list[Seedling], session: AsyncClientSession) -> Tally:
    work = UnitOfWork(database, {kind.holds: kind for kind in service.kinds}, session)
    await work.load(_wanted(batch))
    tally = Tally()
    for seedling in batch:
        await _one(seedling, work, tally)
    await work.write()
    return tally


async def _one(seedling: Seedling, work: UnitOfWork, tally: Tally) -> None:
    if await work[seedling.holds].find(seedling.id) is not None:
        tally.there += 1
        return
    try:
        await seedling.plant(Batch(work))
    except Problem as problem:
        work.drop()
        tally.refused.append(f"{problem.code}: {problem}")
    else:
        work.keep()
        tally.new += 1


def _wanted(batch: list[Seedling]) -> Mapping[type[Any], set[str]]:
    wanted: defaultdict[type[Any], set[str]] = defaultdict(set)
    for seedling in batch:
        wanted[seedling.holds].add(seedling.id)
        for holds, ids in seedling.needs.items():
            wanted[holds].update(ids)
    return wanted
