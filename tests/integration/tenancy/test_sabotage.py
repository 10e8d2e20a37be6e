"""What the matrix is worth: a route that forgets its scope, its token, its role or its order is found."""

from collections.abc import AsyncIterator

import pytest

from shared.scope import Role, Scope
from tests.integration.houses import house
from tests.integration.tenancy.careless import BY_ID, CARELESS, arrange
from tests.integration.tenancy.lists import leaks
from tests.integration.tenancy.matrix import findings, missing, routes_of
from tests.integration.tenancy.table import Row, areas, rows
from tests.integration.tenancy.world import World

AREAS = areas()
ROUTES = "".join(
    f"| `{route}/{{note_id}}` | a note | buyers | 404 NotFound | – | 403 Forbidden | 404 NotFound |\n"
    for route in BY_ID
)
DOCUMENT = f"### careless\n{ROUTES}| `GET /v1/listed` | list | buyers | 200 | – | 403 Forbidden | 200 |\n"
TABLE = {row.route: row for row in rows(DOCUMENT)}


@pytest.fixture
async def careless() -> AsyncIterator[World]:
    async with house(CARELESS) as found:
        yield await arrange(found)


def row(start: str) -> Row:
    return TABLE[f"{start}/{{note_id}}"]


async def test_a_sound_route_passes(careless: World) -> None:
    assert await findings(careless, row("GET /v1/sound"), AREAS) == []


@pytest.mark.parametrize(
    ("route", "sentence"),
    [
        ("GET /v1/unscoped", "another's: buyer {'sub': 'usha'}: expected 404 NotFound, got 200"),
        ("GET /v1/unscoped", "another state: buyer {'sub': 'asha', 'state': '5'}: expected 404 NotFound, got 200"),
        ("GET /v1/tokenless", "no token: expected 401 Unauthenticated, got 200"),
        ("GET /v1/tokenless", "alg none: expected 401 Unauthenticated, got 200"),
        ("GET /v1/roleless", "another role: admin"),
        ("POST /v1/hasty", "another's: notes changed"),
        ("POST /v1/hasty", "another state: notes changed"),
        ("GET /v1/shut", "inside: buyer {'sub': 'asha'}: expected 200, got 403 Forbidden"),
    ],
)
async def test_what_a_route_forgets_is_found(careless: World, route: str, sentence: str) -> None:
    found = await findings(careless, row(route), AREAS)
    assert [finding for finding in found if sentence in finding], found


async def test_a_list_without_a_scope_is_found(careless: World) -> None:
    found = await leaks(careless, TABLE["GET /v1/listed"], AREAS)
    assert [one for one in found if "'usha'" in one and "expected ['note-2'], saw ['note-1', 'note-2']" in one], found


class Trusting:
    """Believes what a token says without looking at its signature."""

    async def scope(self, token: str) -> Scope:
        return Scope(tenant="27", role=Role.BUYER, party="asha")


async def test_tokens_that_nobody_checks_are_found(careless: World) -> None:
    careless.house.app.state.tokens = Trusting()
    found = await findings(careless, row("GET /v1/sound"), AREAS)
    for why in (
        "expired",
        "wrong audience",
        "wrong issuer",
        "alg none",
        "HS256 with the public key as PEM",
        "unknown kid",
    ):
        assert [finding for finding in found if f"{why}: expected 401" in finding], why


def test_a_route_without_a_row_and_a_row_without_a_route_are_found(careless: World) -> None:
    served = routes_of(careless.house.app)
    kept = [row for row in TABLE.values() if "sound" not in row.route]
    assert "careless: GET /v1/sound/{note_id} stands in no row" in missing(kept, {"careless": served})
    gone = {"careless": served - {"GET /v1/shut/{note_id}"}}
    assert "careless: there is no GET /v1/shut/{note_id}" in missing(TABLE.values(), gone)


def test_a_cell_that_says_nothing_is_no_document() -> None:
    for cell in ("403", "200 Forbidden", "maybe"):
        with pytest.raises(ValueError, match=cell):
            list(rows(DOCUMENT.replace("403 Forbidden", cell)))
