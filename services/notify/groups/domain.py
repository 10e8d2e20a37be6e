"""Groups as messages need them: in whose area each lies, and which id stands for which group. Places are LGD codes."""

from dataclasses import dataclass

from shared.places.area import covers
from shared.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGroup:
    """`merged_into`: the group that this id is an alias of."""

    id: str
    tenant: str
    district: str
    block: str | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliases:
    """The groups that are merged into this one now, by id, sorted."""

    id: str
    tenant: str
    ids: tuple[str, ...] = ()


def in_area(group: KnownGroup | None, scope: Scope) -> bool:
    """Whether an officer acts for where it lies; of a group we have not heard of nobody can say."""
    return group is not None and group.tenant == scope.tenant and covers(scope, group.district, group.block)
