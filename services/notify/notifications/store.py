"""How notifications are kept: one row for each event, recipient and channel, with its facts still to be told."""

from datetime import datetime

from services.notify.notifications.domain import Notification, Status
from services.notify.templates.domain import ORDER
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import WHOLE_STATE
from shared.reads import Page, Paging, page
from shared.scope import OWN_GROUPS, Scope

NEWEST_FIRST = (("created_at", -1), ("_id", -1))
EARLIEST_FIRST = [("created_at", 1), ("_id", 1)]
WHOSE = {"tenant": 1, "about": 1, "order_id": 1, "recipient": 1, "trace": 1}

Line = tuple[str, str, str]
"""State, what it is about, recipient: whose messages go out one after the other."""
Due = tuple[str, str | None]
"""A row's id, and the trace of its last write."""


class NotificationDocument(Document[Notification]):
    holds = Notification
    collection = "notifications"
    topic = "notify.notifications"
    due = "due_at"
    schema = 2
    indexes = (NEWEST_FIRST, (("recipient", 1), *NEWEST_FIRST), (("about", 1),), (("order_id", 1),))

    @staticmethod
    def of(row: Notification) -> Doc:
        return {**{name: getattr(row, name) for name in KEPT}, "status": row.status.value}

    @staticmethod
    def state(doc: Doc) -> Notification:
        kept = {name: doc[name] for name in PLAIN}
        return Notification(id=doc["_id"], status=Status(doc["status"]), **kept)

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 knew orders only. Its rows may wait in one line with newer ones, so lines are read by both names."""
        return {**doc, "kind": ORDER, "about": doc["order_id"]}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """One's own, one's groups'; for the offices of the state all of it: nobody here knows where she lives."""
        if scope.role in WHOLE_STATE:
            return {}
        if scope.role in OWN_GROUPS:
            return {"recipient": {"$in": sorted({scope.party, *scope.groups})}}
        return {"recipient": scope.party}


PLAIN = tuple(name for name in Notification.__dataclass_fields__ if name not in ("id", "status"))
KEPT = tuple(name for name in PLAIN if name != "tenant")  # one by one: asdict copies deep, at half the cost of a row


async def listed(
    database: Database, scope: Scope, paging: Paging, party: str | None, status: Status | None
) -> Page[Notification]:
    """What the scope sees, newest first. Raises BadCursor."""
    where = {"recipient": party} if party else {}
    if status:
        where["status"] = status.value
    return await page(database, NotificationDocument, scope, paging, where=where, sort="created_at", direction=-1)


async def due(database: Database, now: datetime, limit: int) -> list[Due]:
    """At most `limit` rows of all states that may be claimed now, by `due_at`; of a line of messages only the first.

    Read on, `limit` at a time, past those that wait for an earlier message: it was postponed, so it is due after them.
    A row that waits is not given up when its time is over: it is free, and then given up, once its first has ended,
    which is at the latest when the time of that one is over.
    """
    free: list[Due] = []
    rows = database.collection(NotificationDocument.collection)
    async with rows.find({"due_at": {"$lte": now}}, WHOSE).sort("due_at").batch_size(limit) as found:
        while len(free) < limit and (chunk := await found.to_list(limit)):
            first = await firsts(database, chunk)
            free += [(doc["_id"], doc.get("trace")) for doc in chunk if first.get(line_of(doc)) == doc["_id"]]
    return free[:limit]


async def stuck(database: Database, before: datetime) -> list[str]:
    """Ids of rows that somebody is sending whose lease ran out before that time."""
    wanted = {"due_at": {"$lt": before}, "status": Status.SENDING.value}
    rows = database.collection(NotificationDocument.collection).find(wanted, {"_id": 1})
    return [doc["_id"] async for doc in rows]


async def firsts(database: Database, chunk: list[Doc]) -> dict[Line, str]:
    """The earliest row still to be sent of every line these rows stand in."""
    tenants, subjects, _ = zip(*map(line_of, chunk), strict=True)
    still = {"tenant": {"$in": sorted(set(tenants))}, "due_at": {"$ne": None}}
    either = [{**still, name: {"$in": sorted(set(subjects))}} for name in ("about", "order_id")]
    rows = database.collection(NotificationDocument.collection)
    waiting = await rows.find({"$or": either}, WHOSE).sort(EARLIEST_FIRST).to_list()
    return {line_of(doc): doc["_id"] for doc in reversed(waiting)}


def line_of(doc: Doc) -> Line:
    return doc["tenant"], doc.get("about") or doc["order_id"], doc["recipient"]
