"""Who may ask, and what a write has to bring."""

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from shared.scope import Role, Scope
from shared.testing import Signer
from shared.web.asking import asked

NOTE = {"text": "भाकरी"}


async def test_without_a_token_the_answer_says_how_to_bring_one(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/notes", json=NOTE, headers={"Accept-Language": "mr"})
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="bachat-haat"'
    assert answer.json()["detail"] == "Token पाठवा: Authorization या header मध्ये Bearer आणि पुढे token."


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer ", "bearer x.y.z", "Bearer a b", "Token x"])
async def test_what_is_no_token_is_refused(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/v1/notes/1", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")


async def test_another_role_is_told_which_roles_may(client: httpx.AsyncClient, signer: Signer) -> None:
    answer = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.DEPARTMENT, "k-1"))
    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    assert answer.json()["params"] == {"role": "department", "allowed": "group_leader, buyer"}


async def test_a_write_needs_an_idempotency_key(client: httpx.AsyncClient, signer: Signer) -> None:
    answer = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER))
    assert (answer.status_code, answer.json()["code"]) == (400, "IdempotencyKeyMissing")


@pytest.mark.parametrize("key", ["k" * 201, "कळ".encode(), b"tab\there", b"\xff"])
async def test_a_key_of_other_characters_or_too_long_is_refused(
    client: httpx.AsyncClient, signer: Signer, key: str | bytes
) -> None:
    headers = [(name.encode(), value.encode()) for name, value in signer.headers(Role.BUYER).items()]
    sent = key if isinstance(key, bytes) else key.encode()
    answer = await client.post("/v1/notes", json=NOTE, headers=[*headers, (b"idempotency-key", sent)])
    assert (answer.status_code, answer.json()["code"]) == (422, "IdempotencyKeyUnusable")


async def test_the_same_key_gives_the_first_answer_marked_as_replayed(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    by = signer.headers(Role.BUYER, "k-1")
    first = await client.post("/v1/notes", json=NOTE, headers=by)
    second = await client.post("/v1/notes", json=NOTE, headers=by)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert first.headers["etag"] == second.headers["etag"] == '"1"'


async def test_the_same_key_for_another_body_is_refused(client: httpx.AsyncClient, signer: Signer) -> None:
    by = signer.headers(Role.BUYER, "k-1")
    await client.post("/v1/notes", json=NOTE, headers=by)
    answer = await client.post("/v1/notes", json={"text": "चटणी"}, headers=by)
    assert (answer.status_code, answer.json()["code"]) == (422, "KeyReused")


async def test_the_same_key_and_body_for_another_action_is_no_repeat(client: httpx.AsyncClient, signer: Signer) -> None:
    made = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER, "k-0"))
    path = f"/v1/notes/{made.json()['id']}"
    changed = await client.patch(path, json={"text": "ताक"}, headers=signer.headers(Role.BUYER, "k-1"))
    assert changed.json()["text"] == "ताक"
    burnt = await client.post(f"{path}/burn", headers=signer.headers(Role.BUYER, "k-1"))
    assert (burnt.status_code, burnt.json()["code"]) == (422, "KeyReused")


async def test_who_asks_for_what_is_another_request_by_any_one_difference() -> None:
    """The store tells people and documents apart besides; this holds where two of them share a key and a document."""

    async def digest(tenant: str = "27", party: str = "asha", body: bytes = b"{}", **changed: object) -> str:
        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        about = {"type": "http", "method": "POST", "path": "/v1/notes", "query_string": b"", "headers": [], **changed}
        scope = Scope(tenant=tenant, role=Role.BUYER, party=party)
        return await asked(Request({**about, "server": ("notes.test", 80)}, receive), scope)

    others = [
        await digest(tenant="29"),
        await digest(party="usha"),
        await digest(body="भाकरी".encode()),
        await digest(method="PUT"),
        await digest(path="/v1/notes/1"),
        await digest(query_string=b"loud=1"),
    ]
    assert await digest() == await digest()
    assert len({await digest(), *others}) == len(others) + 1


async def test_two_people_with_the_same_key_make_two_notes(client: httpx.AsyncClient, signer: Signer) -> None:
    made = [
        await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER, "k-1", sub=who))
        for who in ("सीता".encode().hex(), "गीता".encode().hex())
    ]
    assert len({answer.json()["id"] for answer in made}) == 2


async def test_a_note_of_another_party_or_state_is_not_there(client: httpx.AsyncClient, signer: Signer) -> None:
    made = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER, "k-1"))
    path = f"/v1/notes/{made.json()['id']}"
    for other in ({"sub": "another"}, {"state": "24"}):
        assert (await client.get(path, headers=signer.headers(Role.BUYER, **other))).status_code == 404
    assert (await client.get(path, headers=signer.headers(Role.BUYER))).status_code == 200


async def test_a_change_for_an_older_version_is_refused_and_one_for_this_version_is_made(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    made = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER, "k-0"))
    path = f"/v1/notes/{made.json()['id']}"

    async def patch(key: str, if_match: str) -> httpx.Response:
        headers = signer.headers(Role.BUYER, key) | {"If-Match": if_match}
        return await client.patch(path, json={"text": f"पोळी {key}"}, headers=headers)

    assert (await patch("k-1", '"1"')).headers["etag"] == '"2"'
    late = await patch("k-2", 'W/"1"')
    assert (late.status_code, late.json()["code"], late.json()["params"]) == (412, "VersionMismatch", {"version": 2})
    assert (await patch("k-3", "*")).status_code == 200


@pytest.mark.parametrize("if_match", ["3", '"a"', '"1", "2"', '"-1"', '"9999999999999999999"', '""'])
async def test_an_etag_we_never_gave_is_refused(client: httpx.AsyncClient, signer: Signer, if_match: str) -> None:
    headers = signer.headers(Role.BUYER, "k-1") | {"If-Match": if_match}
    answer = await client.patch("/v1/notes/1", json=NOTE, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadIfMatch")


@pytest.mark.parametrize(
    ("known", "status"), [('"1"', 304), ('W/"1"', 304), ('"7", "1"', 304), ("*", 304), ('"2"', 200)]
)
async def test_what_the_caller_has_already_is_not_sent_again(
    client: httpx.AsyncClient, signer: Signer, known: str, status: int
) -> None:
    made = await client.post("/v1/notes", json=NOTE, headers=signer.headers(Role.BUYER, "k-1"))
    headers = signer.headers(Role.BUYER) | {"If-None-Match": known}
    answer = await client.get(f"/v1/notes/{made.json()['id']}", headers=headers)
    assert (answer.status_code, answer.headers["etag"]) == (status, '"1"')
    assert (answer.content == b"") is (status == 304)


async def test_a_route_may_ask_for_language_settings_and_page(client: httpx.AsyncClient, signer: Signer) -> None:
    said = await client.get("/v1/service", headers={"Accept-Language": "hi"})
    assert said.json() == {"language": "hi", "audience": "bachat-haat"}
    listed = await client.get("/v1/notes?limit=7", headers=signer.headers(Role.ADMIN))
    assert listed.json() == {"role": "admin", "limit": 7}
