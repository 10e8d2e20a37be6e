"""How credits are kept: one document a group; read in bulk when a draw is frozen."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from services.stalls.credits.domain import CreditAccount, Entry, Kind, account_id
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import NOWHERE
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope

AT_ONCE = 1000


class CreditDocument(Document[CreditAccount]):
    holds = CreditAccount
    collection = "credits"

    @staticmethod
    def of(state: CreditAccount) -> Doc:
        return {"group": state.group, "entries": [_kept(entry) for entry in state.entries]}

    @staticmethod
    def state(doc: Doc) -> CreditAccount:
        entries = tuple(_entry(kept) for kept in doc["entries"])
        return CreditAccount(id=doc["_id"], tenant=doc["tenant"], group=doc["group"], entries=entries)

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """A group its own; of which groups an officer may know stands in `commands.read`."""
        if scope.role in OWN_GROUPS:
            return {"group": {"$in": sorted(scope.groups)}}
        return {} if scope.role in OFFICERS or scope.role is Role.ADMIN else NOWHERE


def _kept(entry: Entry) -> Doc:
    return {"id": entry.id, "on": entry.on.isoformat(), "credits": entry.credits, "kind": entry.kind.value}


def _entry(kept: Doc) -> Entry:
    return Entry(
        id=kept["id"], on=date.fromisoformat(kept["on"]), credits=kept["credits"], kind=Kind(kept.get("kind", "stall"))
    )


async def accounts_of(database: Database, tenant: str, groups: Sequence[str]) -> dict[str, CreditAccount]:
    """Those of these groups that ever had a stall, by group."""
    found: dict[str, CreditAccount] = {}
    waiting = iter(sorted(set(groups)))
    rows = database.collection(CreditDocument.collection)
    while some := [account_id(tenant, group) for group in islice(waiting, AT_ONCE)]:
        async for doc in rows.find({"_id": {"$in": some}, "tenant": tenant}, {"requests": 0, "outbox": 0}):
            found[doc["group"]] = CreditDocument.load(doc)
    return found
