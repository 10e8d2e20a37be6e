"""One running system for all journeys, on an earlier release's folder; what stops it or reads all traces is last."""

from collections.abc import Iterator

import pytest

from tests import frozen
from tests.journeys.desks import Desk, set_up
from tests.journeys.fairs import Fair, standing
from tests.journeys.people import Market
from tests.journeys.stories import Story, told
from tests.journeys.system import System
from tools.traces.receiver import Receiver, Span

HOLD_SECONDS = 10  # a test waits for one to run out; an order is confirmed within a fraction of it
PATIENT = {"RELAY_LEASE_SECONDS": "60", "SESSION_TIMEOUT_MILLISECONDS": "60000"}
"""A service that is frozen for as long goes on where it stopped, instead of giving way to another and starting anew."""
LAST = ("test_traces", "test_metrics", "test_second_start")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of their files, those named in LAST behind all others."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LAST, 1) if name in item.nodeid), 0))


@pytest.fixture(scope="session")
def spans() -> Iterator[tuple[str, list[Span]]]:
    """Where processes send their spans, and what came so far."""
    came: list[Span] = []
    with Receiver(0, came.extend) as receiver:
        yield receiver.url, came


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory, spans: tuple[str, list[Span]]) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("system")
    frozen.unpacked(folder)
    asked = {"HOLD_SECONDS": str(HOLD_SECONDS), "OTLP_ENDPOINT": spans[0], **frozen.TOLD, **PATIENT}
    whole = System(folder, asked)
    whole.start()
    yield whole
    whole.stop()


@pytest.fixture(scope="session")
def market(system: System) -> Market:
    return Market(system)


@pytest.fixture(scope="session")
async def board(market: Market) -> Fair:
    """A call of Maharashtra that stays open: who can apply to it is known to the stall desk."""
    return await standing(market)


@pytest.fixture(scope="session")
async def story(market: Market, board: Fair) -> Story:
    return await told(market, board)


@pytest.fixture(scope="session")
async def desk(market: Market, board: Fair) -> Desk:
    return await set_up(market, board)
