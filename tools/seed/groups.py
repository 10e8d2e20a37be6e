"""The groups of the seeded market. Each is a function of its number alone: a larger market begins with the smaller."""

from dataclasses import dataclass
from functools import cache

from services.catalog.groups.domain import Entry
from shared.contracts.catalog import Programme, group_id
from tools.seed.names import group_name
from tools.seed.people import relay_of
from tools.seed.places import town_spot, village_spot

SHARES: tuple[tuple[Programme, bool, int], ...] = (
    ("umed", False, 77),
    ("nulm", True, 4),
    ("mavim", False, 11),
    ("mavim", True, 8),
)
"""Programme, whether urban, of how many in a hundred (Maharashtra: UMED 6 lakh, NULM 31 k, MAVIM 87 k and 65 k)."""
ROUND = 100
IN_A_ROUND = {kind: sum(share for _, urban, share in SHARES if urban == kind) for kind in (True, False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What is asked for. `state` is an LGD code; `products` as many as are put on sale."""

    state: str
    groups: int
    products: int
    seed: int


@cache
def _round() -> tuple[tuple[Programme, bool, int], ...]:
    """A hundred groups, evenly mixed: programme, whether urban, how many of its kind came before."""
    mixed = sorted(((at + 0.5) / share, programme, urban) for programme, urban, share in SHARES for at in range(share))
    kinds = [(programme, urban) for _, programme, urban in mixed]
    before = [sum(other == urban for _, other in kinds[:at]) for at, (_, urban) in enumerate(kinds)]
    return tuple((programme, urban, rank) for (programme, urban), rank in zip(kinds, before, strict=True))


def entry(market: Market, number: int) -> Entry:
    """The group `number`, from 0."""
    lap, at = divmod(number, ROUND)
    programme, urban, rank = _round()[at]
    return _entry(market, number, programme, urban=urban, rank=lap * IN_A_ROUND[urban] + rank)


def _entry(market: Market, number: int, programme: Programme, *, urban: bool, rank: int) -> Entry:
    spot = (town_spot if urban else village_spot)(market.state, rank)
    return Entry(
        programme=programme,
        code=f"{market.state}-{spot.district}-{spot.code}-{market.seed}-{spot.ordinal + 1:04d}",
        names=group_name(f"{spot.district}-{spot.code}", spot.ordinal, market.seed),
        district=spot.district,
        block=spot.block,
        local_body=spot.local_body,
        ward=f"प्रभाग {spot.ordinal % 40 + 1}" if urban else None,
        relay=relay_of(number),
    )


def id_of(market: Market, number: int) -> str:
    known = entry(market, number)
    return group_id(market.state, known.programme, known.code)
