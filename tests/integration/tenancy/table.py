"""docs/roles.md as data: it is the one place that says who may what, and the matrix holds every service to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from shared.scope import BUYERS, OFFICERS, OWN_GROUPS, Role

DOCUMENT = Path(__file__).parents[3] / "docs" / "roles.md"
EVERY_PROCESS = "every process"

Area = Literal["her groups", "her own", "block", "district", "state"]
AREAS: dict[str, Area] = {"her groups": "her groups", "her own": "her own"}
AREAS |= {"block": "block", "district": "district", "state": "state"}

WORDS: dict[str, frozenset[Role]] = {
    "groups": OWN_GROUPS,
    "buyers": BUYERS,
    "officers": OFFICERS,
    "block officer": frozenset({Role.BLOCK_OFFICER}),
    "district officer": frozenset({Role.DISTRICT_OFFICER}),
    "manager": frozenset({Role.MISSION_MANAGER}),
    "department": frozenset({Role.DEPARTMENT}),
    "admin": frozenset({Role.ADMIN}),
    "any role": frozenset(Role),
}
ANSWER = re.compile(r"(?P<status>\d{3})(?: (?P<apart>apart)| (?P<code>\w+))?(?: \((?P<role>\w+): (?P<other>\w+)\))?")
OPEN = {"anybody", "anybody or a good token", "provider"}


@dataclass(frozen=True)
class Answer:
    """A status, and the code of a refusal; `apart`: it worked, but on nothing of this state.

    `unless`: the role that is told another code.
    """

    status: int
    code: str | None = None
    apart: bool = False
    unless: tuple[Role, str] | None = None

    def to(self, role: Role) -> "Answer":
        return replace(self, code=self.unless[1]) if self.unless and self.unless[0] is role else self

    def __str__(self) -> str:
        return f"{self.status} {self.code or ''}".strip()


@dataclass(frozen=True)
class Row:
    """One line of the document. An answer of None: there is no such stranger. `door`: anybody, provider or None."""

    service: str
    route: str
    of: str
    may: frozenset[Role]
    door: str | None
    party: Answer | None
    officer: Answer | None
    others: Answer | None
    state: Answer | None

    @property
    def name(self) -> str:
        return f"{self.service} {self.route} ({self.of})"

    @property
    def is_list(self) -> bool:
        return self.of == "list"


def cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def answer(cell: str) -> Answer | None:
    """`403 OutsideArea`, `200`, `200 apart`, `403 Forbidden (block_officer: OutsideArea)`, or a dash."""
    if cell == "–":
        return None
    found = ANSWER.fullmatch(cell)
    if found is None or (found["status"] != "200") is not (found["code"] is not None):
        raise ValueError(cell)
    unless = (Role(found["role"]), found["other"]) if found["role"] else None
    return Answer(int(found["status"]), found["code"], apart=found["apart"] is not None, unless=unless)


def who(cell: str) -> tuple[frozenset[Role], str | None]:
    """Raises KeyError for a word that stands for no role."""
    if cell in OPEN:
        return frozenset(), cell
    return frozenset().union(*(WORDS[word.strip()] for word in cell.split(","))), None


def rows(text: str | None = None) -> Iterator[Row]:
    service = ""
    for line in (text or DOCUMENT.read_text(encoding="utf-8")).splitlines():
        if line.startswith("### "):
            service = line.removeprefix("### ").strip().strip("`")
        elif re.match(r"\| `[A-Z]+ /", line):
            route, of, may, *answers = cells(line)
            roles, door = who(may)
            yield Row(service, route, of, roles, door, *map(answer, answers))


def areas(text: str | None = None) -> dict[Role, Area]:
    """How far each role sees, from the first table."""
    lines = (text or DOCUMENT.read_text(encoding="utf-8")).splitlines()
    found = [cells(line)[:2] for line in lines if re.match(r"\| `[a-z_]+` \|", line)]
    return {Role(role): AREAS[area] for role, area in found}
