"""How applications are kept and found, and how a close takes them: locked, read, sealed."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date
from typing import Any

from pymongo.read_concern import ReadConcern

from services.stalls.applications.domain import Application, ApplicationFilters, Status
from services.stalls.wishes.domain import AnyGround, Wish
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import OWN_GROUPS, Scope

PLACE = ("district", "block", "local_body")
OFFICE = ("call_district", "call_block")
COUNTS = ("revision", "submitted_revision", "locked", "frozen_revision", "late_from", "due_at")
PLAIN = ("tenant", "call", "group", "ticket", "submitted_at", "changed_at", *PLACE, *OFFICE, *COUNTS)
MOST_AT_ONCE = 5_000  # one update of so many takes well under a second; the driver waits 30


class ApplicationDocument(Document[Application]):
    holds = Application
    collection = "applications"
    topic = "stalls.applications"
    schema = 2
    due = "due_at"
    indexes = (
        (("call", 1), ("ticket", 1)),
        (("group", 1), ("_id", 1)),
        (("district", 1), ("_id", 1)),
        (("block", 1), ("_id", 1)),
        (("call_district", 1), ("_id", 1)),
        (("call_block", 1), ("_id", 1)),
    )

    @staticmethod
    def of(state: Application) -> Doc:
        return {
            **{name: getattr(state, name) for name in PLAIN if name != "tenant"},
            "status": state.status.value,
            "asked": _kept(state.asked),
            "choices": list(state.choices),
            "categories": list(state.categories),
        }

    @staticmethod
    def state(doc: Doc) -> Application:
        return Application(
            id=doc["_id"],
            status=Status(doc["status"]),
            asked=_wish(doc["asked"]),
            choices=tuple(doc["choices"]),
            categories=tuple(doc["categories"]),
            **{name: doc[name] for name in PLAIN},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """A group its own; an officer those of the groups and of the calls of her area."""
        if scope.role in OWN_GROUPS:
            return {"group": {"$in": sorted(scope.groups)}}
        of_groups = within(scope)
        of_calls = {f"call_{field}" if field in {"district", "block"} else field: of for field, of in of_groups.items()}
        return {"$or": [of_groups, of_calls]} if of_groups else {}

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 did not keep the office of the call."""
        return {**dict.fromkeys(OFFICE), **doc}


def _kept(wish: Wish) -> Doc:
    return {
        "choices": [choice if isinstance(choice, int) else _kept_any(choice) for choice in wish.choices],
        "products": list(wish.products),
        "tags": sorted(wish.tags),
        "stages": sorted(wish.stages),
        "attending": wish.attending,
        "fssai": wish.fssai,
        "upgrade": wish.upgrade,
    }


def _kept_any(choice: AnyGround) -> Doc:
    day = choice.day.isoformat() if choice.day else None
    return {"district": choice.district, "block": choice.block, "day": day}


def _wish(kept: Doc) -> Wish:
    return Wish(
        choices=tuple(choice if isinstance(choice, int) else _any(choice) for choice in kept["choices"]),
        products=tuple(kept["products"]),
        tags=frozenset(kept["tags"]),
        stages=frozenset(kept["stages"]),
        attending=kept["attending"],
        fssai=kept["fssai"],
        upgrade=kept.get("upgrade", False),
    )


def _any(kept: Doc) -> AnyGround:
    return AnyGround(**{**kept, "day": date.fromisoformat(kept["day"]) if kept["day"] else None})


async def found(database: Database, filters: ApplicationFilters, scope: Scope, paging: Paging) -> Page[Application]:
    asked: dict[str, Any] = {"group": filters.group, "call": filters.call, "status": filters.status}
    where = {name: str(value) for name, value in asked.items() if value is not None}
    return await page(database, ApplicationDocument, scope, paging, where=where)


async def lock(database: Database, tenant: str, call_id: str) -> None:
    """From now on none of what is submitted can change: whoever writes meets another version and decides again."""
    applications, last = database.collection(ApplicationDocument.collection), ""
    while True:
        ahead = {"tenant": tenant, "call": call_id, "ticket": {"$gt": last}}
        some = await applications.find(ahead, {"ticket": 1}).sort("ticket", 1).limit(MOST_AT_ONCE).to_list()
        if not some:
            return
        ahead["ticket"], last = {"$gt": last, "$lte": some[-1]["ticket"]}, some[-1]["ticket"]
        submitted = {**ahead, "status": Status.SUBMITTED.value, "locked": False}
        await applications.update_many(submitted, {"$set": {"locked": True}, "$inc": {"version": 1}})


async def locked(database: Database, tenant: str, call_id: str) -> AsyncIterator[Application]:
    """What takes part, by ticket: only what no failover can take back."""
    applications = database.collection(ApplicationDocument.collection)
    durable = applications.with_options(read_concern=ReadConcern("majority"))
    taken = {"tenant": tenant, "call": call_id, "locked": True, "status": Status.SUBMITTED.value}
    async for doc in durable.find(taken, {"outbox": 0, "requests": 0}).sort("ticket", 1):
        yield ApplicationDocument.load(doc)


async def locked_of(database: Database, tenant: str, call_id: str, groups: Collection[str]) -> list[Application]:
    """What takes part of these groups. As many at once as one query takes: the caller cuts."""
    applications = database.collection(ApplicationDocument.collection)
    durable = applications.with_options(read_concern=ReadConcern("majority"))
    taken = {"tenant": tenant, "call": call_id, "locked": True, "status": Status.SUBMITTED.value}
    found = durable.find({**taken, "group": {"$in": sorted(groups)}}, {"outbox": 0, "requests": 0})
    return [ApplicationDocument.load(doc) async for doc in found]


async def count(database: Database, tenant: str, call_id: str, most: int | None) -> int:
    limited: dict[str, Any] = {} if most is None else {"limit": most}
    wanted = {"tenant": tenant, "call": call_id}
    return await database.collection(ApplicationDocument.collection).count_documents(wanted, **limited)


async def whose(database: Database, tenant: str, call_id: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Ticket and group of these applications of a call, by id."""
    wanted = {"tenant": tenant, "call": call_id, "_id": {"$in": list(ids)}}
    found = database.collection(ApplicationDocument.collection).find(wanted, {"ticket": 1, "group": 1})
    return {doc["_id"]: (doc["ticket"], doc["group"]) async for doc in found}


async def seal(database: Database, tenant: str, call_id: str, tickets: Sequence[str]) -> None:
    """These stand in the frozen inputs as they are; again, it changes nothing."""
    applications = database.collection(ApplicationDocument.collection)
    version = {"$add": ["$version", 1]}
    sealed = [{"$set": {"frozen_revision": "$revision", "due_at": None, "version": version}}]
    for at in range(0, len(tickets), MOST_AT_ONCE):
        some = {"ticket": {"$in": list(tickets[at : at + MOST_AT_ONCE])}, "locked": True, "frozen_revision": None}
        await applications.update_many({"tenant": tenant, "call": call_id, **some}, sealed)
