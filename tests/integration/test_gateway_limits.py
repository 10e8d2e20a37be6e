"""How much, how often and how long a real Envoy lets through, and what it keeps open."""

import socket
from collections.abc import Callable

import httpx
import pytest

from deploy.local.gateway.routes import BODY_LIMIT_BYTES, FILE_LIMIT_BYTES
from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from tests.integration.echoing_upstream import Upstream
from tests.integration.gateways import HURRIED, bearer, buyer, folder, gateway, issuer, problem, started, upstream

__all__ = ["buyer", "folder", "gateway", "issuer", "started", "upstream"]


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
