"""The registry of self-help groups: where a group belongs, who may enter it, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from shared.contracts.catalog import (
    GroupChanged,
    GroupDeactivated,
    GroupReactivated,
    GroupRegistered,
    Inactive,
    Programme,
    group_id,
)
from shared.decisions import Decision
from shared.errors import Conflict
from shared.events import Fact
from shared.localized import Localized
from shared.places.area import check_place, covers, require_area
from shared.scope import OWN_GROUPS, Scope


class MergedAlready(Conflict):
    """The group {id} is merged into {into}; ask this of {into}, or undo the merge first."""

    mr = "गट {id} हा {into} मध्ये विलीन केलेला आहे; हे {into} साठी करा, किंवा आधी विलीनीकरण मागे घ्या."
    hi = "समूह {id} का {into} में विलय हो चुका है; यह {into} के लिए करें, या पहले विलय वापस लें।"


class NotActive(Conflict):
    """The group {id} is not active; reactivate it first."""

    mr = "गट {id} सक्रिय नाही; आधी तो पुन्हा सक्रिय करा."
    hi = "समूह {id} सक्रिय नहीं है; पहले उसे फिर से सक्रिय करें।"


class AlreadyActive(Conflict):
    """The group {id} is active; there is nothing to do."""

    mr = "गट {id} सक्रियच आहे; काही करायचे नाही."
    hi = "समूह {id} सक्रिय ही है; कुछ करना नहीं है।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the registry is told of a group. Places are LGD codes; ward, village and federation are free text."""

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
    federation: str | None = None
    account: str | None = None
    """Of its bank account: the id of a key and what it makes of the number. The number is nowhere."""
    relay: str | None = None
    """Party id of the resource person who reads messages for a group without a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What a group merged into another one brings: its id, its programme and that programme's number."""

    id: str
    programme: Programme
    code: str
    stall_years: tuple[int, ...] = ()
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Its newest row in a programme's list: a digest, the import that wrote it, and what that was.

    `order`: which list of the programme it was, counted as they were begun.
    """

    digest: str
    run: str
    what: Literal["new", "changed"]
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Entry):
    id: str
    tenant: str
    absorbs: tuple[Membership, ...] = ()
    merged_into: str | None = None
    tries: int = 0
    """Counts the merges of this one that were given up or undone: what was begun before comes to nothing."""
    active: bool = True
    why: Inactive | None = None
    """Why it is not active."""
    stall_years: tuple[int, ...] = ()
    """Years in which it had a stall under its own id."""
    listed: Listed | None = None
    mended: frozenset[str] = field(default_factory=frozenset)
    """Fields of the entry that an officer set: a list changes them no more."""
    compare_at: datetime | None = None
    """When it is looked up among its neighbours; None: it has been, or the import that brought it does."""

    @property
    def place(self) -> str:
        return self.block or self.local_body or ""

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """Its own first."""
        return tuple(dict.fromkeys((self.programme, *(other.programme for other in self.absorbs))))

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which it had a stall, under whichever of its ids."""
        return tuple(sorted({*self.stall_years, *(year for other in self.absorbs for year in other.stall_years)}))

    @property
    def ids(self) -> frozenset[str]:
        """Every id that means this group."""
        return frozenset({self.id, *(other.id for other in self.absorbs)})


ENTRY = tuple(one.name for one in fields(Entry))
FIXED = frozenset({"programme", "code"})
PLACE = frozenset({"district", "block", "local_body"})
"""Mended together: half of a list's place and half of an officer's are none."""


def register(entry: Entry, scope: Scope, now: datetime | None = None) -> Decision[Group]:
    """By an officer of its area. Raises LocalTextMissing, and what `check` raises."""
    entry.names.require_local("names")
    check(entry, scope)
    return entered(scope.tenant, entry, compare_at=now)


def enter(entry: Entry, listed: Listed, scope: Scope) -> Decision[Group]:
    """From a programme's list, where a name in Latin letters is enough. Raises what `check` raises."""
    check(entry, scope)
    return entered(scope.tenant, entry, listed=listed)


