"""Who passes a real Envoy, with which headers, on which paths, and what is refused and logged."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from deploy.local.issuer.client import token
from deploy.local.issuer.keys import kept_key, new_key
from deploy.local.issuer.tokens import mint
from tests.integration.gateways import BUYER, bearer, buyer, folder, gateway, issuer, problem, started, upstream

PHONE = "9822012345"
__all__ = ["buyer", "folder", "gateway", "issuer", "started", "upstream"]


def test_a_request_without_a_token_is_refused_with_a_problem_body(gateway: httpx.Client) -> None:
    body = problem(gateway.get("/v1/orders"), 401)
    assert body["code"] == "Unauthenticated"
    assert body["status"] == 401


@pytest.mark.parametrize(
    ("language", "word"),
    [("mr-IN,en;q=0.8", "वैध टोकन"), ("hi", "मान्य टोकन"), ("ta", "valid token"), ("", "valid token")],
)
def test_a_refusal_speaks_the_language_that_was_asked_for(gateway: httpx.Client, language: str, word: str) -> None:
    assert word in problem(gateway.get("/v1/orders", headers={"accept-language": language}), 401)["detail"]


def test_a_token_lets_a_request_pass_and_its_claims_become_headers(
    gateway: httpx.Client, buyer: dict[str, str]
) -> None:
    answer = gateway.get("/v1/products", params={"q": "पापड"}, headers=buyer)
    headers = answer.json()["headers"]
    assert (headers["x-user-id"], headers["x-user-role"], headers["x-user-state"]) == (BUYER.party(), "buyer", "27")
    assert headers["authorization"] == buyer["authorization"]


def test_the_headers_of_a_user_cannot_be_spoofed(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    forged = {"x-user-id": "admin", "X-User-Role": "admin", "x-user-groups": "all", "x_user_id": "admin"}
    headers = gateway.post("/v1/orders", headers={**buyer, **forged}).json()["headers"]
    assert headers["x-user-id"] == BUYER.party()
    assert headers["x-user-role"] == "buyer"
    assert not {"x-user-groups", "x_user_id"} & set(headers)


def test_a_path_without_a_token_carries_no_user_at_all(gateway: httpx.Client) -> None:
    answer = gateway.post("/v1/provider-callbacks/sms", json={}, headers={"x-user-id": "admin"})
    assert answer.status_code == 200
    assert not [name for name in answer.json()["headers"] if name.startswith("x-user")]


def test_a_token_for_another_audience_is_refused(gateway: httpx.Client, folder: Path, issuer: str) -> None:
    foreign = mint(kept_key(folder), issuer, BUYER, audience="another-market")
    assert problem(gateway.get("/v1/orders", headers=bearer(foreign)), 403)["code"] == "WrongAudience"


def test_an_expired_token_is_refused(gateway: httpx.Client, folder: Path, issuer: str) -> None:
    old = mint(kept_key(folder), issuer, BUYER, now=time.time() - BUYER.ttl_seconds - 120)
    assert problem(gateway.get("/v1/orders", headers=bearer(old)), 401)["code"] == "Unauthenticated"


def test_a_token_signed_by_another_key_or_of_another_issuer_is_refused(
    gateway: httpx.Client, folder: Path, issuer: str
) -> None:
    for forged in (mint(new_key(), issuer, BUYER), mint(kept_key(folder), "http://127.0.0.1:1", BUYER)):
        assert problem(gateway.get("/v1/orders", headers=bearer(forged)), 401)["code"] == "Unauthenticated"


def test_a_token_in_the_query_string_opens_nothing(gateway: httpx.Client, issuer: str) -> None:
    answer = gateway.get("/v1/orders", params={"access_token": token(issuer, BUYER)})
    assert problem(answer, 401)["code"] == "Unauthenticated"


def test_a_callback_of_a_provider_passes_without_a_token_but_only_as_a_post(gateway: httpx.Client) -> None:
    assert (
        gateway.post("/v1/provider-callbacks/sms", json={"status": "sent"}).json()["path"]
        == "/v1/provider-callbacks/sms"
    )
    problem(gateway.get("/v1/provider-callbacks/sms"), 404)


def test_calls_and_outcomes_may_be_read_without_a_token_and_nothing_else(gateway: httpx.Client) -> None:
    outcome = ("/v1/calls/c0ffee/outcome", "/v1/calls/c0ffee/outcome?ticket=१२", "/v1/calls/c0ffee/outcome/file")
    for path in ("/v1/calls", "/v1/calls?state=27", "/v1/calls/c0ffee", *outcome):
        assert problem(gateway.get(path), 503)["code"] == "ServiceUnavailable", "it went on to stalls, which is away"
        assert problem(gateway.post(path, json={}), 401)["code"] == "Unauthenticated"
    for path in ("/v1/calls/a/b/outcome", "/v1/calls/c0ffee/demand", "/v1/calls/c0ffee/outcome/file/x"):
        assert problem(gateway.get(path), 401)["code"] == "Unauthenticated"


def test_a_request_id_is_made_here_and_the_clients_own_is_dropped(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    answer = gateway.get("/v1/orders", headers={**buyer, "x-request-id": "mine"})
    assert answer.json()["headers"]["x-request-id"] == answer.headers["x-request-id"] != "mine"


@pytest.mark.parametrize("path", ["/", "/v1/nothing", "/v1/ordersandmore", "/livez", "/metrics", "/v1/%2e%2e/metrics"])
def test_a_path_that_is_not_in_the_table_reaches_nobody(
    gateway: httpx.Client, buyer: dict[str, str], path: str
) -> None:
    assert problem(gateway.get(path, headers=buyer), 404)["code"] == "NoSuchRoute"


def test_an_escaped_slash_cannot_smuggle_a_path(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    answer = gateway.get("/v1/orders%2f..%2f..%2fmetrics", headers=buyer)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_the_openapi_of_each_service_is_public(gateway: httpx.Client) -> None:
    for service in ("catalog", "orders", "notify"):
        assert gateway.get(f"/openapi/{service}.json").json()["path"] == "/openapi.json"


def test_the_api_page_needs_nothing_from_the_internet(gateway: httpx.Client) -> None:
    page = gateway.get("/docs").text
    assert "बचत हाट" in page
    assert "//" not in page.replace("<!doctype", "")
    for static in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        assert f"/docs/static/{static}" in page
        assert gateway.get(f"/docs/static/{static}").status_code == 200


def test_the_access_log_holds_no_phone_number_and_no_token(
    gateway: httpx.Client, buyer: dict[str, str], folder: Path
) -> None:
    last = gateway.get("/v1/contacts", params={"phone": PHONE}, headers=buyer).headers["x-request-id"]
    line = await_line(folder / "access-0.jsonl", last)
    assert (line["route"], line["status"], line["service"]) == ("/v1/contacts", 200, "notify")
    assert line["user"] == BUYER.party()
    text = (folder / "access-0.jsonl").read_text(encoding="utf-8")
    assert PHONE not in text
    assert buyer["authorization"].removeprefix("Bearer ")[:40] not in text


def await_line(path: Path, request_id: str) -> dict[str, Any]:
    """Envoy flushes its log now and then."""
    found: dict[str, Any] = {}
    for attempt in stamina.retry_context(on=StopIteration, attempts=None, timeout=20, wait_initial=0.1, wait_max=0.5):
        with attempt:
            lines = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
            found = next(line for line in lines if line["request_id"] == request_id)
    return found
