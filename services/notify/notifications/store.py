"""How notifications are kept: one row for each event, recipient and channel, with its facts still to be told."""

from datetime import datetime

from services.notify.notifications.domain import Notification, Status
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.reads import Page, Paging, page
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope

NEWEST_FIRST = (("created_at", -1), ("_id", -1))
EARLIEST_FIRST = [("created_at", 1), ("_id", 1)]
WHOSE = {"tenant": 1, "order_id": 1, "recipient": 1}


class NotificationDocument(Document[Notification]):
    holds = Notification
    collection = "notifications"
    topic = "notify.notifications"
    due = "due_at"
    indexes = (NEWEST_FIRST, (("recipient", 1), *NEWEST_FIRST), (("order_id", 1),))

    @staticmethod
    def of(row: Notification) -> Doc:
        return {**{name: getattr(row, name) for name in KEPT}, "status": row.status.value}

    @staticmethod
    def state(doc: Doc) -> Notification:
        kept = {name: doc[name] for name in PLAIN}
        return Notification(id=doc["_id"], status=Status(doc["status"]), **kept)

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """One's own, one's groups', for officers all of the state."""
        if scope.role in OFFICERS or scope.role is Role.ADMIN:
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


async def due_ids(database: Database, now: datetime, limit: int) -> list[str]:
    """What waits longest for the sender, of all states; of one order's messages to one party only the earliest."""
    rows = database.collection(NotificationDocument.collection)
    due = await rows.find({"due_at": {"$lte": now}}, WHOSE).sort("due_at").limit(limit).to_list()
    orders = {"tenant": {"$in": distinct(due, "tenant")}, "order_id": {"$in": distinct(due, "order_id")}}
    waiting = rows.find({**orders, "due_at": {"$ne": None}}, WHOSE).sort(EARLIEST_FIRST)
    first: dict[tuple[str, str], str] = {}
    for doc in await waiting.to_list() if due else []:
        first.setdefault((doc["order_id"], doc["recipient"]), doc["_id"])
    return [doc["_id"] for doc in due if first.get((doc["order_id"], doc["recipient"])) == doc["_id"]]


def distinct(docs: list[Doc], field: str) -> list[str]:
    return sorted({doc[field] for doc in docs})
