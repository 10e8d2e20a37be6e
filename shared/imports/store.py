"""How imports are kept: the job, the rows that wait for it, and the bad ones."""

import json
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared import clock
from shared.documents import Doc, Document
from shared.errors import LANGUAGES
from shared.imports.domain import File, Import
from shared.imports.taking import Counts, Run
from shared.inserts import Inserts
from shared.lists.rows import BadRow, Line, Reported, Row
from shared.mongo import Database
from shared.places.area import WHOLE_STATE
from shared.scope import Role, Scope

WAITING, BAD, ORDERS = "import_rows", "import_bad_rows", "import_orders"
ROWS_A_BLOCK = 500
STANDS_STILL_AFTER = timedelta(minutes=5)
SHAPED = frozenset({"id", "tenant", "asked_by", "started_by", "files", "counts", "places"})


class ImportDocument(Document[Import]):
    holds = Import
    collection = "imports"
    schema = 2
    indexes = ((("due_at", 1),), (("asked_by.district", 1), ("_id", 1)), (("asked_by.party", 1), ("_id", 1)))

    @staticmethod
    def of(state: Import) -> Doc:
        plain = {one.name: getattr(state, one.name) for one in fields(Import) if one.name not in SHAPED}
        by = {"asked_by": _who(state.asked_by), "started_by": state.started_by and _who(state.started_by)}
        shaped = {"files": [asdict(file) for file in state.files], "counts": state.counts.shown()}
        return {**plain, **shaped, **by, "places": sorted(state.places)}

    @staticmethod
    def state(doc: Doc) -> Import:
        plain = {one.name: doc[one.name] for one in fields(Import) if one.name not in SHAPED}
        return Import(
            id=doc["_id"],
            tenant=doc["tenant"],
            asked_by=_scope(doc["asked_by"]),
            started_by=_scope(by) if (by := doc["started_by"]) else None,
            files=tuple(File(**file) for file in doc["files"]),
            counts=Counts(**doc["counts"]),
            places=frozenset(doc["places"]),
            **plain,
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 did not know which list is the newer one, nor who started it."""
        return {"order": 0, "started_by": None, "started_at": None, **doc}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """Her own; of her district; of the state for its offices."""
        if scope.role in WHOLE_STATE:
            return {}
        own = [{"asked_by.party": scope.party}]
        if scope.role is Role.DISTRICT_OFFICER and scope.district:
            own.append({"asked_by.district": scope.district})
        return {"$or": own}


def _who(scope: Scope) -> Doc:
    return {**asdict(scope), "groups": []}


def _scope(doc: Doc) -> Scope:
    return Scope(**{**doc, "groups": frozenset(), "role": Role(doc["role"])})


async def due(database: Database, now: datetime) -> list[str]:
    """Imports that a worker may take, the longest due first."""
    wanted = {"due_at": {"$lte": now}, "status": {"$in": ["waiting", "running"]}, "files.0": {"$exists": True}}
    found = database.collection(ImportDocument.collection).find(wanted, {"_id": 1})
    return [str(doc["_id"]) async for doc in found.sort("due_at").limit(10)]


async def still(database: Database) -> list[str]:
    """Imports of what was sent that a worker should move, and that have not moved on for a while.

    A list that a command line reads is moved by whoever typed it, and is none of these.
    """
    long_ago = clock.now() - STANDS_STILL_AFTER
    moving = {"status": {"$in": ["waiting", "running"]}, "files.0": {"$exists": True}}
    waits = {"moved_at": None, "due_at": {"$lte": long_ago}}
    refused = {"refused": {"$ne": None}, "asked_at": {"$lte": long_ago}}
    unmoved = {"$or": [waits, {"moved_at": {"$lte": long_ago}}, refused]}
    found = database.collection(ImportDocument.collection).find({**moving, **unmoved}, {"_id": 1})
    return [str(doc["_id"]) async for doc in found]


async def outdated(database: Database, now: datetime) -> list[str]:
    """Imports that are open or over and whose rows may go, the longest due first."""
    wanted = {"due_at": {"$lte": now}, "status": {"$nin": ["waiting", "running"]}}
    found = database.collection(ImportDocument.collection).find(wanted, {"_id": 1})
    return [str(doc["_id"]) async for doc in found.sort("due_at").limit(10)]


async def next_order(database: Database, tenant: str, programme: str) -> int:
    """From 1; a number more at every call."""
    kept = database.collection(ORDERS)
    wanted, more = {"_id": f"{tenant}:{programme}"}, {"$inc": {"last": 1}}
    doc = await kept.find_one_and_update(wanted, more, upsert=True, return_document=True)
    return int(doc["last"]) if doc else 1


async def keep_waiting(database: Database, import_id: str, file: File, lines: Iterable[Line]) -> tuple[int, int]:
    """The rows of an uploaded file, in blocks, beside those of another file of that name. How many rows and blocks."""
    rows, blocks, block = 0, 0, list[Any]()
    for line in lines:
        block.append(_packed(line))
        rows += 1
        if len(block) == ROWS_A_BLOCK:
            await _keep_block(database, _block_id(import_id, file, blocks), block)
            blocks, block = blocks + 1, []
    if block:
        await _keep_block(database, _block_id(import_id, file, blocks), block)
        blocks += 1
    return rows, blocks


async def _keep_block(database: Database, id_: str, rows: list[Any]) -> None:
    kept = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)
    await database.collection(WAITING).replace_one({"_id": id_}, {"rows": kept}, upsert=True)


def _block_id(import_id: str, file: File, number: int) -> str:
    return f"{_of_file(import_id, file)}:{number:06d}"


def _of_file(import_id: str, file: File) -> str:
    return f"{import_id}:{file.sha256}:{file.name}"


async def waiting(database: Database, job: Import) -> AsyncIterator[list[Line]]:
    """Its rows in the order of files and lines, block by block."""
    collection = database.collection(WAITING)
    for file in job.files:
        for number in range(file.blocks):
            doc = await collection.find_one({"_id": _block_id(job.id, file, number)})
            if doc is None:
                raise LookupError(job.id, file.name, number)
            yield [_unpacked(row) for row in json.loads(zlib.decompress(doc["rows"]))]


async def drop_waiting(database: Database, import_id: str, file: File | None = None) -> None:
    await database.collection(WAITING).delete_many(_below(_of_file(import_id, file) if file else import_id))


async def keep_bad(database: Database, run: Run, bad: Sequence[tuple[int, BadRow]]) -> None:
    """Each once, by its place in the list, counted from 0."""
    refused = await Inserts(database.collection(BAD)).all([_bad(run, at, row) for at, row in bad])
    for refusal in refused.values():
        if not isinstance(refusal, DuplicateKeyError):
            raise refusal


def _bad(run: Run, at: int, row: BadRow) -> Doc:
    said = {language: row.problem.sentence(language) for language in LANGUAGES}
    where = {"file": row.file, "line": row.line, "code": row.problem.code}
    return {"_id": f"{run.mark}:{at:09d}", **where, "said": said, "cells": dict(row.cells)}


async def bad_rows(
    database: Database, job: Import, after: str = "", limit: int = 0
) -> AsyncIterator[tuple[str, BadRow]]:
    """Those of its newest pass in the list's order, each with the id that pages go on from.

    `after` comes from outside: it never leads out of this import.
    """
    wanted = _below(f"{job.id}:{job.number}")
    wanted["_id"]["$gt"] = max(wanted["_id"]["$gt"], after)
    async for doc in database.collection(BAD).find(wanted).sort("_id").limit(limit):
        yield doc["_id"], BadRow(doc["line"], Reported(doc["code"], doc["said"]), doc["cells"], doc["file"])


async def drop_bad(database: Database, import_id: str, number: int) -> None:
    """Of that pass."""
    await database.collection(BAD).delete_many(_below(f"{import_id}:{number}"))


def _below(prefix: str) -> Doc:
    """Ids that begin with this and a colon."""
    return {"_id": {"$gt": f"{prefix}:", "$lt": f"{prefix};"}}


def _packed(line: Line) -> list[Any]:
    if isinstance(line, Row):
        return [line.line, line.file, dict(line.cells)]
    said = {language: line.problem.sentence(language) for language in LANGUAGES}
    return [line.line, line.file, dict(line.cells), line.problem.code, said]


def _unpacked(row: list[Any]) -> Line:
    line, file, cells, *problem = row
    return BadRow(line, Reported(*problem), cells, file) if problem else Row(line, cells, file)
