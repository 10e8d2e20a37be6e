"""How venues are kept and found."""

from datetime import date

from services.stalls.venues.domain import Facility, Permission, Venue, VenueFilters
from shared.documents import Doc, Document
from shared.localized import Localized
from shared.mongo import Database
from shared.reads import Page, Paging, page
from shared.scope import Scope


class VenueDocument(Document[Venue]):
    holds = Venue
    collection = "venues"
    topic = "stalls.venues"
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
        return Venue(
            id=doc["_id"],
            names=Localized(**doc["names"]),
            facilities=tuple(Facility(name) for name in doc["facilities"]),
            permissions=tuple(_permission(kept) for kept in doc["permissions"]),
            **{field: doc[field] for field in same},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: where a stall may stand is public."""
        return {}


def _kept(permission: Permission) -> Doc:
    days = {"valid_from": permission.valid_from.isoformat(), "valid_until": permission.valid_until.isoformat()}
    return {"document": permission.document, "issuer": permission.issuer, **days}


def _permission(kept: Doc) -> Permission:
    days = {name: date.fromisoformat(kept[name]) for name in ("valid_from", "valid_until")}
    return Permission(document=kept["document"], issuer=kept["issuer"], **days)


async def found(database: Database, filters: VenueFilters, scope: Scope, paging: Paging) -> Page[Venue]:
    asked = {"district": filters.district, "kind": filters.kind}
    where = {field: value for field, value in asked.items() if value is not None}
    return await page(database, VenueDocument, scope, paging, where=where)
