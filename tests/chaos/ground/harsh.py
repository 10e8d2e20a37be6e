"""The servers of a long run: three mongods and a Kafka, each behind a link, on disks that can be full or slow."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local.kafka import Kafka
from deploy.local.ports import free_port
from tests.chaos.ground.disk import Disk
from tests.chaos.ground.network import Network, network
from tests.chaos.ground.replicas import ELECTION_MILLISECONDS, MEMBERS, Member, Replicas, link_of
from tests.chaos.ground.slow_disk import SlowDisk

MONGOD_MEGABYTES = 512
KAFKA_MEGABYTES = 512
DIES_WITHIN_SECONDS = 30.0
KAFKA = "kafka"


class Harsh:
    """`kafka` and `mongodb` are what clients are told. The first mongod and Kafka stand on small disks."""

    def __init__(self, folder: Path, links: Network) -> None:
        self.folder, self.links = folder, links
        self.disks = {
            "mongodb": Disk(folder / "mongodb-1" / "db", MONGOD_MEGABYTES),
            KAFKA: Disk(folder / KAFKA / "log", KAFKA_MEGABYTES),
        }
        self.slow = {name: SlowDisk(folder / f"slow-{name}") for name in self.disks}
        for disk in self.disks.values():
            disk.mount()
        folders = [folder / link_of(n) for n in range(MEMBERS)]
        self.replicas = Replicas(folders, links, self.slow["mongodb"].environment)
        port = free_port()
        self.broker = Kafka(folder / KAFKA, port, advertised=links.link(KAFKA, port), env=self.slow[KAFKA].environment)

    @property
    def kafka(self) -> str:
        return self.broker.address

    @property
    def mongodb(self) -> str:
        return self.replicas.uri

    def start(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda begin: begin(), (self._start_kafka, self.replicas.start)))

    def stop(self) -> None:
        self.replicas.kill()
        self.broker.kill()
        for disk in self.disks.values():
            disk.unmount()

    async def mend(self) -> None:
        """All that was broken is whole again."""
        await asyncio.to_thread(self._mend)

    async def crash(self, name: str) -> None:
        """kill -9 (of three mongods: the primary), and start it again."""
        server = await asyncio.to_thread(self._server, name)
        server.kill()
        await asyncio.to_thread(self._mend)

    async def away(self, name: str, meanwhile: Callable[[], Awaitable[None]]) -> None:
        server = await asyncio.to_thread(self._server, name)
        server.kill()
        try:
            await meanwhile()
        finally:
            await asyncio.to_thread(self._mend)

    async def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP; of three mongods another becomes primary when it lasts longer than their patience."""
        process = (await asyncio.to_thread(self._server, name)).process
        process.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            process.resume()

    async def restart_kafka(self) -> None:
        """As for an update: stopped cleanly, started again."""
        await asyncio.to_thread(self.broker.stop)
        await asyncio.to_thread(self._start_kafka)

    async def fill_disk(self, name: str) -> str:
        """Until the server whose disk it is has died of it; then there is room again, and it is started again."""
        server, disk = self.broker if name == KAFKA else self.replicas.members[0], self.disks[name]
        said = await asyncio.to_thread(disk.fill, server.process.pid)
        try:
            died = await asyncio.to_thread(_dies, server)
        finally:
            disk.free()
            server.kill()
            await asyncio.to_thread(self._mend)
        return f"{said}; {server.name} {'died of it' if died else 'lived on'}"

    async def slow_disk(self, name: str, milliseconds: int, seconds: float) -> str:
        process = (await asyncio.to_thread(self._server, name)).process
        return await self.slow[name].slow(process, milliseconds, seconds)

    async def roll_back(self, meanwhile: Callable[[Member], Awaitable[None]]) -> str:
        """The primary alone, still written to by clients; killed once there is another; then it is back."""
        cut_off = await asyncio.to_thread(self.replicas.wait_primary)
        before = len(cut_off.rolled_back)
        self._isolate(cut_off)
        try:
            await meanwhile(cut_off)
            await asyncio.to_thread(self.replicas.wait_primary, cut_off)
        finally:
            cut_off.kill()
            await asyncio.to_thread(self._mend)
        await asyncio.to_thread(self.replicas.in_step, cut_off)
        return f"{len(cut_off.rolled_back) - before} collections were rolled back"

    def _isolate(self, member: Member) -> None:
        """Between this member and the others nothing passes; clients reach it as before."""
        for number, other in enumerate(self.replicas.members):
            clients = self.replicas.pids_but(member) if other is member else [member.process.pid]
            self.links.set(link_of(number), "cut", clients)

    def _server(self, name: str) -> Kafka | Member:
        return self.broker if name == KAFKA else self.replicas.wait_primary()

    def _mend(self) -> None:
        self.links.mend()
        self.broker.process.resume()
        self._start_kafka()
        self.replicas.mend()

    def _start_kafka(self) -> None:
        if not self.broker.running:
            self.broker.start()
        self.broker.wait_ready(120)


def _dies(server: Kafka | Member) -> bool:
    """It does, within a while, when it has something to write."""
    deadline = time.monotonic() + DIES_WITHIN_SECONDS
    while server.running and time.monotonic() < deadline:
        time.sleep(0.1)
    return not server.running


@contextmanager
def harsh(folder: Path, election_milliseconds: int = ELECTION_MILLISECONDS) -> Iterator[Harsh]:
    """Started and ready; killed at the end, and their disks unmounted. So long no primary makes an election."""
    with ExitStack() as stack:
        links = stack.enter_context(network(folder / "network.log"))
        servers = Harsh(folder, links)
        stack.callback(servers.stop)
        servers.replicas.election_milliseconds = election_milliseconds
        servers.start()
        yield servers
