"""A stall office with a call that can be closed, for the tests of draws and allotments."""

from collections.abc import AsyncIterator

import pytest

from services.stalls.wiring import SERVICE
from tests.integration.houses import House, house
from tests.integration.stall_calls import Fair, call, stand
from tests.unit.stalls.small_fair import applied


@pytest.fixture
async def stalls() -> AsyncIterator[House]:
    async with house(SERVICE) as found:
        yield found


@pytest.fixture
async def fair(stalls: House) -> Fair:
    """Two grounds with three stalls each, ten groups."""
    asked = call()
    return await stand(stalls, asked, [applied(asked, number, (1, 2)) for number in range(1, 11)])
