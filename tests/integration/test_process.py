"""A process as its supervisor sees it: it starts, tells the truth, stops in order, and says why it cannot."""

import asyncio
import json
import os
import secrets
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.mongo import Database, connect
from tests.processes import Spawned, spawn, until

NOWHERE = "mongodb://127.0.0.1:9/?replicaSet=rs0"


class Sample:
    """Processes of the sample service in one namespace."""

    def __init__(self, database: Database, namespace: str) -> None:
        self.database, self.namespace = database, namespace
        self.spawned: list[Spawned] = []

    def start(self, *roles: str, plan: str = "", **changed: str) -> Spawned:
        nobody = {"ISSUER": "http://issuer.test", "JWKS_URL": "http://127.0.0.1:9/jwks.json"}
        usual = {"PROFILE": "local", "NAMESPACE": self.namespace, "HTTP_PORT": "0", "LOG_FORMAT": "json", "PLAN": plan}
        usual["ALLOW_UNSAFE"] = "1"  # nobody has created topics here
        environment = nobody | usual | changed
        self.spawned.append(spawn("tests.integration.sample_process", *roles, environment=environment))
        return self.spawned[-1]

    async def serving(self, *roles: str, **changed: str) -> tuple[Spawned, str]:
        """A process that has started, and its address."""
        process = self.start(*roles, **changed)
        found = await said(process, "process.started")
        return process, f"http://127.0.0.1:{found['port']}"

    async def marks(self) -> list[str]:
        return [row["_id"] for row in await self.database.collection("marks").find({}).to_list()]


def lines(process: Spawned) -> list[dict[str, Any]]:
    return [json.loads(line) for line in process.text().splitlines() if line.startswith("{")]


async def said(process: Spawned, event: str) -> dict[str, Any]:
    """The first log line of that event, once it is there."""

    async def there() -> bool:
        assert process.running or event in process.text(), process.text()
        return any(line["event"] == event for line in lines(process))

    await until(there, what=f"a line {event}")
    return next(line for line in lines(process) if line["event"] == event)


@pytest.fixture
async def sample() -> AsyncIterator[Sample]:
    namespace = f"p{secrets.token_hex(4)}-"
    database = await connect(os.environ["MONGODB_URI"], f"{namespace}sample")
    found = Sample(database, namespace)
    yield found
    for process in found.spawned:
        process.kill()
    await database.client.drop_database(database.db.name)
    await database.client.close()


async def test_a_process_serves_health_and_its_routes_and_stops_with_zero(sample: Sample) -> None:
    process, address = await sample.serving("api")
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/livez")).json() == {"status": "alive"}
        assert (await client.get("/readyz")).json() == {"status": "ready", "parts": {"database": "ok"}}
        assert "bachat_requests_total" in (await client.get("/metrics")).text
        assert (await client.get("/openapi.json")).status_code == 200
    assert await process.stop() == 0
    assert [line["event"] for line in lines(process)][-2:] == ["process.stopping", "process.stopped"]


async def test_a_request_on_its_way_is_answered_before_the_process_stops(sample: Sample) -> None:
    process, address = await sample.serving("api")

    async def asked() -> bool:
        return "asked" in await sample.marks()

    async with httpx.AsyncClient(base_url=address) as client:
        request = asyncio.create_task(client.get("/v1/slow"))
        await until(asked, what="the request has begun")
        process.send(signal.SIGTERM)
        assert (await request).json() == {"answer": "शेवटपर्यंत"}
    assert await process.ended() == 0


async def test_an_interrupt_lets_workers_finish(sample: Sample) -> None:
    process, _ = await sample.serving("consume")
    process.send(signal.SIGINT)
    assert await process.ended() == 0
    assert await sample.marks() == ["worker finished"]


@pytest.mark.parametrize(("plan", "reason"), [("fails", "the worker's own reason"), ("ends", "None")])
async def test_a_role_that_ends_is_told_once_and_stops_the_process_with_one(
    sample: Sample, plan: str, reason: str
) -> None:
    process = sample.start("api", "consume", plan=plan)
    assert await process.ended() == 1
    failed = [line for line in lines(process) if line["level"] == "error"]
    assert [(line["event"], line["role"]) for line in failed] == [("role.failed", "worker")]
    assert reason in failed[0]["reason"]


async def test_a_process_waits_for_its_database_with_a_visible_line_and_can_be_stopped_meanwhile(
    sample: Sample,
) -> None:
    process = sample.start("api", MONGODB_URI=NOWHERE)
    line = await said(process, "mongodb.away")
    assert line["error"] == "TimeoutError: no answer within 3 s from the servers of MONGODB_URI"
    assert await process.stop() == 0


async def test_an_unsafe_server_is_refused_with_what_to_change(sample: Sample) -> None:
    process = sample.start("api", "relay", PROFILE="production", ALLOW_UNSAFE="0")
    assert await process.ended() == 1
    refused = next(line for line in lines(process) if line["event"] == "process.refused_to_start")
    assert refused["reason"].startswith("Topics are missing: ")


async def test_an_address_in_use_is_named(sample: Sample) -> None:
    _, address = await sample.serving("api")
    port = address.rpartition(":")[2]
    second = sample.start("api", HTTP_PORT=port)
    assert await second.ended() == 1
    assert f"127.0.0.1:{port} cannot be listened on" in second.text()


async def test_a_missing_setting_is_said_without_a_traceback(sample: Sample) -> None:
    process = sample.start("api", ISSUER="", JWKS_URL="issuer")
    assert await process.ended() == 2
    assert [line.partition(" (")[0] for line in process.text().splitlines()] == [
        "ISSUER is missing",
        "JWKS_URL is wrong: Input should be a valid URL, relative URL without a base",
    ]


async def test_a_process_without_the_role_api_has_health_only(sample: Sample) -> None:
    _, address = await sample.serving("consume")
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/slow")).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 404


async def send_raw(address: str, request: bytes) -> bytes:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await reader.read(65_536)
    writer.close()
    return answer


async def test_a_body_of_ten_megabytes_hears_why_and_the_process_goes_on(sample: Sample) -> None:
    process, address = await sample.serving("api")

    async def ten_megabytes() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b" " * 65_536

    headers = {"Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        for content in (b" " * 10_485_760, ten_megabytes()):
            answer = await client.post("/v1/slow", content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")
    assert (await send_raw(address, b"\x16\x03\x01 no http\r\n\r\n")).startswith(b"HTTP/1.1 400")
    assert (await send_raw(address, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert await process.stop() == 0
    assert not [line for line in lines(process) if line["level"] == "error"]
