"""How cases are kept and found."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import fields

from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.outbox import Stored, insert_all
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import Scope

OTHERWISE = {"id", "tenant", "groups", "districts", "reasons", "status", "before"}
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
        several = {"groups": list(state.groups), "district": list(state.districts), "reasons": list(state.reasons)}
        return {**kept, **several, "status": state.status.value, "before": state.before.value}

    @staticmethod
    def state(doc: Doc) -> Double:
        one, other = doc["groups"]
        return Double(
            id=doc["_id"],
            tenant=doc["tenant"],
            groups=(one, other),
            districts=tuple(doc["district"]),
            reasons=tuple(doc["reasons"]),
            status=CaseStatus(doc["status"]),
            before=CaseStatus(doc["before"]),
            **{name: doc[name] for name in PLAIN},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """Of the officer's area: a town that two districts name is in both."""
        return within(scope)


def where(filters: DoubleFilters) -> Doc:
    asked = {"district": filters.district, "block": filters.block, "local_body": filters.local_body}
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


async def known(database: Database, ids: Sequence[str]) -> dict[str, Double]:
    return {case.id: case async for case in _cases(database, {"_id": {"$in": list(ids)}})}


async def waiting(database: Database, tenant: str, groups: Sequence[str]) -> list[Double]:
    """Undecided cases both of whose groups are among these."""
    there = {"tenant": tenant, "groups": {"$in": list(groups)}, "status": {"$ne": CaseStatus.MERGED.value}}
    return [case async for case in _cases(database, there) if set(case.groups) <= set(groups)]


async def covered(database: Database, tenant: str, by: str) -> list[Double]:
    return [case async for case in _cases(database, {"tenant": tenant, "covered_by": by})]


async def _cases(database: Database, there: Doc) -> AsyncIterator[Double]:
    async for doc in database.collection(DoubleDocument.collection).find(there, {"requests": 0}):
        yield DoubleDocument.load(doc)
