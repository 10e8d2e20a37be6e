"""The HTTP face of the notes service, on stores in memory."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.testing import FakeStores, Signer, app_of
from tests.unit.shared.web.notes import NOTES, NoteDocument


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def stores() -> FakeStores:
    return FakeStores(NoteDocument)


@pytest.fixture
async def client(signer: Signer, stores: FakeStores) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app_of(NOTES, stores, signer))
    async with httpx.AsyncClient(transport=transport, base_url="http://notes.test") as client:
        yield client
