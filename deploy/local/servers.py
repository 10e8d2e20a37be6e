"""Kafka and MongoDB together, in a temporary folder: what a command or a test session runs against."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import free_port


@contextmanager
def both(folder: Path, given: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """Start the servers that `given` does not name; yields the environment that names both."""
    named = {name: given[name] for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI") if given.get(name)}
    kafka = None if "KAFKA_BOOTSTRAP_SERVERS" in named else Kafka(folder / "kafka", free_port(), say=_say)
    mongo = None if "MONGODB_URI" in named else Mongo(folder / "mongodb", free_port())
    servers = [server for server in (kafka, mongo) if server]
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_ready, servers))
        yield {
            "KAFKA_BOOTSTRAP_SERVERS": kafka.address if kafka else named["KAFKA_BOOTSTRAP_SERVERS"],
            "MONGODB_URI": mongo.uri if mongo else named["MONGODB_URI"],
        }
    finally:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_end, servers))


def run_with_servers(command: Sequence[str]) -> int:
    """Run `command` with both servers up and named in its environment; its exit code."""
    folder = Path(tempfile.mkdtemp(prefix="bachat-haat-"))
    try:
        with both(folder) as named:
            _say("Kafka and MongoDB are up: " + " ".join(f"{name}={value}" for name, value in named.items()))
            env = {"PROFILE": "local", "ALLOW_UNSAFE": "1", **os.environ, **named}
            return subprocess.run(command, env=env, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ready(server: Kafka | Mongo) -> None:
    server.start()
    server.wait_ready()


def _end(server: Kafka | Mongo) -> None:
    """Nobody needs this data again: no time is spent on closing it, unless that makes the next start quick."""
    if isinstance(server, Kafka) and not server.starts_quickly:
        server.stop()
    else:
        server.kill()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
