"""The same request, however often and however close together, is one effect and one answer (MongoDB is real)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.scope import Role
from tests.integration.houses import House, house
from tests.unit.shared.web.notes import NOTES

MANY = 20
NOTE = {"text": "ज्वारीची भाकरी"}


@pytest.fixture
async def notes() -> AsyncIterator[House]:
    async with house(NOTES) as found:
        yield found


async def made(notes: House) -> str:
    answer = await notes.write("POST", "/v1/notes", Role.BUYER, NOTE)
    assert answer.status_code == 201
    return f"/v1/notes/{answer.json()['id']}"


async def documents(notes: House) -> list[dict[str, Any]]:
    return await notes.running.database.collection("notes").find({}).to_list()


def replayed(answers: list[httpx.Response]) -> int:
    return sum(answer.headers.get("idempotency-replayed") == "true" for answer in answers)


async def test_twenty_twins_of_one_create_leave_one_document_one_fact_and_one_answer(notes: House) -> None:
    twins = (notes.write("POST", "/v1/notes", Role.BUYER, NOTE, "k-1") for _ in range(MANY))
    answers = await asyncio.gather(*twins)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert replayed(answers) == MANY - 1
    kept = await documents(notes)
    assert [(doc["version"], len(doc["outbox"])) for doc in kept] == [(1, 1)]


async def test_twenty_twins_of_one_change_leave_one_fact_and_one_answer(notes: House) -> None:
    path = await made(notes)
    twins = (notes.write("PATCH", path, Role.BUYER, {"text": "ठेचा"}, "k-2") for _ in range(MANY))
    answers = await asyncio.gather(*twins)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["etag"] for answer in answers} == {'"2"'}
    assert replayed(answers) == MANY - 1
    assert await notes.facts("notes", path.rpartition("/")[2]) == ["1 note-written", "2 note-written"]


async def test_twenty_changes_at_once_with_their_own_keys_are_all_made_in_turn(notes: House) -> None:
    path = await made(notes)
    changes = (notes.write("PATCH", path, Role.BUYER, {"text": f"पापड {n}"}, f"k-{n}") for n in range(MANY))
    answers = await asyncio.gather(*changes)
    assert {answer.headers["etag"] for answer in answers} == {f'"{n}"' for n in range(2, MANY + 2)}
    assert replayed(answers) == 0


async def test_a_repeat_after_later_changes_still_gets_the_first_answer(notes: House) -> None:
    path = await made(notes)
    first = await notes.write("PATCH", path, Role.BUYER, {"text": "लोणचे"}, "k-first")
    await notes.write("PATCH", path, Role.BUYER, {"text": "चटणी"}, "k-later")
    again = await notes.write("PATCH", path, Role.BUYER, {"text": "लोणचे"}, "k-first")
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (await notes.get(path, Role.BUYER)).json()["text"] == "चटणी"


async def test_the_same_key_with_another_body_changes_nothing(notes: House) -> None:
    path = await made(notes)
    await notes.write("PATCH", path, Role.BUYER, {"text": "लोणचे"}, "k-1")
    other = await notes.write("PATCH", path, Role.BUYER, {"text": "मुरंबा"}, "k-1")
    assert (other.status_code, other.json()["code"]) == (422, "KeyReused")
    assert (await notes.get(path, Role.BUYER)).json()["text"] == "लोणचे"


async def test_a_refused_create_leaves_nothing_and_is_decided_again(notes: House) -> None:
    loud = await notes.write("POST", "/v1/notes", Role.BUYER, {"text": "विका!"}, "k-1")
    assert (loud.status_code, loud.json()["code"]) == (409, "NoteTooLoud")
    assert await documents(notes) == []
    quiet = await notes.write("POST", "/v1/notes", Role.BUYER, {"text": "विका"}, "k-1")
    assert quiet.status_code == 201


async def test_of_twenty_changes_made_for_one_version_one_is_made(notes: House) -> None:
    path = await made(notes)

    async def change(n: int) -> httpx.Response:
        headers = notes.signer.headers(Role.BUYER, f"k-{n}") | {"If-Match": '"1"'}
        return await notes.client.patch(path, json={"text": f"शेव {n}"}, headers=headers)

    answers = await asyncio.gather(*(change(n) for n in range(MANY)))
    codes = sorted(answer.json().get("code", "made") for answer in answers)
    assert codes == ["VersionMismatch"] * (MANY - 1) + ["made"]
