"""State and facts in one write. The same commands run on a request (`Stored`) and on a batch of events (`Batch`)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from pymongo.errors import DuplicateKeyError

from shared import answer, clock, faults, trace
from shared.audit import acts
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.errors import AlreadyExists, EventTooLarge, KeyReused, NotFound, Problem, TooManyUnsent, VersionMismatch
from shared.events import Fact
from shared.finds import Finds
from shared.inserts import Inserts
from shared.mongo import Database
from shared.scope import Caller, Scope
from shared.tracing.writing import writes
from shared.updates import Change, Updates

T = TypeVar("T")

INSERTED_AT_ONCE = 500  # four such commands at once wrote a fifth more than one of 2,000
MOST_UNSENT = 64  # more means that the relay stands still: say so rather than grow the document
LARGEST_FACT_BYTES = 256 * 1024  # the broker refuses 1 MiB batches; one refused fact would stop the relay for good


class Entry(Generic[T]):
    """One document as read (None: new) and what was decided since."""

    __slots__ = ("before", "facts", "kind", "seen", "state", "trace", "traces")

    def __init__(self, kind: type[Document[T]], before: Doc | None, state: T | None) -> None:
        self.kind = kind
        self.before = before
        self.state = state
        self.facts: tuple[Fact, ...] = ()
        self.traces: tuple[str | None, ...] = ()
        self.trace: str | None = None
        self.seen: dict[str, list[int]] = dict(before["seen"]) if before else {}

    def copy(self) -> "Entry[T]":
        twin: Entry[T] = Entry(self.kind, self.before, self.state)
        twin.facts, twin.traces, twin.trace, twin.seen = self.facts, self.traces, self.trace, dict(self.seen)
        return twin

    def decided(self, decision: Decision[T]) -> None:
        self.state = decision.state
        kept = -1 if self.kind.newest_fact_only else 0
        self.facts = (*self.facts, *decision.facts)[kept:]
        self.trace = trace.current.get()
        self.traces = (*self.traces, *(self.trace for _ in decision.facts))[kept:]

    @property
    def decided_state(self) -> Any:
        """The state there is to write; an absent document has none."""
        if self.state is None:
            raise TypeError(self.kind)
        return self.state

    @property
    def changed(self) -> bool:
        if self.before is None:
            return self.state is not None
        return bool(self.facts) or self.seen != self.before["seen"] or self.kind.load(self.before) != self.state


def told(
    fact: Fact, subject: str, tenant: str, place: tuple[int, int], at: datetime, of_trace: str | None = None
) -> Doc:
    """A fact as it waits in the outbox; `data` is the JSON the relay sends as it stands. Raises EventTooLarge."""
    data = fact.model_dump_json(exclude_none=True)
    if (size := len(data.encode())) > LARGEST_FACT_BYTES:
        raise EventTooLarge(size=size, limit=LARGEST_FACT_BYTES)
    id_ = f"{subject}:{place[0]}:{place[1]}"
    name = {"type": fact.type(), "name": fact.name, "major": fact.major}
    return {
        "id": id_,
        "sequence": place[1],
        **name,
        "tenant": tenant,
        "time": at,
        "trace": of_trace,
        "data": data,
    }


def facts_of(entry: Entry[Any], incarnation: int) -> list[Doc]:
    before, state = entry.before, entry.decided_state
    if not entry.facts:
        return []
    at = clock.now()
    first = (before["sequence"] if before else 0) + 1
    if before and len(before["outbox"]) + len(entry.facts) > MOST_UNSENT:
        raise TooManyUnsent(what=entry.kind.collection)
    facts = enumerate(zip(entry.facts, entry.traces, strict=True), first)
    return [told(fact, state.id, state.tenant, (incarnation, n), at, of) for n, (fact, of) in facts]


def acts_of(entry: Entry[Any], caller: Caller | None) -> list[Doc]:
    """What the audit log keeps of this write; it waits in the document for the relay. Raises TooManyUnsent."""
    if caller is None or not acts.is_privileged(caller.scope.role):
        return []
    if entry.before and len(entry.before.get(acts.FIELD, ())) >= MOST_UNSENT:
        raise TooManyUnsent(what=entry.kind.collection)
    return [acts.act_of(caller, entry.kind.collection, entry.decided_state.id)]


def traced(entry: Entry[Any]) -> Doc:
    """Who finds the document later, such as a timer, knows in which trace it was written."""
    return {"trace": entry.trace} if entry.trace else {}


def request_row(caller: Caller, state: Doc, version: int) -> Doc:
    return {"party": caller.scope.party, "key": caller.key, "body": caller.body, "version": version, "answer": state}


def new_document(entry: Entry[Any], incarnation: int, caller: Caller | None) -> Doc:
    """The document of an aggregate that is not there yet, with its first facts."""
    kind, state = entry.kind, entry.decided_state
    kept, facts = kind.of(state), facts_of(entry, incarnation)
    envelope = {"_id": state.id, "tenant": state.tenant, "schema": kind.schema, "version": 1, "sequence": len(facts)}
    requests = [request_row(caller, kept, 1)] if caller else []
    audit = {acts.FIELD: kept_acts} if (kept_acts := acts_of(entry, caller)) else {}
    return {**envelope, **kept, "seen": entry.seen, "requests": requests, "outbox": facts, **audit, **traced(entry)}


def update(entry: Entry[Any], incarnation: int, caller: Caller | None) -> Change:
    """State and facts in one write, only if nobody wrote in between."""
    doc, kind = entry.before, entry.kind
    if doc is None:
        raise TypeError(kind)
    kept, facts, version = kind.of(entry.state), facts_of(entry, incarnation), doc["version"] + 1
    ahead = {"schema": kind.schema, "version": version, "sequence": doc["sequence"] + len(facts), "seen": entry.seen}
    push: Doc = {}
    if facts:
        push["outbox"] = {"$each": facts}
    if kept_acts := acts_of(entry, caller):
        push[acts.FIELD] = {"$each": kept_acts}
    request = request_row(caller, kept, version) if caller else None
    return Change(doc["_id"], doc["version"], {**kept, **ahead, **traced(entry)}, push, request)


def answered(kind: type[Document[T]], doc: Doc, caller: Caller) -> T | None:
    """The stored answer of this very request, marked as replayed; None when it was not answered before."""
    for request in doc["requests"]:
        if (request["party"], request["key"]) == (caller.scope.party, caller.key):
            if request["body"] != caller.body:
                raise KeyReused
            answer.shows(request["version"], replayed=True)
            return kind.load({**doc, **request["answer"]})
    return None


async def insert_all(database: Database, kind: type[Document[T]], decisions: Sequence[Decision[T]]) -> int:
    """Creates nobody asked for by name, in few commands; what is there already is left as it is. How many were new.

    Each document is written whole with its facts or not at all, so a repeat after a crash adds what is missing. Raises
    whatever kept a document away for another reason; the rest is written.
    """
    some = [decisions[at : at + INSERTED_AT_ONCE] for at in range(0, len(decisions), INSERTED_AT_ONCE)]
    return sum(await asyncio.gather(*(_insert_all(database, kind, one) for one in some)))


async def _insert_all(database: Database, kind: type[Document[T]], decisions: Sequence[Decision[T]]) -> int:
    docs = []
    for decision in decisions:
        entry: Entry[T] = Entry(kind, None, None)
        entry.decided(decision)
        docs.append(new_document(entry, database.incarnation, None))
    faults.point("write.before_insert")
    refused = await Inserts(database.collection(kind.collection)).all(docs)
    faults.point("write.after_insert")
    for refusal in refused.values():
        if not isinstance(refusal, DuplicateKeyError):
            raise refusal
    return len(docs) - len(refused)


class Stored(Generic[T]):
    """One request, one write; whoever comes second decides again on what the first left."""

    def __init__(self, database: Database, kind: type[Document[T]]) -> None:
        self.database, self.kind = database, kind
        self.collection = database.collection(kind.collection)
        self.finds, self.inserts = Finds(self.collection), Inserts(self.collection)
        self.updates = Updates(self.collection)

    async def get(self, id_: str, scope: Scope | None = None) -> T:
        doc = await self._doc(id_, scope)
        answer.shows(doc["version"])
        return self.kind.load(doc)

    async def find(self, id_: str) -> T | None:
        doc = await self.finds.find(id_)
        return self.kind.load(doc) if doc else None

    @writes("create")
    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None = None) -> T:
        try:
            return await self._insert(await decide(), caller)
        except DuplicateKeyError:
            return await self._first_answer(id_, decide, caller)
        except Problem:
            doc = await self.collection.find_one({"_id": id_}) if caller else None
            before = answered(self.kind, doc, caller) if caller and doc else None
            if caller and before is not None and await self._is_kept(id_, caller):
                return before
            raise

    @writes("change")
    async def change(self, id_: str, decide: Callable[[T], Decision[T]], caller: Caller | None = None) -> T:
        while True:
            doc = await self._doc(id_, caller.scope if caller else None)
            if caller and (before := answered(self.kind, doc, caller)) is not None:
                if await self._is_kept(id_, caller):
                    return before
                continue
            if caller and caller.if_match not in (None, doc["version"]):
                raise VersionMismatch(version=doc["version"])
            before_it = self.kind.load(doc)
            entry = Entry(self.kind, doc, before_it)
            entry.decided(decide(before_it))
            writes = entry.changed or caller is not None  # the request is remembered even where it changed nothing
            if not writes or await self._written(entry, caller):
                answer.shows(doc["version"] + writes)
                state: T = entry.decided_state
                return state

    async def _insert(self, decision: Decision[T], caller: Caller | None) -> T:
        entry: Entry[T] = Entry(self.kind, None, None)
        entry.decided(decision)
        faults.point("write.before_insert")
        await self.inserts.insert(new_document(entry, self.database.incarnation, caller))
        faults.point("write.after_insert")
        answer.shows(1)
        return decision.state

    async def _first_answer(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None) -> T:
        doc = await self._doc(id_, None)
        if caller and (before := answered(self.kind, doc, caller)) is not None:
            return before if await self._is_kept(id_, caller) else await self.create(id_, decide, caller)
        raise AlreadyExists(what=self.kind.collection, id=id_)

    async def _is_kept(self, id_: str, caller: Caller) -> bool:
        """Return when the answer that was read is durable; false: a failover took it back, so it is decided again.

        A read shows what this server alone may have. A write that changes nothing is acknowledged when all before it
        is; it names the request because the client repeats a write at the next primary.
        """
        answered_there = {"requests": {"$elemMatch": {"party": caller.scope.party, "key": caller.key}}}
        done = await self.collection.update_one({"_id": id_, **answered_there}, {"$unset": {"never_written": ""}})
        return done.matched_count == 1

    async def _written(self, entry: Entry[T], caller: Caller | None) -> bool:
        faults.point("write.before_update")
        written = await self.updates.update(update(entry, self.database.incarnation, caller))
        faults.point("write.after_update")
        return written

    async def _doc(self, id_: str, scope: Scope | None) -> Doc:
        if scope is None:
            doc = await self.finds.find(id_)
        else:
            seen_by = {"tenant": scope.tenant, "$and": [self.kind.visible(scope)]}
            doc = await self.collection.find_one({"_id": id_, **seen_by})
        if doc is None:
            raise NotFound(what=self.kind.collection, id=id_)
        return dict(doc)
