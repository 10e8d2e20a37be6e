"""How many of the generator's planted doubles are found, and how many pairs an officer looks at for each."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from services.catalog.candidates.domain import candidates
from services.catalog.groups.domain import Group
from services.catalog.likeness.domain import record
from shared.contracts.catalog import Programme
from shared.localized import Localized
from tools.seed.state.listing import Listed, listed
from tools.seed.state.making import planned
from tools.seed.state.plan import Plan

STATE, SEED = "27", 7
LISTS: tuple[tuple[Programme, bool], ...] = (("umed", False), ("nulm", True), ("mavim", False), ("mavim", True))
Pair = tuple[str, ...]


def rows(plans: tuple[Plan, ...]) -> Iterator[Listed]:
    for programme, urban in LISTS:
        yield from listed(STATE, SEED, programme, plans, urban=urban)


def group(row: Listed) -> Group:
    """As the registry keeps it; the account as if it were sealed."""
    cells = {field: text or None for field, text in row.cells.items()}
    name = row.cells["name"]
    account = f"k1:{cells['account']}" if cells["account"] else None
    kept: dict[str, Any] = {field: cells[field] for field in ("block", "local_body", "ward", "village", "federation")}
    return Group(
        id=row.id,
        tenant=STATE,
        programme=row.programme,
        code=row.code,
        names=Localized(en=name) if name.isascii() else Localized(mr=name),
        district=row.cells["district"],
        activities=tuple(filter(None, row.cells["activities"].split(", "))),
        account=account,
        **kept,
    )


def pair(one: str, other: str) -> Pair:
    return tuple(sorted((one, other)))


@pytest.mark.parametrize("scale", [0.02, 0.1])
def test_nearly_every_planted_double_is_found_and_few_pairs_are_shown_in_vain(scale: float) -> None:
    places: defaultdict[str, list[Group]] = defaultdict(list)
    planted: dict[Pair, str] = {}
    for row in rows(planned(STATE, scale, SEED)):
        found = group(row)
        places[found.place].append(found)
        if row.twin:
            planted[pair(row.id, row.twin[0])] = row.twin[1]
    shown = {one.groups: one.likeness for there in places.values() for one in candidates(map(record, there))}
    hit = planted.keys() & shown.keys()
    recall, each = len(hit) / len(planted), len(shown) / len(planted)
    print(
        f"scale {scale}: {sum(map(len, places.values())):,} groups, {len(planted)} planted doubles,"
        f" recall {recall:.4f}, precision {len(hit) / len(shown):.4f}, {each:.2f} candidates a true double;"
        f" missed {dict(Counter(planted[one] for one in planted.keys() - hit))}"
    )
    assert recall >= 0.98
    assert each <= 3
    assert {planted[one] for one in hit} == {"account", "script", "typo"}
