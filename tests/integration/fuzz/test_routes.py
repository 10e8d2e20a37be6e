"""Every route of every service takes whatever is sent: no 5xx, no answer its document does not name.

FUZZ_EXAMPLES requests a route and kind of data (8 in the whole suite, `make fuzz` sends many more).
"""

import copy
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random
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

from shared.scope import Role
from tests.integration.fuzz.desk import Desk, opened
from tests.integration.fuzz.records import ODD_VALUES
from tests.integration.tenancy.houses import SERVICES
from tests.integration.tenancy.world import Ask
from tests.processes import ROOT

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NOT_HEARD_OF = {"ProductNotKnownYet", "RegistryBehind", "CatalogueBehind"}
"""The one 503 a sound service gives: an id another service may have told of a moment ago. With Retry-After."""
AT_RANDOM = [Phase.explicit, Phase.reuse, Phase.generate]


def operations(name: str) -> dict[str, Any]:
    schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi" / f"{name}.json")
    found = (result.ok() for result in schema.get_all_operations() if isinstance(result, Ok))
    return {operation.label: operation for operation in found}


ROUTES = [(name, label) for name in SERVICES for label in operations(name)]


@pytest.fixture(scope="module")
def desks() -> Iterator[dict[str, Desk]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(opened(name)) for name in SERVICES}


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("name", "label"), ROUTES, ids=lambda value: value.replace("/", "_"))
def test_a_route_takes_whatever_is_sent(desks: dict[str, Desk], name: str, label: str, mode: GenerationMode) -> None:
    desk, operation = desks[name], operations(name)[label]

    @settings(
        max_examples=EXAMPLES, deadline=None, phases=AT_RANDOM, suppress_health_check=list(HealthCheck), database=None
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        role=st.sampled_from([None, *Role]),
        pick=st.randoms(),
        odd=ODD_VALUES,
    )
    def sent(case: Case[Any], role: Role | None, pick: Random, odd: Any) -> None:
        if asks := desk.asks(label):
            meet_what_is_there(case, pick.choice(asks), pick, odd)
        if case.headers:
            case.headers.pop("Authorization", None)
        answer = case.call(base_url=desk.url, headers=desk.headers(role), timeout=30)
        waits = answer.status_code == 503 and answer.json()["code"] in NOT_HEARD_OF and "retry-after" in answer.headers
        case.validate_response(answer, checks=CHECKS[1:] if waits else CHECKS)

    sent()


def meet_what_is_there(case: Case[Any], ask: Ask, pick: Random, odd: Any) -> None:
    """Mostly the ids of something that exists; half of the bodies are sound but for one value, NaN and infinity too."""
    for parameter in case.path_parameters or {}:
        if pick.random() < 0.7 and parameter in ask.names:
            case.path_parameters[parameter] = ask.names[parameter]
    if isinstance(ask.body, dict) and ask.body and pick.random() < 0.5:
        case.body = json.dumps(bent(ask.body, pick, odd)).encode()


def bent(body: Any, pick: Random, odd: Any) -> Any:
    """A copy with one value, however deep, put in place of another; now and then none."""
    twin = copy.deepcopy(body)
    part = twin
    while pick.random() < 0.8:
        place = pick.choice(sorted(part) if isinstance(part, dict) else range(len(part)))
        if isinstance(part[place], dict | list) and part[place] and pick.random() < 0.7:
            part = part[place]
            continue
        part[place] = odd
        break
    return twin
