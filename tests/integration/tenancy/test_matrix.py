"""Every route of every service, as everybody: docs/roles.md says what she gets, and nothing moves."""

import pytest
from fastapi import FastAPI

from shared.scope import Role
from shared.testing import FakeStores, Signer, app_of
from tests.integration.tenancy.houses import SERVICES
from tests.integration.tenancy.lists import leaks
from tests.integration.tenancy.matrix import findings, missing, routes_of
from tests.integration.tenancy.table import EVERY_PROCESS, Row, areas, rows
from tests.integration.tenancy.world import World
from tools.contracts.openapi import SETTINGS, service

TABLE = list(rows())
AREAS = areas()


def app(name: str) -> FastAPI:
    """What this service really serves."""
    wired = service(name)
    return app_of(wired, FakeStores(*wired.kinds), Signer(), **SETTINGS.get(name, {}))


APPS = {name: app(name) for name in SERVICES}
ROUTES = {name: routes_of(APPS[name]) for name in SERVICES}
DOCUMENTS = {name: APPS[name].openapi() for name in SERVICES}
ASKED = [pytest.param(name, route, id=f"{name} {route}") for name in SERVICES for route in sorted(ROUTES[name])]


def of(name: str, route: str) -> list[Row]:
    return [row for row in TABLE if row.route == route and row.service in {name, EVERY_PROCESS}]


def test_every_route_stands_in_the_document_and_every_row_is_a_route() -> None:
    of_all = set.intersection(*ROUTES.values())
    own = {name: routes - of_all for name, routes in ROUTES.items()}
    assert missing(TABLE, {**own, EVERY_PROCESS: of_all}) == []


@pytest.mark.parametrize("row", [row for row in TABLE if row.service in SERVICES], ids=lambda row: row.name)
def test_openapi_names_the_roles_a_route_lets_in(row: Row) -> None:
    method, path = row.route.split(" ")
    named = DOCUMENTS[row.service]["paths"][path][method.lower()].get("x-roles", [])
    shut = frozenset(Role) - row.may if row.others and row.others.code == "Forbidden" else frozenset()
    let_in = frozenset(Role) - shut | ({row.others.unless[0]} if row.others and row.others.unless else frozenset())
    assert set(named) == ({role.value for role in let_in} if row.door is None else set())


@pytest.mark.parametrize(("name", "route"), ASKED)
async def test_who_may_does_and_nobody_else_moves_or_sees_anything(
    worlds: dict[str, World], name: str, route: str
) -> None:
    found = of(name, route)
    assert found, f"{name} {route} stands in no row of docs/roles.md"
    wrong = [finding for row in found for finding in await findings(worlds[name], row, AREAS)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("row", [row for row in TABLE if row.is_list], ids=lambda row: row.name)
async def test_a_list_shows_and_counts_nothing_of_others(worlds: dict[str, World], row: Row) -> None:
    wrong = await leaks(worlds[row.service], row, AREAS)
    assert not wrong, "\n".join(wrong)
