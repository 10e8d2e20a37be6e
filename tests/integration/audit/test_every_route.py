"""Every route of every service, asked by everybody who may: a privileged act leaves one entry, any other none.

The routes and who may are those of docs/roles.md; a route that no row names fails the tenancy matrix.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from shared.audit.acts import FIELD, is_privileged
from shared.audit.entries import plain
from shared.logs import masked
from shared.scope import Role
from tests.integration.tenancy.houses import SERVICES, world
from tests.integration.tenancy.people import insiders
from tests.integration.tenancy.table import Row, areas, rows
from tests.integration.tenancy.world import World

PERSONAL = {"GET /v1/contacts/{party}"}
"""Reads that are privileged acts, but of what tells of herself."""
KEEPS_NOTHING = {"POST /v1/plans/counts", "POST /v1/plans/lint", "POST /v1/calls/{call_id}/dry-run"}
"""Questions with a body: there is no write that an entry could stand in, and the snapshot proves it."""
AREAS = areas()
ASKED = [row for row in rows() if row.service in SERVICES and row.may]


@pytest.fixture(scope="module", params=SERVICES)
async def served(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, World]]:
    async with world(request.param) as found:
        yield request.param, found


async def entries(of: World) -> dict[str, dict[str, Any]]:
    """All there are by their id, chained or waiting in a document."""
    db = of.house.running.database.db
    found = [entry async for entry in db["audit"].find()]
    for kind in of.house.running.service.kinds:
        async for doc in db[kind.collection].find({f"{FIELD}.0": {"$exists": True}}, {FIELD: 1}):
            found += doc[FIELD]
    return {entry["id"]: plain(entry) for entry in found}


def expected(row: Row, role: Role) -> int:
    counts = row.route in PERSONAL and row.of != "her own" if reads(row) else True
    return int(is_privileged(role) and counts)


def reads(row: Row) -> bool:
    return row.route.startswith("GET") or row.route in KEEPS_NOTHING


async def wrong(of: World, row: Row) -> AsyncIterator[str]:
    before, there = await of.snapshot(), await entries(of)
    for role, claims in insiders(row, AREAS):
        response = await of.send(row.route, of.asks[row.route, row.of], of.token(role, claims))
        assert response.is_success, f"{row.name} as {role}: {response.text}"
        new = [entry for id_, entry in (await entries(of)).items() if id_ not in there]
        if len(new) != expected(row, role):
            yield f"{row.name} as {role}: {len(new)} entries"
        for complaint in complaints(new, row, role, response.headers["x-request-id"]):
            yield f"{row.name} as {role}: {complaint}"
        there |= {entry["id"]: entry for entry in new}
        if row.route in KEEPS_NOTHING and await of.snapshot() != before:
            yield f"{row.name} as {role}: it keeps something"
        if not reads(row):
            await of.restore(before)


def complaints(new: list[dict[str, Any]], row: Row, role: Role, request: str) -> Iterator[str]:
    for entry in new:
        said = (entry["act"], entry["actor"]["role"], entry["tenant"], entry["request_id"])
        if said != (row.route, role, "27", request):
            yield f"it says {said}"
        if masked(str(entry)) != str(entry):
            yield "there is a phone number in it"


async def test_a_privileged_act_leaves_one_entry_and_any_other_none(served: tuple[str, World]) -> None:
    name, of = served
    found = [sentence for row in ASKED if row.service == name async for sentence in wrong(of, row)]
    assert not found, "\n".join(found)


def test_every_privileged_role_has_a_route_that_is_tried() -> None:
    tried = {role for row in ASKED if not reads(row) for role in row.may}
    assert {role for role in Role if is_privileged(role)} - tried <= {Role.DEPARTMENT}
