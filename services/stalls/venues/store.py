"""How venues are kept and found, and which call has which ground on which day."""

from datetime import date

from services.stalls.permits.domain import Permission
from services.stalls.venues.domain import Facility, Use, Venue, VenueFilters, permission_id
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.mongo import Database
from shared.reads import Page, Paging, page
from shared.scope import Scope


class VenueDocument(Document[Venue]):
    holds = Venue
    collection = "venues"
    topic = "stalls.venues"
    schema = 2
    indexes = ((("district", 1), ("kind", 1), ("_id", 1)),)

    @staticmethod
    def of(state: Venue) -> Doc:
        place = {"district": state.district, "block": state.block, "local_body": state.local_body}
        ground = {"kind": state.kind, "owner": state.owner, "names": state.names.kept(), "stalls": state.stalls}
        facilities = [facility.value for facility in state.facilities]
        return {**ground, **place, "facilities": facilities, "permissions": [_kept(p) for p in state.permissions]}

    @staticmethod
    def state(doc: Doc) -> Venue:
        same = ("tenant", "kind", "owner", "district", "block", "local_body", "stalls")
        rows = enumerate(doc["permissions"])
        return Venue(
            id=doc["_id"],
            names=Localized(**doc["names"]),
            facilities=tuple(Facility(name) for name in doc["facilities"]),
            permissions=tuple(_permission(_upgraded(doc["_id"], number, kept)) for number, kept in rows),
            **{field: doc[field] for field in same},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: where a stall may stand is public."""
        return {}


class UseDocument(Document[Use]):
    holds = Use
    collection = "uses"

    @staticmethod
    def of(state: Use) -> Doc:
        return {
            "venue": state.venue,
            "day": state.day.isoformat(),
            "call": state.call,
            "claimed_at": state.claimed_at,
        }

    @staticmethod
    def state(doc: Doc) -> Use:
        same = ("tenant", "venue", "call", "claimed_at")
        return Use(id=doc["_id"], day=date.fromisoformat(doc["day"]), **{field: doc[field] for field in same})

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: a call says itself which ground it has."""
        return {}


def _upgraded(venue: str, number: int, kept: Doc) -> Doc:
    """Schema 1 knew no kind, id or withdrawal. For each row: a remembered answer may be older than its document."""
    first = {"id": permission_id(venue, number), "kind": "no_objection"}
    return {**first, "withdrawn_at": None, "withdrawn_reason": None, **kept}


def _kept(permission: Permission) -> Doc:
    paper = {"kind": permission.kind, "document": permission.document, "issuer": permission.issuer}
    days = {"valid_from": permission.valid_from.isoformat(), "valid_until": permission.valid_until.isoformat()}
    withdrawn = {"withdrawn_at": permission.withdrawn_at, "withdrawn_reason": permission.withdrawn_reason}
    return {"id": permission.id, **paper, **days, **withdrawn}


def _permission(kept: Doc) -> Permission:
    days = {name: date.fromisoformat(kept[name]) for name in ("valid_from", "valid_until")}
    return Permission(**{**kept, **days})


async def found(database: Database, filters: VenueFilters, scope: Scope, paging: Paging) -> Page[Venue]:
    asked = {"district": filters.district, "kind": filters.kind}
    where = {field: value for field, value in asked.items() if value is not None}
    return await page(database, VenueDocument, scope, paging, where=where)
