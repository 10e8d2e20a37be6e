"""How many groups of each programme stand in each block and each town: exact totals, uneven shares."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from shared.contracts.catalog import Programme
from shared.places.directory import LocalBody, blocks_of, districts_of, local_bodies, local_bodies_of
from tools.seed.places import seats
from tools.seed.state.chance import share

BODIES = Path(__file__).parent / "bodies.toml"
RURAL: dict[Programme, int] = {"umed": 599_000, "mavim": 87_000}
URBAN: dict[Programme, int] = {"nulm": 31_000, "mavim": 65_000}
"""A whole state: Maharashtra's, for every other too. 782,000 together."""
WEIGHTS = {"4": 12.0, "5": 3.0}
"""Of a municipal corporation and a municipal council beside a town panchayat or a cantonment (LGD's type codes)."""
LARGEST = {"251488": 60.0}
"""Greater Mumbai."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A block (rural) or an urban local body, and how many groups of each programme are there."""

    district: str
    block: str | None = None
    local_body: str | None = None
    counts: dict[Programme, int] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.block or self.local_body or ""

    @property
    def urban(self) -> bool:
        return self.block is None

    @property
    def corporation(self) -> bool:
        return self.local_body is not None and local_bodies()[self.local_body].type_code == "4"


def places(state: str, scale: float, seed: int) -> tuple[Place, ...]:
    """Districts in the order of their codes, in each the blocks, then the towns."""
    villages = [(d.code, b.code) for d in districts_of(state) for b in blocks_of(d.code)]
    towns = [(district, body.code) for district, body in _towns(state)]
    rural = {
        what: _apportioned(count, scale, [_of_block(seed, c) for _, c in villages]) for what, count in RURAL.items()
    }
    urban = {what: _apportioned(count, scale, [_of_town(seed, c) for _, c in towns]) for what, count in URBAN.items()}
    found = [
        Place(district=district, block=code, counts={what: rural[what][at] for what in RURAL})
        for at, (district, code) in enumerate(villages)
    ] + [
        Place(district=district, local_body=code, counts={what: urban[what][at] for what in URBAN})
        for at, (district, code) in enumerate(towns)
    ]
    return tuple(sorted(found, key=lambda place: (int(place.district), place.urban, int(place.code))))


def _of_block(seed: int, code: str) -> float:
    return 0.4 + 1.2 * share(seed, code, "block")


def _of_town(seed: int, code: str) -> float:
    weight = LARGEST.get(code) or WEIGHTS.get(local_bodies()[code].type_code, 1.0)
    return weight * (0.6 + 0.8 * share(seed, code, "town"))


def _apportioned(count: int, scale: float, weights: Sequence[float]) -> list[int]:
    """The largest remainders get what is left, so that the sum is exact."""
    wanted, whole = max(1, round(count * scale)), sum(weights)
    exact = [wanted * weight / whole for weight in weights]
    given = [int(part) for part in exact]
    left = sorted(range(len(exact)), key=lambda at: (given[at] - exact[at], at))[: wanted - sum(given)]
    for at in left:
        given[at] += 1
    return given


def _towns(state: str) -> Iterator[tuple[str, LocalBody]]:
    there = {body.code: body for body in local_bodies_of(state)}
    table: dict[str, Any] = tomllib.loads(BODIES.read_text("utf-8")).get(state, {})
    if not table:
        yield from ((seat.district, there[seat.town]) for seat in seats(state) if seat.town in there)
        return
    for district, ranges in table.items():
        for body in there.values():
            if any(_holds(span, int(body.code)) for span in ranges):
                yield district, body


@cache
def _bounds(span: str) -> tuple[int, int]:
    first, _, last = span.partition("-")
    return int(first), int(last or first)


def _holds(span: str, code: int) -> bool:
    first, last = _bounds(span)
    return first <= code <= last
