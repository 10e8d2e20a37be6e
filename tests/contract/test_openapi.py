import re
from collections.abc import Iterator
from typing import Any

import openapi_spec_validator
import pytest

from tools.contracts import openapi

DOCUMENTS = {name: openapi.document(name) for name in openapi.SERVICES}
WRITES = {"post", "put", "patch", "delete"}
SIGNED = "/v1/provider-callbacks/"  # a provider has no token and no key: its signature says who it is
CALL = "/v1/calls/{call_id}"
PUBLIC = {
    CALL,
    f"{CALL}/outcome",
    f"{CALL}/outcome/file",
    f"{CALL}/log",
    f"{CALL}/vacancies",
}  # anybody may check a draw


def operations(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENTS[name]["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.fixture(params=openapi.SERVICES)
def name(request: pytest.FixtureRequest) -> str:
    service: str = request.param
    return service


def test_the_document_is_valid_openapi(name: str) -> None:
    openapi_spec_validator.validate(DOCUMENTS[name])


def test_every_route_stands_under_v1(name: str) -> None:
    assert all(path.startswith("/v1/") for path, _, _ in operations(name))


def test_every_operation_has_a_name_of_its_own(name: str) -> None:
    names = [operation["operationId"] for _, _, operation in operations(name)]
    assert sorted(set(names)) == sorted(names)


def test_every_route_asks_for_a_token(name: str) -> None:
    open_routes = [path for path, _, operation in operations(name) if not operation.get("security")]
    assert all(path.startswith(SIGNED) or path in PUBLIC for path in open_routes)


def test_what_anybody_may_read_never_asks_for_a_token() -> None:
    found = [operation for path, _, operation in operations("stalls") if path in PUBLIC]
    assert len(found) == len(PUBLIC)
    assert not any({"401", "403"} & operation["responses"].keys() for operation in found)


def test_calls_are_listed_with_a_token_or_without_one() -> None:
    listed = DOCUMENTS["stalls"]["paths"]["/v1/calls"]["get"]
    assert {} in listed["security"]
    assert len(listed["security"]) > 1
    assert "state" in {parameter["name"] for parameter in listed["parameters"]}


def test_nobody_is_named_where_everybody_reads() -> None:
    properties = {
        name: schema.get("properties", {}) for name, schema in DOCUMENTS["stalls"]["components"]["schemas"].items()
    }
    shown = {field for view in ("CallView", "OutcomeView", "RowView") for field in properties[view]}
    assert not shown & {"opened_by", "party", "group", "application", "tenant", "phone"}


def test_every_write_asks_for_an_idempotency_key(name: str) -> None:
    for path, method, operation in operations(name):
        asked = {parameter["name"]: parameter["required"] for parameter in operation.get("parameters", [])}
        if method in WRITES and not path.startswith(SIGNED):
            assert asked.get("Idempotency-Key") is True, f"{method} {path}"


def test_every_list_is_read_page_by_page(name: str) -> None:
    for path, method, operation in operations(name):
        answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if method == "get" and re.search(r"PageView", str(answer)):
            assert {parameter["name"] for parameter in operation["parameters"]} >= {"limit", "cursor"}, path


def test_refusals_are_problems(name: str) -> None:
    for path, method, operation in operations(name):
        refusals = {code: told for code, told in operation["responses"].items() if code[0] in "45"}
        assert refusals, f"{method} {path}"
        assert all("application/problem+json" in told["content"] for told in refusals.values()), f"{method} {path}"


def test_no_text_a_caller_sends_is_unbounded(name: str) -> None:
    """A body field without a limit would be kept at any length."""
    schemas = DOCUMENTS[name].get("components", {}).get("schemas", {})
    asked = {kind: schema for kind, schema in schemas.items() if kind.endswith("Request")}
    for kind, schema in asked.items():
        for field, about in schema.get("properties", {}).items():
            for variant in about.get("anyOf", [about]):
                bounded = {"maxLength", "pattern", "enum", "const", "format"} & variant.keys()
                assert variant.get("type") != "string" or bounded, f"{kind}.{field}"
