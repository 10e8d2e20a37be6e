"""A link under test control does what it says: an echo behind it answers, is cut off, silent, half heard or slow."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.chaos.ground.network import Network, network
from tests.processes import PATIENCE_SECONDS, until

WORD = "उडीद पापड\n".encode()
LINK = "echo"
SILENCE_SECONDS = 0.5


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with network(tmp_path_factory.mktemp("network") / "network.log") as reached:
        yield reached


@pytest.fixture(scope="module")
async def heard() -> list[bytes]:
    """What reached the echo."""
    return []


@pytest.fixture(scope="module")
async def port(links: Network, heard: list[bytes]) -> AsyncIterator[int]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            heard.append(line)
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    yield links.link(LINK, server.sockets[0].getsockname()[1])
    server.close()


@pytest.fixture
async def call(links: Network, port: int) -> AsyncIterator["Call"]:
    links.mend()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Call(reader, writer)
    writer.close()


class Call:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, patience_seconds: float = PATIENCE_SECONDS) -> bytes:
        """The echo; TimeoutError when none comes."""
        self.writer.write(WORD)
        async with asyncio.timeout(patience_seconds):
            return await self.reader.readline()


async def test_an_open_link_carries_both_ways(call: Call) -> None:
    assert await call.ask() == WORD


async def test_a_cut_resets_what_is_open_and_refuses_what_comes(links: Network, port: int, call: Call) -> None:
    assert await call.ask() == WORD
    links.set(LINK, "cut")
    with pytest.raises(ConnectionResetError):
        await call.ask()
    with pytest.raises(ConnectionResetError):  # while it connects, or when it asks
        await Call(*await asyncio.open_connection("127.0.0.1", port)).ask()
    assert links.counts(LINK)["reset"] >= 2


async def test_a_stalled_link_closes_nothing_and_delivers_late(links: Network, call: Call, heard: list[bytes]) -> None:
    assert await call.ask() == WORD
    before = len(heard)
    links.set(LINK, "stall")
    with pytest.raises(TimeoutError):
        await call.ask(SILENCE_SECONDS)
    assert len(heard) == before, "nothing arrived"
    links.set(LINK, "open")
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await call.reader.readline() == WORD


async def test_a_mute_link_lets_requests_through_and_loses_the_answers(
    links: Network, call: Call, heard: list[bytes]
) -> None:
    assert await call.ask() == WORD
    before = len(heard)
    links.set(LINK, "mute")
    with pytest.raises(TimeoutError):
        await call.ask(SILENCE_SECONDS)

    async def arrived() -> bool:
        return len(heard) == before + 1

    await until(arrived, what="the request arrived although nobody heard the answer")
    links.set(LINK, "open")
    with pytest.raises(ConnectionResetError):
        await call.reader.readline()


async def test_a_slow_link_delays_every_piece(links: Network, call: Call) -> None:
    before = links.counts(LINK).get("slow", 0)
    links.set(LINK, "slow", seconds=2 * SILENCE_SECONDS)
    with pytest.raises(TimeoutError):
        await call.ask(SILENCE_SECONDS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await call.reader.readline() == WORD
    assert links.counts(LINK)["slow"] == before + 2, "the question and the answer"


async def test_one_process_is_cut_off_while_others_are_not(links: Network, call: Call) -> None:
    links.set(LINK, "cut", [os.getppid()])
    assert await call.ask() == WORD
    links.set(LINK, "cut", [os.getpid()])
    with pytest.raises(ConnectionResetError):
        await call.ask()


def test_the_links_die_with_their_process(tmp_path: Path) -> None:
    with network(tmp_path / "network.log") as reached:
        reached.link("nowhere", 1)
        control = reached.told.getpeername()[1]
    with pytest.raises(OSError, match="refused"):
        Network(control)
