"""What a stall is for: a group of the registry, and what it makes."""

from dataclasses import dataclass

from shared.contracts.catalog import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGroup:
    """What stalls remembers of a group. Places are LGD codes: a block in the country, a local body in a town.

    `programmes`: with those of the groups merged into it. `merged_into`: the group that this id is an alias of now;
    `ties`: all that it ever was one of.
    """

    id: str
    tenant: str
    programme: Programme
    district: str
    block: str | None
    local_body: str | None
    programmes: tuple[Programme, ...] = ()
    active: bool = True
    merged_into: str | None = None
    ties: tuple[str, ...] = ()

    @property
    def of_programmes(self) -> frozenset[str]:
        return frozenset({self.programme, *self.programmes})

    @property
    def tags(self) -> frozenset[str]:
        """What the registry says of it, never what it says of itself."""
        return self.of_programmes | {"rural" if self.block else "urban"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aliases:
    """The groups that are merged into this one now, by id, sorted."""

    id: str
    tenant: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One group under all of its ids: `id` is the one the others stand for; `ties` are ids it once stood for.

    `shared`: whether another id ever stood for this one.
    """

    id: str
    ids: frozenset[str]
    active: bool = True
    ties: frozenset[str] = frozenset()
    shared: bool = False


def family(group: KnownGroup, survivor: KnownGroup | None, aliases: Aliases | None) -> Family:
    """`survivor` and `aliases` of the group it is merged into, or of itself."""
    id_ = group.merged_into or group.id
    return Family(
        id=id_,
        ids=frozenset({group.id, id_, *(aliases.ids if aliases else ())}),
        active=(survivor or group).active,
        ties=frozenset(group.ties),
        shared=aliases is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProduct:
    """What stalls remembers of a product; `seller` is a group's id."""

    id: str
    tenant: str
    seller: str
    category: str
    on_sale: bool
