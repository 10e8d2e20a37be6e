"""Whom docs/roles.md lets in without a token, the gateway does too, and nobody else."""

import pytest

from deploy.local.gateway.routes import ROUTES, Auth, Route
from tests.integration.tenancy.table import EVERY_PROCESS, Row, rows

AUTH: dict[str | None, Auth] = {
    None: "required",
    "provider": "signed",
    "anybody": "public",
    "anybody or a good token": "public",
}
TABLE = [row for row in rows() if row.service != EVERY_PROCESS]


def matches(route: Route, method: str, path: str) -> bool:
    if route.methods and method not in route.methods:
        return False
    asked, stands = path.split("/"), route.path.split("/")
    same = all(part.startswith("{") or part == here for part, here in zip(stands, asked, strict=False))
    return same and (len(asked) == len(stands) if route.exact else len(asked) >= len(stands))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_gateway_asks_for_a_token_where_the_document_does(row: Row) -> None:
    method, path = row.route.split(" ")
    taken = next(route for route in ROUTES if matches(route, method, path))
    assert (taken.service, taken.auth) == (row.service, AUTH[row.door])
