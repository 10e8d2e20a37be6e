"""Districts, blocks and urban local bodies by LGD code. Names are for reading and change; codes do not."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    code: str
    state: str
    name: str
    formerly: str | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    code: str
    district: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalBody:
    code: str
    state: str
    name: str
    type_code: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


Place = District | Block | LocalBody


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table; its first line names the source."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@cache
def districts() -> dict[str, District]:
    return {
        row["code"]: District(code=row["code"], state=row["state"], name=row["name"], formerly=row["formerly"] or None)
        for row in rows("districts.csv")
    }


@cache
def blocks() -> dict[str, Block]:
    return {row["code"]: Block(**row) for row in rows("blocks.csv")}


@cache
def local_bodies() -> dict[str, LocalBody]:
    return {row["code"]: LocalBody(**row) for row in rows("local_bodies.csv")}


@cache
def _blocks_by_district() -> dict[str, tuple[Block, ...]]:
    found: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks().values():
        found[block.district].append(block)
    return {district: tuple(there) for district, there in found.items()}


def districts_of(state: str) -> tuple[District, ...]:
    return tuple(district for district in districts().values() if district.state == state)


def blocks_of(district: str) -> tuple[Block, ...]:
    """Empty for the two districts of Mumbai, which have local bodies only."""
    return _blocks_by_district().get(district, ())


def local_bodies_of(state: str) -> tuple[LocalBody, ...]:
    return tuple(body for body in local_bodies().values() if body.state == state)
