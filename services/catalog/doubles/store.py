"""How cases are kept and found."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import fields
from typing import Any

from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters, Verdict
from services.catalog.groups.domain import Group
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.outbox import Stored, insert_all
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import Scope

PLACES = {"districts": "district", "blocks": "block", "local_bodies": "local_body"}
OTHERWISE = {"id", "tenant", "groups", *PLACES, "reasons", "status", "before"}
PLAIN = tuple(one.name for one in fields(Double) if one.name not in OTHERWISE)
BEST_FIRST = (("status", 1), ("score", -1), ("_id", -1))


class DoubleDocument(Document[Double]):
    holds = Double
    collection = "doubles"
    due = "due_at"
    indexes = (
        BEST_FIRST,
        (("district", 1), *BEST_FIRST),
        (("block", 1), *BEST_FIRST),
        (("local_body", 1), *BEST_FIRST),
        (("groups", 1),),
        (("covered_by", 1),),
    )

    @staticmethod
    def of(state: Double) -> Doc:
        kept = {name: getattr(state, name) for name in PLAIN}
        several = {"groups": list(state.groups), "reasons": list(state.reasons)}
        places = {field: list(getattr(state, name)) for name, field in PLACES.items()}
        return {**kept, **several, **places, "status": state.status.value, "before": _row(state.before)}

    @staticmethod
    def state(doc: Doc) -> Double:
        one, other = doc["groups"]
        places: dict[str, Any] = {name: _codes(doc[field]) for name, field in PLACES.items()}
        return Double(
            id=doc["_id"],
            tenant=doc["tenant"],
            groups=(one, other),
            **places,
            reasons=tuple(doc["reasons"]),
            status=CaseStatus(doc["status"]),
            before=_verdict(doc["before"]),
            **{name: doc[name] for name in PLAIN},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """Of the officer's area: where one of the two lies. What she may read of the other is decided at reading."""
        return within(scope)


def _codes(kept: list[str] | str | None) -> tuple[str, ...]:
    """An earlier release knew one block or town a case."""
    return tuple(kept) if isinstance(kept, list) else (kept,) if kept else ()


def _row(verdict: Verdict) -> Doc:
    return {**{one.name: getattr(verdict, one.name) for one in fields(Verdict)}, "status": verdict.status.value}


def _verdict(kept: Doc | str) -> Verdict:
    """An earlier release kept its status alone."""
    row: Doc = {"status": kept} if isinstance(kept, str) else kept
    return Verdict(**{**row, "status": CaseStatus(row["status"])})


def where(filters: DoubleFilters) -> Doc:
    asked = {field: getattr(filters, field) for field in PLACES.values()} | {"groups": filters.group}
    narrowed = {field: value for field, value in asked.items() if value is not None}
    waits = {} if filters.status is CaseStatus.MERGED else {"covered_by": None}
    least = {"score": {"$gte": filters.min_score}} if filters.min_score else {}
    return {"status": filters.status.value, **waits, **narrowed, **least}


async def found(database: Database, filters: DoubleFilters, scope: Scope, paging: Paging) -> Page[Double]:
    """The best first. Raises BadCursor."""
    return await page(database, DoubleDocument, scope, paging, where=where(filters), sort="score", direction=-1)


async def added(database: Database, cases: Sequence[Decision[Double]]) -> int:
    """How many were not there."""
    return await insert_all(database, DoubleDocument, cases)


def cases_of(database: Database) -> Aggregates[Double]:
    return Stored(database, DoubleDocument)


async def known(database: Database, tenant: str, groups: Iterable[str]) -> list[Double]:
    """All cases of any of these groups."""
    return [case async for case in _cases(database, {"tenant": tenant, "groups": {"$in": sorted(groups)}})]


async def waiting(database: Database, tenant: str, groups: Sequence[str]) -> list[Double]:
    """Undecided cases both of whose groups are among these."""
    there = {"tenant": tenant, "groups": {"$in": list(groups)}, "status": {"$ne": CaseStatus.MERGED.value}}
    return [case async for case in _cases(database, there) if set(case.groups) <= set(groups)]


async def kept_apart(database: Database, one: Group, other: Group) -> list[Double]:
    """Of any record of the one with any of the other."""
    between = {"tenant": one.tenant, "groups": {"$in": sorted(one.ids)}, "status": CaseStatus.APART.value}
    return [case async for case in _cases(database, between) if (other.ids - one.ids).intersection(case.groups)]


async def covered(database: Database, tenant: str, by: str, groups: Sequence[str]) -> list[Double]:
    """What was settled by that case, or of one of these groups by any other."""
    settled: list[Doc] = [{"covered_by": by}, {"groups": {"$in": list(groups)}, "covered_by": {"$ne": None}}]
    return [case async for case in _cases(database, {"tenant": tenant, "$or": settled})]


async def _cases(database: Database, there: Doc) -> AsyncIterator[Double]:
    async for doc in database.collection(DoubleDocument.collection).find(there, {"requests": 0}):
        yield DoubleDocument.load(doc)
