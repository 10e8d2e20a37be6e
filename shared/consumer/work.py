"""The unit of work of one batch: documents loaded at once, decided in memory in order, written in one bulk each."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from pymongo import InsertOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from shared import faults
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.documents import Doc, Kind
from shared.errors import NotFound
from shared.mongo import Database
from shared.outbox import Entry, new_document, update
from shared.scope import Caller, Scope

T = TypeVar("T")
Place = tuple[type[Any], str]


class WrittenMeanwhileError(RuntimeError):
    """Somebody wrote in between: the transaction is aborted and the batch decided again."""


class UnitOfWork(Work):
    """`keep()` after an event that was applied, `drop()` after one that was refused: an event happens whole or not."""

    def __init__(self, database: Database, kinds: Mapping[type[Any], Kind], session: AsyncClientSession) -> None:
        self.database, self.kinds, self.session = database, kinds, session
        self.kept: dict[Place, Entry[Any]] = {}
        self.staged: dict[Place, Entry[Any]] = {}

    def __getitem__(self, holds: type[T]) -> Aggregates[T]:
        return InBatch(self, holds)

    async def load(self, wanted: Mapping[type[Any], Iterable[str]]) -> None:
        """Fetch what is not here yet, one query a collection."""
        for holds, ids in wanted.items():
            missing = sorted({id_ for id_ in ids if (holds, id_) not in self.kept})
            if missing:
                await self._fetch(holds, missing)

    async def _fetch(self, holds: type[Any], ids: list[str]) -> None:
        kind = self.kinds[holds]
        rows = self.database.collection(kind.collection)
        found = {
            doc["_id"]: doc async for doc in rows.find({"_id": {"$in": ids}}, {"requests": 0}, session=self.session)
        }
        for id_ in ids:
            doc = found.get(id_)
            self.kept[holds, id_] = Entry(kind, doc, kind.load(doc) if doc else None)

    async def entry(self, holds: type[Any], id_: str) -> Entry[Any]:
        """As the event at hand sees it; `state` is None when there is no such document."""
        place = (holds, id_)
        if place not in self.kept:
            await self._fetch(holds, [id_])
        return self.staged.get(place) or self.kept[place]

    async def stage(self, holds: type[Any], id_: str) -> Entry[Any]:
        """A copy to decide on, so that a refusal leaves nothing behind."""
        entry = (await self.entry(holds, id_)).copy()
        self.staged[holds, id_] = entry
        return entry

    def keep(self) -> None:
        self.kept |= self.staged
        self.staged = {}

    def drop(self) -> None:
        self.staged = {}

    async def write(self) -> None:
        """Raises WrittenMeanwhileError when a document is not at the version that was decided on."""
        writes: dict[str, list[InsertOne[Doc] | UpdateOne]] = defaultdict(list)
        for entry in self.kept.values():
            if entry.changed:
                writes[entry.kind.collection].append(self._write(entry))
        for name, operations in writes.items():
            done = await self.database.collection(name).bulk_write(operations, ordered=False, session=self.session)
            if done.inserted_count + done.matched_count != len(operations):
                raise WrittenMeanwhileError(name)
            faults.point("consumer.between_collections")

    def _write(self, entry: Entry[Any]) -> InsertOne[Doc] | UpdateOne:
        if entry.before is None:
            return InsertOne(new_document(entry, self.database.incarnation, None))
        return update(entry, self.database.incarnation, None).operation()


class InBatch(Generic[T]):
    """Aggregates as a batch sees them: what an earlier event of the batch decided is already true."""

    def __init__(self, work: UnitOfWork, holds: type[T]) -> None:
        self.work, self.holds = work, holds

    async def get(self, id_: str, scope: Scope | None = None) -> T:
        state = await self.find(id_)
        if state is None or scope is not None:
            raise NotFound(what=self.work.kinds[self.holds].collection, id=id_)
        return state

    async def find(self, id_: str) -> T | None:
        state: T | None = (await self.work.entry(self.holds, id_)).state
        return state

    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None = None) -> T:
        """What is there already is left as it is: its effect has happened."""
        _of_no_caller(caller)
        there = await self.find(id_)
        if there is not None and not faults.disabled("consumer.duplicates"):
            return there
        decision = await decide()
        (await self.work.stage(self.holds, id_)).decided(decision)
        return decision.state

    async def change(self, id_: str, decide: Callable[[T], Decision[T]], caller: Caller | None = None) -> T:
        _of_no_caller(caller)
        decision = decide(await self.get(id_))
        (await self.work.stage(self.holds, id_)).decided(decision)
        return decision.state


def _of_no_caller(caller: Caller | None) -> None:
    if caller is not None:
        msg = "a batch has no caller"
        raise TypeError(msg)
