"""Three mongods as one replica set, each behind a link of its own that clients and the other members are told."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError

from deploy.local.mongo import REPLICA_SET, Mongo
from deploy.local.ports import answers, free_port
from tests.chaos.ground.network import Network

MEMBERS = 3
CACHE_GB = 0.25
ELECTION_MILLISECONDS, HEARTBEAT_MILLISECONDS = 4_000, 500
READY_SECONDS = 120.0
# Small steps, so that a full disk is felt at once and not when 100 MB of journal are used up.
OPTIONS = ("--syncdelay", "5", "--wiredTigerEngineConfigString", "log=(file_max=1MB,prealloc=false)")
LOOK_SECONDS = 0.1


class Member(Mongo):
    """One of several; the set is made by `Replicas`."""

    def ready(self) -> bool:
        """Whether it answers now, whatever its role."""
        return answers(self.port) and self.asked("ping") is not None

    def asked(self, command: str) -> dict[str, Any] | None:
        """What this server itself says; None when it says nothing."""
        with suppress(PyMongoError), self.direct() as client:
            return client.admin.command(command)
        return None

    @property
    def is_primary(self) -> bool:
        return bool((self.asked("hello") or {}).get("isWritablePrimary"))

    @property
    def rollback_id(self) -> int:
        """Goes up with every rollback; 0 when it does not answer."""
        return int((self.asked("replSetGetRBID") or {}).get("rbid", 0))

    @property
    def applied_term(self) -> int:
        """The term of the last write it has applied; 0 when it does not answer."""
        said = self.asked("replSetGetStatus") or {"optimes": {"appliedOpTime": {"t": 0}}}
        return int(said["optimes"]["appliedOpTime"]["t"])

    @property
    def rolled_back(self) -> list[Path]:
        """The files in which it keeps the documents it took back."""
        return sorted((self.data / "rollback").glob("**/*.bson"))

    @property
    def data(self) -> Path:
        return self._folder / "db"


class Replicas:
    """The members by number; links are named `mongodb-1`, `mongodb-2` …"""

    def __init__(self, folders: Sequence[Path], links: Network, env: Mapping[str, str]) -> None:
        self.election_milliseconds = ELECTION_MILLISECONDS
        ports = [free_port() for _ in folders]
        told = [links.link(link_of(n), port) for n, port in enumerate(ports)]
        self.members = [
            Member(folder, port, cache_gb=CACHE_GB, advertised=link, env=env, options=OPTIONS)
            for folder, port, link in zip(folders, ports, told, strict=True)
        ]

    @property
    def uri(self) -> str:
        hosts = ",".join(member.member for member in self.members)
        return f"mongodb://{hosts}/?replicaSet={REPLICA_SET}"

    def start(self) -> None:
        """All of them, made one set the first time."""
        for member in self.members:
            member.start()
        for member in self.members:
            member.wait_ready(READY_SECONDS)
        first = self.members[0]
        members = [{"_id": n, "host": member.member} for n, member in enumerate(self.members)]
        settings = {
            "electionTimeoutMillis": self.election_milliseconds,
            "heartbeatIntervalMillis": HEARTBEAT_MILLISECONDS,
        }
        with first.direct() as client:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members, "settings": settings})
        self.wait_primary()

    def wait_primary(self, other_than: Member | None = None) -> Member:
        """The member that may be written to, as soon as there is one. TimeoutError."""
        wanted: Callable[[Member], bool] = lambda member: member is not other_than and member.is_primary  # noqa: E731
        deadline = time.monotonic() + READY_SECONDS
        while True:
            for member in self.members:
                if wanted(member):
                    return member
            if time.monotonic() > deadline:
                raise TimeoutError("no member became primary")
            time.sleep(LOOK_SECONDS)

    def in_step(self, member: Member) -> None:
        """Return when it has all that the primary has, in the primary's term: what it had alone is rolled back."""
        deadline = time.monotonic() + READY_SECONDS
        while member.applied_term != (term := self.wait_primary().applied_term) or not term:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{member.member} does not follow")
            time.sleep(LOOK_SECONDS)

    def mend(self) -> None:
        """Everybody runs and is awake, and there is a primary."""
        for member in self.members:
            member.process.resume()
            member.start()
        for member in self.members:
            member.wait_ready(READY_SECONDS)
        self.wait_primary()

    def kill(self) -> None:
        for member in self.members:
            member.kill()

    def pids_but(self, member: Member) -> list[int]:
        return [other.process.pid for other in self.members if other is not member]


def link_of(number: int) -> str:
    return f"mongodb-{number + 1}"
