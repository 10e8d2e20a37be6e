"""How allotments are kept and found."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.stalls.allotments.domain import Allotment, AllotmentFilters, Position, Seat, Standby, Status
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.mongo import Database
from shared.outbox import insert_all
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What stands in an allotment, for who compares many. `due`: something of it is still to be done."""

    ticket: str
    status: Status
    seat: tuple[int, int] | None
    due: bool

    @property
    def live(self) -> tuple[int, int] | None:
        """Event and stall that are hers now."""
        return self.seat if self.status in {Status.ALLOTTED, Status.CONFIRMED} else None


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
        (("call", 1), ("ticket", 1)),
    )

    @staticmethod
    def of(state: Allotment) -> Doc:
        plain = {name: getattr(state, name) for name in PLAIN}
        positions = [{"event": one.event, "position": one.position} for one in state.positions]
        seat = _kept(state.seat) if state.seat else None
        before = [_kept(one) for one in state.before]
        standby = {"event": state.standby.event, "day": state.standby.day.isoformat()} if state.standby else None
        changed = {"before": before, "standby": standby}
        return {**plain, **changed, "status": state.status.value, "seat": seat, "positions": positions}

    @staticmethod
    def state(doc: Doc) -> Allotment:
        plain: dict[str, Any] = {name: doc[name] for name in PLAIN}
        return Allotment(
            id=doc["_id"],
            tenant=doc["tenant"],
            status=Status(doc["status"]),
            seat=_seat(doc["seat"]) if doc["seat"] else None,
            positions=tuple(Position(**one) for one in doc["positions"]),
            before=tuple(_seat(one) for one in doc.get("before", ())),
            standby=_standby(doc.get("standby")),
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


def _standby(kept: Doc | None) -> Standby | None:
    return Standby(event=kept["event"], day=date.fromisoformat(kept["day"])) if kept else None


async def found(database: Database, filters: AllotmentFilters, scope: Scope, paging: Paging) -> Page[Allotment]:
    """Raises BadCursor."""
    asked = {"group": filters.group, "call": filters.call, "status": filters.status}
    where = {field: value for field, value in asked.items() if value is not None}
    return await page(database, AllotmentDocument, scope, paging, where=where)


async def make(database: Database, made: Sequence[Decision[Allotment]]) -> int:
    return await insert_all(database, AllotmentDocument, made)


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


SHOWN = {"ticket": 1, "status": 1, "seat": 1, "due_at": 1}


async def seats_of(database: Database, call: str) -> AsyncIterator[Held]:
    """Of every allotment of a call."""
    async for doc in database.collection(AllotmentDocument.collection).find({"call": call}, SHOWN):
        yield _held(doc)


async def seats_of_tickets(database: Database, call: str, tickets: Sequence[str]) -> dict[str, Held]:
    wanted = {"call": call, "ticket": {"$in": list(tickets)}}
    rows = database.collection(AllotmentDocument.collection).find(wanted, SHOWN)
    return {doc["ticket"]: _held(doc) async for doc in rows}


def _held(doc: Doc) -> Held:
    seat = (doc["seat"]["event"], doc["seat"]["stall"]) if doc["seat"] else None
    return Held(ticket=doc["ticket"], status=Status(doc["status"]), seat=seat, due=doc["due_at"] is not None)
