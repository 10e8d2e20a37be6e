"""Where the groups of a state live: one after the other in every district, then in its next block."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.localized import Localized
from shared.places.directory import blocks_of, districts_of

FILE = Path(__file__).parent / "towns.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A block or an urban local body, by LGD code, and how many groups before stand there too."""

    district: str
    block: str | None = None
    local_body: str | None = None
    ordinal: int = 0

    @property
    def code(self) -> str:
        return self.block or self.local_body or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where a venue stands: the seat of a district, an urban local body, or a block; and what it is called."""

    district: str
    town: str | None = None
    block: str | None = None
    names: Localized

    @property
    def code(self) -> str:
        """One of its kind."""
        return self.block or self.district


@cache
def seats(state: str) -> tuple[Seat, ...]:
    """Empty for a state whose towns are not in the table."""
    rows: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8")).get(state, {})
    return tuple(
        Seat(district=code, town=row["town"], names=Localized(mr=row["mr"], hi=row["hi"], en=row["en"]))
        for code, row in rows.items()
    )


@cache
def block_seats(state: str) -> tuple[Seat, ...]:
    rows: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))["blocks"].get(state, {})
    return tuple(
        Seat(district=row["district"], block=code, names=Localized(mr=row["mr"], hi=row["hi"], en=row["en"]))
        for code, row in rows.items()
    )


def venue_seats(state: str) -> tuple[Seat, ...]:
    """A venue stands at each."""
    return seats(state) + block_seats(state)


def village_spot(state: str, number: int) -> Spot:
    """Of the rural group `number`: every block of every district, round after round."""
    districts = _rural(state)
    lap, at = divmod(number, len(districts))
    blocks = blocks_of(districts[at])
    return Spot(district=districts[at], block=blocks[lap % len(blocks)].code, ordinal=lap // len(blocks))


def town_spot(state: str, number: int) -> Spot:
    """Of the urban group `number`, at the seats of the districts, Mumbai first: it has no villages."""
    there = sorted(seats(state), key=lambda seat: (bool(blocks_of(seat.district)), seat.district))
    lap, at = divmod(number, len(there))
    return Spot(district=there[at].district, local_body=there[at].town, ordinal=lap)


@cache
def _rural(state: str) -> tuple[str, ...]:
    return tuple(district.code for district in districts_of(state) if blocks_of(district.code))
