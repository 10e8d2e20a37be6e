"""What the services answer and what the gateway lets through are the same."""

from importlib import import_module
from pathlib import Path

from fastapi.routing import APIRoute

from deploy.local.gateway.routes import ROUTES, SERVICES
from shared.service import Service

ROOT = Path(__file__).parents[3]


def wired(name: str) -> Service:
    service: Service = import_module(f"services.{name}.wiring").SERVICE
    return service


def first_segments(service: Service) -> set[tuple[str, str]]:
    """`(service, "/v1/orders")` for everything below it."""
    paths = [route.path for router in service.routers for route in router.routes if isinstance(route, APIRoute)]
    return {(service.name, "/".join(path.split("/")[:3])) for path in paths}


ANSWERED = {found for name in SERVICES for found in first_segments(wired(name))}
LET_THROUGH = {(row.service, row.path) for row in ROUTES if row.path.startswith("/v1/")}


def test_every_service_is_behind_the_gateway() -> None:
    assert {wiring.parent.name for wiring in (ROOT / "services").glob("*/wiring.py")} == set(SERVICES)


def test_whatever_a_service_answers_has_a_row_in_the_gateways_table() -> None:
    assert ("orders", "/v1/orders") in ANSWERED
    assert not ANSWERED - LET_THROUGH


def test_no_row_of_the_gateways_table_leads_to_nothing() -> None:
    assert not LET_THROUGH - ANSWERED
