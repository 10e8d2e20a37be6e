"""The configuration made from the route table, and what Envoy itself thinks of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.local.gateway import envoy
from deploy.local.gateway.__main__ import app
from deploy.local.gateway.filters import JWT
from deploy.local.gateway.render import Gateway, render
from deploy.local.gateway.replies import LANGUAGES, REPLIES
from deploy.local.gateway.routes import ISSUER, ROUTES, SERVICES

ADDRESSES = {name: f"127.0.0.1:{9001 + number}" for number, name in enumerate(SERVICES)}
GATEWAY = Gateway(8080, 8081, "http://127.0.0.1:8090", "http://127.0.0.1:8090/jwks.json", ADDRESSES)
ORDERED = [
    *("render", "--port", "8080", "--admin-port", "8081"),
    *("--issuer", GATEWAY.issuer, "--jwks", GATEWAY.jwks),
]


def every(node: object, key: str) -> Iterator[Any]:
    """Every value that stands under this key, anywhere."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and key in node:
        yield node[key]
    for child in children:
        yield from every(child, key)


def asked_for(folder: Path, addresses: dict[str, str]) -> list[str]:
    services = [part for name, address in addresses.items() for part in ("--service", f"{name}={address}")]
    return [*ORDERED, "--out", str(folder / "envoy.json"), *services]


def test_envoy_accepts_what_the_command_renders(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, asked_for(tmp_path, ADDRESSES)).exit_code == 0
    answer = CliRunner().invoke(app, ["validate", str(tmp_path / "envoy.json")])
    assert answer.exit_code == 0, answer.output


def test_envoys_own_words_are_shown_for_a_configuration_it_refuses(tmp_path: Path) -> None:
    config = tmp_path / "broken.json"
    broken = json.dumps(render(GATEWAY)).replace('"cluster": "orders"', '"cluster": "nobody"')
    config.write_text(broken, encoding="utf-8")
    with pytest.raises(envoy.InvalidConfiguration, match="nobody"):
        envoy.validate(config)
    assert CliRunner().invoke(app, ["validate", str(config)]).exit_code == 1


@pytest.mark.parametrize("addresses", [{"catalog": "127.0.0.1:9001"}, {**ADDRESSES, "kiosk": "127.0.0.1:1"}])
def test_a_missing_or_unknown_service_is_named(tmp_path: Path, addresses: dict[str, str]) -> None:
    answer = CliRunner().invoke(app, asked_for(tmp_path, addresses))
    assert answer.exit_code == 2
    assert ("kiosk" if "kiosk" in addresses else "notify") in answer.output
    assert not (tmp_path / "envoy.json").exists()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:70000"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        render(Gateway(1, 2, GATEWAY.issuer, GATEWAY.jwks, {**ADDRESSES, "orders": address}))


def test_keys_are_only_fetched_from_an_http_address() -> None:
    with pytest.raises(ValueError, match="http://"):
        render(Gateway(1, 2, GATEWAY.issuer, "file:///etc/keys", ADDRESSES))


def test_every_row_goes_to_a_service_that_exists_and_has_a_time_limit() -> None:
    assert {row.service for row in ROUTES} == {*SERVICES, ISSUER}
    files = {"/v1/calls/{id}/outcome/file", "/v1/groups/export"}
    reports = {"/v1/imports/{id}/report", "/v1/contact-imports/{id}/report"}
    goes_on = {"/v1/draws/{id}/events", *files, *reports}
    assert all(0 < row.timeout_seconds <= (3600 if row.path in goes_on else 30) for row in ROUTES)


def test_every_route_says_itself_whether_a_token_is_needed() -> None:
    (routes,) = every(render(GATEWAY), "routes")
    stated = [route["typed_per_filter_config"][JWT] for route in routes if "route" in route]
    assert len(stated) == len(ROUTES)
    for row, said in zip(ROUTES, stated, strict=True):
        assert ("requirement_name" in said) == (row.auth == "required") == ("disabled" not in said)


def test_only_callbacks_and_pages_pass_without_a_token() -> None:
    assert {row.path for row in ROUTES if row.auth == "signed"} == {"/v1/provider-callbacks"}
    opened = {row.path for row in ROUTES if row.auth == "public"}
    documents = {f"/openapi/{service}.json" for service in SERVICES}
    call = "/v1/calls/{id}"
    of_a_draw = {call, *(f"{call}/{page}" for page in ("log", "outcome", "outcome/file", "vacancies"))}
    assert opened == {"/docs", *documents, "/v1/calls", *of_a_draw}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/calls/c0ffee/outcome", True),
        ("/v1/calls/c0ffee/outcome/file", False),
        ("/v1/calls//outcome", False),
        ("/v1/calls/a/b/outcome", False),
        ("/v1/calls/c0ffee/outcomes", False),
        ("/v1/callsXc0ffee/outcome", False),
    ],
)
def test_a_placeholder_stands_for_one_segment(path: str, *, found: bool) -> None:
    (routes,) = every(render(GATEWAY), "routes")
    match = next(route["match"] for route in routes if route.get("name") == "/v1/calls/{id}/outcome")
    assert bool(re.fullmatch(match["safe_regex"]["regex"], path)) is found


def test_retries_happen_on_connect_failures_only() -> None:
    assert {*every(render(GATEWAY), "retry_on")} == {"connect-failure"}


def test_everything_listens_on_this_machine_only() -> None:
    config = render(GATEWAY)
    listening = [config["admin"], *config["static_resources"]["listeners"]]
    assert {place["address"]["socket_address"]["address"] for place in listening} == {"127.0.0.1"}


def test_one_rate_takes_the_place_of_every_classes_own() -> None:
    small = Gateway(1, 2, GATEWAY.issuer, GATEWAY.jwks, ADDRESSES, rate=7)
    (limits, *_) = every(render(small), "descriptors")
    assert {limit["token_bucket"]["max_tokens"] for limit in limits} == {7}
    (own, *_) = every(render(GATEWAY), "descriptors")
    assert min(limit["token_bucket"]["max_tokens"] for limit in own) >= 500


def test_every_refusal_has_its_own_code_and_a_sentence_in_each_language() -> None:
    assert len({reply.code for reply in REPLIES}) == len(REPLIES) == len({reply.status for reply in REPLIES})
    assert {401, 403, 404, 413, 429, 503, 504} <= {reply.status for reply in REPLIES}
    for reply in REPLIES:
        assert len({reply.detail(language) for language in LANGUAGES}) == 3


def test_the_access_log_names_neither_path_nor_query_nor_token() -> None:
    (line, *_) = (
        log["log_format"]["json_format"] for log in every(render(GATEWAY), "typed_config") if "log_format" in log
    )
    assert line["route"] == "%ROUTE_NAME%"
    told = json.dumps(line).lower()
    assert not any(word in told for word in ("authorization", "path", "query"))