def check(entry: Entry, scope: Scope) -> None:
    """Raises UnknownPlace, BlockElsewhere, BlockOrLocalBody, OutsideArea."""
    check_place(scope.tenant, entry.district, entry.block, entry.local_body)
    require_area(scope, entry.district, entry.block)


def entered(
    tenant: str, entry: Entry, *, listed: Listed | None = None, compare_at: datetime | None = None
) -> Decision[Group]:
    """A first entry that was checked."""
    kept: dict[str, Any] = {name: getattr(entry, name) for name in ENTRY}
    id_ = group_id(tenant, entry.programme, entry.code)
    group = Group(id=id_, tenant=tenant, listed=listed, compare_at=compare_at, **kept)
    fact = GroupRegistered(
        programme=group.programme, district=group.district, block=group.block, local_body=group.local_body
    )
    return Decision(group, fact)


def relist(group: Group, entry: Entry, listed: Listed, scope: Scope) -> Decision[Group]:
    """A newer row of the list: what an officer mended stays. Raises what `check` raises."""
    check(entry, scope)
    kept = FIXED | group.mended | {"relay"} | (PLACE if group.mended & PLACE else frozenset())
    told: dict[str, Any] = {name: getattr(entry, name) for name in ENTRY if name not in kept}
    return changed(group, replace(group, listed=listed, **told))


def mend(group: Group, changes: Mapping[str, Any], scope: Scope, now: datetime) -> Decision[Group]:
    """An officer corrects fields of the entry. Raises LocalTextMissing, MergedAlready and what `check` raises."""
    require_area(scope, group.district, group.block)
    require_own(group)
    mended = replace(group, **changes, mended=group.mended | set(changes), compare_at=now)
    if "names" in changes:
        mended.names.require_local("names")
    check(mended, scope)
    return changed(group, mended)


def deactivate(group: Group, reason: Inactive, scope: Scope) -> Decision[Group]:
    """Raises OutsideArea, MergedAlready, NotActive."""
    require_area(scope, group.district, group.block)
    require_own(group)
    require_active(group)
    return Decision(replace(group, active=False, why=reason), GroupDeactivated(reason=reason))


def reactivate(group: Group, scope: Scope, now: datetime) -> Decision[Group]:
    """It is looked up among its neighbours: of two groups that are not active nobody is asked.

    Raises OutsideArea, MergedAlready, AlreadyActive.
    """
    require_area(scope, group.district, group.block)
    require_own(group)
    if group.active:
        raise AlreadyActive(id=group.id)
    return Decision(replace(group, active=True, why=None, compare_at=now), GroupReactivated())


def compared(group: Group, compare_at: datetime) -> Decision[Group]:
    """Its neighbours have been looked at, as far as it was asked for by then."""
    newer = group.compare_at is not None and group.compare_at > compare_at
    return Decision(group if newer else replace(group, compare_at=None))


def had_stalls(group: Group, years: tuple[int, ...]) -> Decision[Group]:
    """All of them, under its own id."""
    return Decision(replace(group, stall_years=years))


def sees_entry(group: Group, scope: Scope) -> bool:
    """Whether she may read the whole entry; names and place are public."""
    return (scope.role in OWN_GROUPS and not group.ids.isdisjoint(scope.groups)) or covers(
        scope, group.district, group.block
    )


def require_own(group: Group) -> None:
    """Raises MergedAlready."""
    if group.merged_into is not None:
        raise MergedAlready(id=group.id, into=group.merged_into)


def require_active(group: Group) -> None:
    """Raises NotActive."""
    if not group.active:
        raise NotActive(id=group.id)


def changed(before: Group, after: Group) -> Decision[Group]:
    """With the fact where subscribers hear of what changed."""
    facts: tuple[Fact, ...] = () if _told(before) == _told(after) else (_told(after),)
    return Decision(after, *facts)


def _told(group: Group) -> GroupChanged:
    return GroupChanged(
        programme=group.programme,
        programmes=group.programmes,
        district=group.district,
        block=group.block,
        local_body=group.local_body,
    )
