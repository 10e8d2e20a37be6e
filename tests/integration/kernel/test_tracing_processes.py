"""Real processes and their collector: what waits arrives at the end, and a collector that is away hurts nobody."""

import socket
from collections.abc import Iterator

import pytest
from pydantic import AnyHttpUrl

from shared.service import Running
from shared.settings import CommonSettings
from tests.integration.kernel.conftest import Log, Start
from tests.integration.kernel.test_consumer import consumed, story
from tests.processes import Spawned, until
from tools.traces.receiver import Receiver, Span

FACTS = story(pots=3, fills=4)


@pytest.fixture
def collector() -> Iterator[socket.socket]:
    """Bound to a port; nobody answers there unless the test listens."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as bound:
        yield bound


@pytest.fixture
def came() -> list[Span]:
    return []


@pytest.fixture
def endpoint(request: pytest.FixtureRequest, collector: socket.socket, came: list[Span]) -> Iterator[str]:
    """Where the process sends spans, by how that place behaves: it takes, refuses or hangs."""
    url = f"http://127.0.0.1:{collector.getsockname()[1]}"
    if request.param == "refuses":
        collector.close()
    with Receiver(0, came.extend) as receiver:
        yield receiver.url if request.param == "takes" else url


@pytest.fixture
def settings(settings: CommonSettings, endpoint: str) -> CommonSettings:
    return settings.model_copy(update={"otlp_endpoint": AnyHttpUrl(endpoint)})


@pytest.fixture
def traced(start: Start) -> Spawned:
    return start("relay", "consume")


@pytest.mark.parametrize("endpoint", ["takes"], indirect=True)
async def test_what_waits_is_sent_before_the_process_ends(
    traced: Spawned, running: Running, log: Log, came: list[Span]
) -> None:
    await log.write(*FACTS)
    await until(lambda: consumed(running, log), what="all consumed")
    assert await traced.stop() == 0, traced.text()
    assert "traces.on" in traced.text()
    events = [span for span in came if span.name == f"process {log.topic}"]
    assert len(events) == len(FACTS)
    told = {
        "service.name": "pots",
        "bachat.roles": ["relay", "consume"],
        "bachat.namespace": running.settings.namespace,
    }
    assert told.items() <= events[0].resource.items()


@pytest.mark.parametrize("endpoint", ["refuses", "hangs"], indirect=True)
async def test_a_collector_that_is_away_is_said_once_and_hurts_nobody(
    traced: Spawned, running: Running, log: Log
) -> None:
    async def is_said() -> bool:
        return "traces.lost" in traced.text()

    await log.write(*FACTS[:3])
    await until(is_said, what="that spans are lost")
    await log.write(*FACTS[3:])
    await until(lambda: consumed(running, log), what="all consumed")
    assert await traced.stop() == 0, traced.text()
    assert traced.text().count("traces.lost") == 1
    assert "Traceback" not in traced.text()
    assert "opentelemetry" not in traced.text()
