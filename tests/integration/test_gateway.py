"""A real Envoy, made from the route table, between a client and a service that tells what reached it."""

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from deploy.local.gateway import envoy
from deploy.local.gateway.render import Gateway, render
from deploy.local.gateway.routes import BODY_LIMIT_BYTES, FILE_LIMIT_BYTES, READS, ROUTES, SERVICES, WRITE, Route
from deploy.local.issuer.client import token
from deploy.local.issuer.keys import kept_key, new_key
from deploy.local.issuer.tokens import Ask, mint
from deploy.local.ports import free_port
from deploy.local.process import Process
from tests.integration.echoing_upstream import Upstream, listening

BUYER = Ask(role="buyer", state="27")
PHONE = "9822012345"
HURRIED = Route("/v1/orders/hurried", READS, "orders", "required", WRITE, timeout_seconds=0.2)


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with listening() as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gateway")


@pytest.fixture(scope="module")
def issuer(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "deploy.local.issuer", "--port", port, "--data", folder]
    process = Process("issuer", [str(part) for part in command])
    process.start()
    await_answer(f"http://127.0.0.1:{port}/healthz")
    yield f"http://127.0.0.1:{port}"
    process.stop()


@pytest.fixture(scope="module")
def started(folder: Path, issuer: str, upstream: str) -> Iterator[Callable[[int | None], str]]:
    """Starts a gateway in front of the upstream; `stalls` has nobody behind it."""
    running: list[Process] = []

    def start(rate: int | None) -> str:
        port = free_port()
        services = {**dict.fromkeys(SERVICES, upstream), "stalls": f"127.0.0.1:{free_port()}"}
        log = str(folder / f"access-{len(running)}.jsonl")
        asked = Gateway(port, free_port(), issuer, f"{issuer}/jwks.json", services, rate=rate, access_log=log)
        config = folder / f"{port}.json"
        config.write_text(json.dumps(render(asked, (HURRIED, *ROUTES))), encoding="utf-8")
        running.append(Process("gateway", envoy.command(config)))
        running[-1].start()
        await_answer(f"http://127.0.0.1:{port}/healthz")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.stop()


@pytest.fixture(scope="module")
def gateway(started: Callable[[int | None], str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=started(None), timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def buyer(issuer: str) -> dict[str, str]:
    return bearer(token(issuer, BUYER))


def await_answer(url: str) -> None:
    for attempt in stamina.retry_context(on=httpx.TransportError, attempts=None, timeout=30, wait_max=0.2):
        with attempt:
            httpx.get(url)


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


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


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10_000_000])
def test_a_body_over_the_limit_is_refused(gateway: httpx.Client, buyer: dict[str, str], size: int) -> None:
    assert problem(gateway.post("/v1/orders", content=b"x" * size, headers=buyer), 413)["code"] == "BodyTooLarge"
    assert gateway.post("/v1/orders", content=b"x" * 1024 * 1024, headers=buyer).status_code == 200


@pytest.mark.parametrize("route", ["/v1/imports", "/v1/contact-imports"])
def test_a_list_that_is_sent_as_a_file_may_be_larger_and_only_there(
    gateway: httpx.Client, buyer: dict[str, str], route: str
) -> None:
    file = f"{route}/job/files/यादी.csv"
    largest, larger = b"x" * FILE_LIMIT_BYTES, b"x" * (BODY_LIMIT_BYTES + 1)
    served = gateway.put(file, content=largest, headers=buyer)
    assert served.status_code != 413
    too_large = problem(gateway.put(file, content=largest + b"x", headers=buyer), 413)
    assert (too_large["code"], "in pieces with its header" in too_large["detail"]) == ("BodyTooLarge", True)
    assert problem(gateway.post(route, content=larger, headers=buyer), 413)["code"] == "BodyTooLarge"
    assert problem(gateway.post(f"{route}/job/start", content=larger, headers=buyer), 413)["code"] == "BodyTooLarge"


def test_a_user_over_her_rate_is_told_so_and_another_is_not(
    started: Callable[[int | None], str], issuer: str, buyer: dict[str, str]
) -> None:
    with httpx.Client(base_url=started(3)) as client:
        answers = [client.get("/v1/orders", headers=buyer) for _ in range(30)]
        refused = next(answer for answer in answers if answer.status_code == 429)
        other = client.get("/v1/orders", headers=bearer(token(issuer, Ask(role="institution"))))
    assert problem(refused, 429)["code"] == "TooManyRequests"
    assert (refused.headers["x-ratelimit-limit"], refused.headers["x-ratelimit-remaining"]) == ("3", "0")
    assert refused.headers["retry-after"] == "1"
    assert answers[0].headers["x-ratelimit-remaining"] == "2"
    assert other.status_code == 200


def test_reads_and_writes_of_one_user_are_counted_apart(
    started: Callable[[int | None], str], buyer: dict[str, str]
) -> None:
    with httpx.Client(base_url=started(1)) as client:
        reads = [client.get("/v1/orders", headers=buyer).status_code for _ in range(10)]
        assert 429 in reads
        assert client.post("/v1/orders", headers=buyer).status_code == 200


def test_a_service_that_is_away_gives_503_after_its_retries(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    assert problem(gateway.get("/v1/venues", headers=buyer), 503)["code"] == "ServiceUnavailable"


def test_a_service_that_takes_too_long_gives_504(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    assert problem(gateway.get(HURRIED.path, headers=buyer), 504)["code"] == "GatewayTimeout"


def test_an_event_stream_arrives_while_it_is_still_open(gateway: httpx.Client, buyer: dict[str, str]) -> None:
    with gateway.stream("GET", "/v1/orders/stream", headers=buyer) as answer:
        assert next(answer.iter_text()) == "data: पहिली\n\n"
        assert not Upstream.let_go.is_set()


def test_a_websocket_is_passed_through_with_a_token_and_refused_without(
    gateway: httpx.Client, buyer: dict[str, str]
) -> None:
    assert b" 101 " in upgraded(gateway, buyer)[0]
    assert upgraded(gateway, buyer)[1] == b"echo:namaste\n"
    assert b" 401 " in upgraded(gateway, {})[0]


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


def upgraded(gateway: httpx.Client, headers: dict[str, str]) -> tuple[bytes, bytes]:
    """The status line of a WebSocket handshake and, once upgraded, the first line that comes back."""
    key = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13", "sec-websocket-key": "eA=="}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"host": "market", **key, **headers}.items())
    with socket.create_connection((gateway.base_url.host, gateway.base_url.port or 80), timeout=20) as connection:
        connection.sendall(f"GET /v1/orders/live HTTP/1.1\r\n{lines}\r\n".encode())
        with connection.makefile("rb") as answer:
            status = answer.readline()
            if b" 101 " not in status:
                return status, b""
            while answer.readline().strip():
                pass
            connection.sendall(b"namaste\n")
            return status, answer.readline()
