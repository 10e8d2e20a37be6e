"""Who knocks: for each role one who is inside, and the strangers the document speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.scope import BUYERS, OWN_GROUPS, Role
from tests.integration.tenancy.table import Answer, Area, Row

HER, HER_GROUP, DISTRICT, BLOCK, STATE = "asha", "group-1", "490", "4512", "27"
ANOTHER, ANOTHER_GROUP, ANOTHER_BLOCK, ANOTHER_STATE = "usha", "group-2", "4515", "5"
ANOTHER_DISTRICT, BLOCK_THERE = "484", "4141"

PLACES: Mapping[str, tuple[str, str, str | None]] = {
    HER_GROUP: ("27", DISTRICT, BLOCK),
    ANOTHER_GROUP: ("27", DISTRICT, BLOCK),
    "group-haveli": ("27", DISTRICT, ANOTHER_BLOCK),
    "group-nagpur": ("27", ANOTHER_DISTRICT, BLOCK_THERE),
    "group-abroad": (ANOTHER_STATE, "45", "331"),
}
"""Where the groups of a scene are: state, district, block."""

ALL_CLAIMS: dict[str, Any] = {"sub": HER, "groups": [HER_GROUP], "district": DISTRICT, "block": BLOCK}
INSIDE: Mapping[Area, dict[str, Any]] = {
    "her groups": {"sub": HER, "groups": [HER_GROUP]},
    "her own": {"sub": HER},
    "block": {"sub": HER, "district": DISTRICT, "block": BLOCK},
    "district": {"sub": HER, "district": DISTRICT},
    "state": {"sub": HER},
}
OUTSIDE: Mapping[Area, tuple[dict[str, Any], ...]] = {
    "her groups": ({"sub": ANOTHER, "groups": [ANOTHER_GROUP]}, {"sub": ANOTHER, "groups": []}),
    "her own": ({"sub": ANOTHER},),
    "block": (
        {"sub": ANOTHER, "district": DISTRICT, "block": ANOTHER_BLOCK},
        {"sub": ANOTHER, "district": ANOTHER_DISTRICT, "block": BLOCK_THERE},
        {"sub": ANOTHER, "district": DISTRICT},
        {"sub": ANOTHER},
    ),
    "district": ({"sub": ANOTHER, "district": ANOTHER_DISTRICT}, {"sub": ANOTHER}),
    "state": (),
}


@dataclass(frozen=True)
class Knock:
    """Somebody at a route, and what the document says she gets. `kind` names the column."""

    kind: str
    role: Role
    claims: Mapping[str, Any]
    expected: Answer

    def __str__(self) -> str:
        return f"{self.kind}: {self.role} {dict(self.claims)}"


def insiders(row: Row, areas: Mapping[Role, Area]) -> Iterator[tuple[Role, dict[str, Any]]]:
    for role in sorted(row.may):
        yield role, INSIDE[areas[role]]


def strangers(row: Row, areas: Mapping[Role, Area]) -> Iterator[Knock]:
    """All that the row refuses, or shows only a part to."""
    for role in sorted(Role):
        if role not in row.may:
            yield from _knock("another role", role, ALL_CLAIMS, row.others)
            yield from _knock("another role of another state", role, _abroad(ALL_CLAIMS), told_abroad(row, role))
            continue
        own = role in OWN_GROUPS | BUYERS
        for claims in OUTSIDE[areas[role]]:
            yield from _knock(
                "another's" if own else "officer elsewhere", role, claims, row.party if own else row.officer
            )
        yield from _knock("another state", role, _abroad(INSIDE[areas[role]]), row.state)


def told_abroad(row: Row, role: Role) -> Answer | None:
    """Whose role is let in meets her state next."""
    if row.others is None or row.state is None or row.is_list:
        return row.others
    let_in = row.others.status == 200 or (row.others.unless is not None and row.others.unless[0] is role)
    return row.state if let_in else row.others


def _abroad(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {**claims, "state": ANOTHER_STATE}


def _knock(kind: str, role: Role, claims: Mapping[str, Any], expected: Answer | None) -> Iterator[Knock]:
    if expected is not None:
        yield Knock(kind, role, claims, expected.to(role))
