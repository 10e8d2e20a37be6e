"""What a stall is for: a group of the registry, and what it makes."""

from dataclasses import dataclass

from shared.contracts.catalog import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGroup:
    """What stalls remembers of a group. Places are LGD codes: a block in the country, a local body in a town."""

    id: str
    tenant: str
    programme: Programme
    district: str
    block: str | None
    local_body: str | None

    @property
    def tags(self) -> frozenset[str]:
        """What the registry says of it, never what it says of itself."""
        return frozenset({self.programme, "rural" if self.block else "urban"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProduct:
    """What stalls remembers of a product; `seller` is a group's id."""

    id: str
    tenant: str
    seller: str
    category: str
    on_sale: bool
