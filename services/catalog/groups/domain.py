"""The registry of self-help groups: where a group belongs and who may enter it."""

from dataclasses import dataclass, fields
from typing import Any

from shared.contracts.catalog import GroupRegistered, Programme
from shared.decisions import Decision
from shared.ids import derived_id
from shared.localized import Localized
from shared.places.area import check_place, covers, require_area
from shared.scope import OWN_GROUPS, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the registry is told of a group. Places are LGD codes; ward and village are free text."""

    programme: Programme
    code: str
    """The programme's own number for the group."""
    names: Localized
    district: str
    block: str | None = None
    local_body: str | None = None
    ward: str | None = None
    village: str | None = None
    activities: tuple[str, ...] = ()
    relay: str | None = None
    """Party id of the resource person who reads messages for a group without a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Entry):
    id: str
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFilters:
    """What a list is narrowed to; `q` by how the words of a name begin."""

    district: str | None = None
    block: str | None = None
    programme: Programme | None = None
    q: str | None = None


def group_id(tenant: str, programme: str, code: str) -> str:
    """The same group of the same programme always has the same id."""
    return derived_id(tenant, programme, code)


def register(entry: Entry, scope: Scope) -> Decision[Group]:
    """Raises LocalTextMissing, UnknownPlace, BlockElsewhere, BlockOrLocalBody, OutsideArea."""
    entry.names.require_local("names")
    check_place(scope.tenant, entry.district, entry.block, entry.local_body)
    require_area(scope, entry.district, entry.block)
    kept: dict[str, Any] = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    group = Group(id=group_id(scope.tenant, entry.programme, entry.code), tenant=scope.tenant, **kept)
    fact = GroupRegistered(
        programme=group.programme, district=group.district, block=group.block, local_body=group.local_body
    )
    return Decision(group, fact)


def sees_entry(group: Group, scope: Scope) -> bool:
    """Whether she may read the whole entry; names and place are public."""
    return (scope.role in OWN_GROUPS and group.id in scope.groups) or covers(scope, group.district, group.block)
