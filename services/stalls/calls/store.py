"""How calls are kept and found."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.stalls.calls.domain import OFFICE_NAMES, Call, CallEvent, CallFilters, CallParty, Status, note
from services.stalls.draw.log import TIMER, Entry
from services.stalls.draw.plan import Line
from services.stalls.offers.domain import Eligibility
from services.stalls.venues.domain import read_reasons
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.mongo import Database
from shared.reads import Page, Paging, page
from shared.scope import Scope

LAST_CLOSING_FIRST = (("closes_at", -1), ("_id", -1))
OFFICE = ("tenant", "district", "block", "opened_by")
TERMS = ("opens_at", "closes_at", "public_source", "public_round", "public_at")
VALUE = ("closing_by", "public_value", "public_value_at", "value_round", "named_by")
FOUND = ("applications", "inputs_digest", "plan_digest", "rules_digest")
DRAWN = ("seed", "outcome_digest", "allotted", "waitlisted", "told", "due_at", "closed_at", "drawn_at")
PLAIN = (*OFFICE, *TERMS, *VALUE, *FOUND, *DRAWN)
SETS = ("programmes", "districts", "categories")


class CallDocument(Document[Call]):
    holds = Call
    collection = "calls"
    topic = "stalls.calls"
    schema = 2
    due = "due_at"
    indexes = (LAST_CLOSING_FIRST, (("district", 1), *LAST_CLOSING_FIRST), (("status", 1), *LAST_CLOSING_FIRST))

    @staticmethod
    def of(state: Call) -> Doc:
        return {
            **{name: getattr(state, name) for name in PLAIN if name != "tenant"},
            "names": state.names.kept(),
            "status": state.status.value,
            "events": [_kept(event) for event in state.events],
            "parties": [_kept_party(party) for party in state.parties],
            "log": [asdict(entry) for entry in state.log],
            "eligibility": {name: sorted(getattr(state.eligibility, name)) for name in SETS},
        }

    @staticmethod
    def state(doc: Doc) -> Call:
        return Call(
            id=doc["_id"],
            names=Localized(**doc["names"]),
            status=Status(doc["status"]),
            events=tuple(_event(kept) for kept in doc["events"]),
            parties=tuple(CallParty(**{**kept, "names": Localized(**kept["names"])}) for kept in doc["parties"]),
            log=tuple(Entry(**kept) for kept in doc["log"]),
            eligibility=Eligibility(**{name: frozenset(doc["eligibility"][name]) for name in SETS}),
            **{name: doc[name] for name in PLAIN},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: where groups may apply is public."""
        return {}

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 knew one party, the office itself, and kept no log: what went before stands in it as the timer's."""
        office = {"names": OFFICE_NAMES.kept(), "commitment": doc["commitment"], "nonce": doc["nonce"]}
        new: Doc = dict.fromkeys(("public_round", "value_round", "named_by"))
        call = cls.state({**doc, **new, "closing_by": TIMER, "parties": [office], "log": []})
        return {**doc, **cls.of(note(call, call.opens_at, "opened", TIMER, call.announced))}


def _kept_party(party: CallParty) -> Doc:
    return {"names": party.names.kept(), "commitment": party.commitment, "nonce": party.nonce}


def _kept(event: CallEvent) -> Doc:
    return {
        **{name: getattr(event, name) for name in ("number", "venue", "district", "block", "stalls")},
        "venue_name": event.venue_name.kept(),
        "days": [day.isoformat() for day in event.days],
        "lines": [_kept_line(line) for line in event.lines],
        "caps": dict(event.caps),
        "struck": None if event.struck is None else [reason.kept() for reason in event.struck],
    }


def _event(kept: Doc) -> CallEvent:
    read = {
        "venue_name": Localized(**kept["venue_name"]),
        "days": tuple(date.fromisoformat(day) for day in kept["days"]),
        "lines": tuple(_line(line) for line in kept["lines"]),
        "struck": None if kept["struck"] is None else read_reasons(kept["struck"]),
    }
    return CallEvent(**{**kept, **read})


def _kept_line(line: Line) -> Doc:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(line).items()}


def _line(kept: Doc) -> Line:
    read: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return Line(**read)


def where(filters: CallFilters, now: datetime) -> Doc:
    asked: Doc = {"district": filters.district} if filters.district else {}
    if filters.status is Status.ANNOUNCED:
        return {**asked, "status": Status.OPEN.value, "opens_at": {"$gt": now}}
    if filters.status is Status.OPEN:
        return {**asked, "status": Status.OPEN.value, "opens_at": {"$lte": now}}
    return {**asked, "status": filters.status.value} if filters.status else asked


async def found(database: Database, filters: CallFilters, scope: Scope, paging: Paging, now: datetime) -> Page[Call]:
    """The last to close first. Raises BadCursor."""
    asked = where(filters, now)
    return await page(database, CallDocument, scope, paging, where=asked, sort="closes_at", direction=-1)


async def coming(database: Database, today: date) -> list[str]:
    """Ids of the calls of every tenant whose last day is today or later."""
    rows = database.collection(CallDocument.collection).find({"events.days": {"$gte": today.isoformat()}}, {"_id": 1})
    return [str(doc["_id"]) async for doc in rows]
