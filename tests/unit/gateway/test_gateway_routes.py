"""What the services answer and what the gateway lets through are the same."""

import re
from importlib import import_module
from pathlib import Path

from fastapi.routing import APIRoute

from deploy.local.gateway.routes import ROUTES, SERVICES
from shared.service import Service
from tools.contracts import openapi

ROOT = Path(__file__).parents[3]


def wired(name: str) -> Service:
    service: Service = import_module(f"services.{name}.wiring").SERVICE
    return service


def first_segments(service: Service) -> set[tuple[str, str]]:
    """`(service, "/v1/orders")` for everything below it."""
    paths = [route.path for router in service.routers for route in router.routes if isinstance(route, APIRoute)]
    return {(service.name, first_segment(path)) for path in paths}


def first_segment(path: str) -> str:
    return "/".join(path.split("/")[:3])


ANSWERED = {found for name in SERVICES for found in first_segments(wired(name))}
LET_THROUGH = {(row.service, first_segment(row.path)) for row in ROUTES if row.path.startswith("/v1/")}


def test_every_service_is_behind_the_gateway() -> None:
    assert {wiring.parent.name for wiring in (ROOT / "services").glob("*/wiring.py")} == set(SERVICES)


def test_whatever_a_service_answers_has_a_row_in_the_gateways_table() -> None:
    assert ("orders", "/v1/orders") in ANSWERED
    assert not ANSWERED - LET_THROUGH


def test_no_row_of_the_gateways_table_leads_to_nothing() -> None:
    assert not LET_THROUGH - ANSWERED


def test_every_public_page_is_a_route_that_asks_for_no_token_and_the_other_way_round() -> None:
    opened = {re.sub(r"\{[a-z_]+\}", "{}", row.path) for row in ROUTES if row.auth == "public" and "/v1/" in row.path}
    documents = [openapi.document(name)["paths"] for name in SERVICES]
    unasked = {
        re.sub(r"\{[a-z_]+\}", "{}", path)
        for paths in documents
        for path, methods in paths.items()
        if "get" in methods and {} in methods["get"].get("security", [{}])
    }
    of_a_draw = {f"/v1/calls/{{}}/{page}" for page in ("log", "outcome", "outcome/file", "vacancies")}
    assert opened == unasked == {"/v1/calls", "/v1/calls/{}", *of_a_draw}


def test_a_row_with_a_placeholder_stands_before_the_row_it_would_fall_under() -> None:
    paths = [row.path for row in ROUTES]
    for path in paths:
        if "{" in path:
            assert paths.index(path) < paths.index(first_segment(path))
