"""Every route of every service takes whatever is sent: no 5xx, no answer its document does not name.

FUZZ_EXAMPLES requests a route and kind of data (8 in the whole suite, `make fuzz` sends many more).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared.scope import Role
from shared.service import Service
from tests.integration.fuzz.desk import GROUP, Desk, opened
from tests.processes import ROOT

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
SERVICES: Mapping[str, Service] = {one.name: one for one in (CATALOG, ORDERS, STALLS, NOTIFY)}
TOLD = {"notify": {"sms_provider_url": "http://127.0.0.1:9", "sms_callback_secret": "a-secret-of-tests"}}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SHOWN_IN = [Phase.explicit, Phase.reuse, Phase.generate]


def operations(name: str) -> dict[str, Any]:
    schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi" / f"{name}.json")
    return {
        found.label: found
        for found in (result.ok() for result in schema.get_all_operations() if isinstance(result, Ok))
    }


ROUTES = [(name, label) for name in SERVICES for label in operations(name)]


@pytest.fixture(scope="module")
def desks() -> Iterator[dict[str, Desk]]:

    with ExitStack() as stack:
        yield {name: stack.enter_context(opened(service, **TOLD.get(name, {}))) for name, service in SERVICES.items()}


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("name", "label"), ROUTES, ids=lambda value: value.replace("/", "_"))
def test_a_route_takes_whatever_is_sent(desks: dict[str, Desk], name: str, label: str, mode: GenerationMode) -> None:
    desk, operation = desks[name], operations(name)[label]

    @settings(
        max_examples=EXAMPLES, deadline=None, phases=SHOWN_IN, suppress_health_check=list(HealthCheck), database=None
    )
    @given(case=operation.as_strategy(generation_mode=mode), role=st.sampled_from([None, *Role]), pick=st.randoms())
    def sent(case: Case[Any], role: Role | None, pick: Any) -> None:
        meet_what_is_there(case, desk, pick)
        if case.headers and "Authorization" in case.headers:
            del case.headers["Authorization"]
        answer = case.call(base_url=desk.url, headers=desk.headers(role), timeout=30)
        case.validate_response(answer, checks=CHECKS)
        desk.remember(answer)

    sent()


def meet_what_is_there(case: Case[Any], desk: Desk, pick: Any) -> None:
    """Most ids in the path are of something that exists, or the caller's own group."""
    known = [*desk.ids, GROUP]
    for parameter in case.path_parameters or {}:
        if pick.random() < 0.7:
            case.path_parameters[parameter] = pick.choice(known)
