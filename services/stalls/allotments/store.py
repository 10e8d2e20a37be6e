"""How allotments are kept and found."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from services.stalls.allotments.domain import LEFT, Allotment, AllotmentFilters, Position, Seat, Status
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import OWN_GROUPS, Scope

PLAIN = (
    "call",
    "call_district",
    "call_block",
    "application",
    "group",
    "district",
    "block",
    "ticket",
    "place",
    "through",
    "offered_at",
    "confirm_by",
    "due_at",
)

HOLDING = [Status.ALLOTTED.value, Status.CONFIRMED.value]


class AllotmentDocument(Document[Allotment]):
    holds = Allotment
    collection = "allotments"
    topic = "stalls.allotments"
    due = "due_at"
    indexes = (
        (("group", 1), ("_id", 1)),
        (("call", 1), ("status", 1), ("_id", 1)),
        (("district", 1), ("_id", 1)),
        (("call_district", 1), ("_id", 1)),
    )

    @staticmethod
    def of(state: Allotment) -> Doc:
        plain = {name: getattr(state, name) for name in PLAIN}
        positions = [asdict(one) for one in state.positions]
        seat = _kept(state.seat) if state.seat else None
        return {**plain, "status": state.status.value, "seat": seat, "positions": positions}

    @staticmethod
    def state(doc: Doc) -> Allotment:
        plain: dict[str, Any] = {name: doc[name] for name in PLAIN}
        return Allotment(
            id=doc["_id"],
            tenant=doc["tenant"],
            status=Status(doc["status"]),
            seat=_seat(doc["seat"]) if doc["seat"] else None,
            positions=tuple(Position(**one) for one in doc["positions"]),
            **plain,
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """A group its own; an officer those of the groups and of the calls of her area."""
        if scope.role in OWN_GROUPS:
            return {"group": {"$in": sorted(scope.groups)}}
        of_groups = within(scope)
        of_calls = {f"call_{field}" if field in {"district", "block"} else field: of for field, of in of_groups.items()}
        return {"$or": [of_groups, of_calls]} if of_groups else {}


def _kept(seat: Seat) -> Doc:
    days = [day.isoformat() for day in seat.days]
    return {
        "event": seat.event,
        "venue": seat.venue,
        "venue_name": seat.venue_name.kept(),
        "days": days,
        "stall": seat.stall,
    }


def _seat(kept: Doc) -> Seat:
    days = tuple(date.fromisoformat(day) for day in kept["days"])
    return Seat(**{**kept, "venue_name": Localized(**kept["venue_name"]), "days": days})


async def found(database: Database, filters: AllotmentFilters, scope: Scope, paging: Paging) -> Page[Allotment]:
    """Raises BadCursor."""
    asked = {"group": filters.group, "call": filters.call, "status": filters.status}
    where = {field: value for field, value in asked.items() if value is not None}
    return await page(database, AllotmentDocument, scope, paging, where=where)


async def held_twice(database: Database, calls: Sequence[str]) -> list[str]:
    """Ground, stall and day of which several groups are holders, of these calls."""
    steps: list[Doc] = [
        {"$match": {"call": {"$in": list(calls)}, "status": {"$in": HOLDING}}},
        {"$unwind": "$seat.days"},
        {"$group": {"_id": ["$seat.venue", "$seat.stall", "$seat.days"], "holders": {"$sum": 1}}},
        {"$match": {"holders": {"$gt": 1}}},
    ]
    found = await database.collection(AllotmentDocument.collection).aggregate(steps)
    return [" ".join(map(str, doc["_id"])) async for doc in found]


async def left_the_line(database: Database, tenant: str, call: str) -> set[str]:
    """Tickets that want nothing more of this call."""
    wanted = {"tenant": tenant, "call": call, "status": {"$in": sorted(LEFT)}}
    rows = database.collection(AllotmentDocument.collection).find(wanted, {"ticket": 1})
    return {doc["ticket"] async for doc in rows}
