"""The document other programs are generated from."""

from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from shared.testing import FakeStores, Signer, app_of
from tests.unit.shared.web.notes import NOTES, NoteDocument


@pytest.fixture
def document() -> dict[str, Any]:
    return app_of(NOTES, FakeStores(NoteDocument), Signer()).openapi()


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_a_write_documents_its_problems_key_and_token(document: dict[str, Any]) -> None:
    write = document["paths"]["/v1/notes"]["post"]
    problems = {"400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503"}
    assert set(write["responses"]) == {"201", *problems}
    reference = {"schema": {"$ref": "#/components/schemas/ProblemView"}}
    assert all(write["responses"][code]["content"] == {"application/problem+json": reference} for code in problems)
    key = next(parameter for parameter in write["parameters"] if parameter["name"] == "Idempotency-Key")
    assert key["required"] is True
    assert write["security"] == [{"HTTPBearer": []}]


def test_a_read_documents_only_what_can_happen_to_a_read(document: dict[str, Any]) -> None:
    read = document["paths"]["/v1/notes/{note_id}"]["get"]
    assert not {"409", "412", "413", "415"} & set(read["responses"])


def test_what_anybody_may_read_asks_for_no_token_and_never_answers_that_there_is_none(document: dict[str, Any]) -> None:
    read = document["paths"]["/v1/board/{note_id}"]["get"]
    assert "security" not in read
    assert set(read["responses"]) == {"200", "400", "404", "422", "429", "503"}


def test_health_and_metrics_are_nobodys_contract(document: dict[str, Any]) -> None:
    assert all(path.startswith("/v1/") for path in document["paths"])


async def test_no_page_of_the_app_needs_the_internet(client: httpx.AsyncClient) -> None:
    assert (await client.get("/docs")).status_code == 404
    assert (await client.get("/redoc")).status_code == 404
    assert (await client.get("/openapi.json")).json()["info"]["title"] == "Bachat Haat: notes"
