"""A real Envoy, made from the route table, between a client and a service that tells what reached it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from deploy.local.gateway import envoy
from deploy.local.gateway.render import Gateway, render
from deploy.local.gateway.routes import READS, ROUTES, SERVICES, WRITE, Route
from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from deploy.local.ports import free_port
from deploy.local.process import Process
from tests.integration.echoing_upstream import listening

BUYER = Ask(role="buyer", state="27")
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
