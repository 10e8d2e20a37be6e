"""What every process answers, what is counted and told of each request."""

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.health import Health
from shared.scope import Role
from shared.service import Running
from shared.testing import FakeStores, Signer, app_of, settings_for
from shared.web.app import create_app
from tests.unit.shared.web.notes import NOTES


def counted(route: str, method: str, status: int) -> float:
    labels = {"route": route, "method": method, "status": str(status)}
    return REGISTRY.get_sample_value("bachat_requests_total", labels) or 0


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notes.test")


async def test_requests_are_counted_by_route_and_never_by_path(client: httpx.AsyncClient, signer: Signer) -> None:
    before = counted("/v1/notes/{note_id}", "GET", 404)
    for note_id in ("a", "b"):
        await client.get(f"/v1/notes/{note_id}", headers=signer.headers(Role.BUYER))
    assert counted("/v1/notes/{note_id}", "GET", 404) == before + 2
    unknown = counted("(none)", "GET", 404)
    await client.get("/v1/never/9822012345")
    assert counted("(none)", "GET", 404) == unknown + 1
    assert "9822012345" not in (await client.get("/metrics")).text


async def test_each_request_is_one_line_with_its_code_and_without_its_path(client: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        await client.get("/v1/notes/9822012345?phone=9822012345")
    assert [line["event"] for line in logged] == ["http.answered"]
    line = logged[0]
    assert (line["route"], line["status"], line["code"]) == ("/v1/notes/{note_id}", 422, "InvalidRequest")
    assert "9822012345" not in str(line)


async def test_the_trace_of_the_caller_goes_on_in_the_facts(
    client: httpx.AsyncClient, signer: Signer, stores: FakeStores
) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = signer.headers(Role.BUYER, "k-1") | {"traceparent": parent}
    await client.post("/v1/notes", json={"text": "माग"}, headers=headers)
    told = next(iter(stores.database.collection("notes").docs.values()))["outbox"][0]["trace"]
    assert told[:35] == parent[:35]
    assert told != parent


async def test_what_one_request_shows_does_not_leak_into_the_next(client: httpx.AsyncClient, signer: Signer) -> None:
    by = signer.headers(Role.BUYER, "k-1")
    for _ in range(2):
        await client.post("/v1/notes", json={"text": "माग"}, headers=by)
    other = await client.get("/v1/service")
    assert "etag" not in other.headers
    assert "idempotency-replayed" not in other.headers


async def test_a_process_without_the_role_api_has_only_health_and_metrics(signer: Signer, stores: FakeStores) -> None:
    running = Running(NOTES, settings_for(NOTES.settings), stores.database, stores)

    async def takes_writes() -> None:
        return None

    async with client_of(create_app(running, signer, Health(takes_writes), api=False)) as client:
        found = [(await client.get(path)).status_code for path in ("/livez", "/readyz", "/metrics", "/openapi.json")]
        assert found == [200, 200, 200, 404]
        assert (await client.post("/v1/notes", json={"text": "a"})).status_code == 404


@pytest.mark.parametrize("path", ["/livez", "/metrics"])
async def test_liveness_does_not_ask_the_database(signer: Signer, stores: FakeStores, path: str) -> None:
    running = Running(NOTES, settings_for(NOTES.settings), stores.database, stores)

    async def is_away() -> None:
        raise ConnectionError("mongo-3.internal")

    async with client_of(create_app(running, signer, Health(is_away), api=True)) as client:
        assert (await client.get(path)).status_code == 200
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json() == {"status": "not ready", "parts": {"database": "took no write: ConnectionError"}}


async def test_a_token_of_another_issuer_is_refused(stores: FakeStores, signer: Signer) -> None:
    async with client_of(app_of(NOTES, stores, signer)) as client:
        stranger = Signer(kid=signer.kid)
        answered = await client.get("/v1/notes/1", headers=stranger.headers(Role.BUYER))
        assert (answered.status_code, answered.json()["params"]) == (401, {"reason": "signature"})


async def test_what_never_changes_is_known_by_its_digest_and_read_without_a_token(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    written = await client.post("/v1/notes", json={"text": "सोडत"}, headers=signer.headers(Role.BUYER, "k-1"))
    path = f"/v1/board/{written.json()['id']}"
    first = await client.get(path)
    assert (first.json()["text"], first.headers["etag"]) == ("सोडत", '"d1ge57"')
    again = await client.get(path, headers={"If-None-Match": '"d1ge57"'})
    assert (again.status_code, again.content) == (304, b"")
