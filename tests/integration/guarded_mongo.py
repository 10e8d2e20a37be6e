"""A replica set of one that asks who one is, and lets in whom the manifests name."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pymongo

from deploy.local.mongo import mongod
from deploy.local.ports import answers, free_port
from deploy.local.process import Process
from shared.service import Service
from tests.processes import until
from tools.manifests.databases import role

Client = pymongo.MongoClient[dict[str, Any]]
PASSWORD = "haat-बाजार"


def asked(question: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    """In a thread: MongoDB's synchronous client and a probe would hold the loop."""
    return lambda: asyncio.to_thread(question)


class GuardedMongo:
    """A replica set of one that knows its users."""

    def __init__(self, folder: Path) -> None:
        self.port, key = free_port(), folder / "key"
        key.write_text(secrets.token_hex(32), encoding="ascii")
        key.chmod(0o400)
        (folder / "db").mkdir()
        where = ("--port", str(self.port), "--bind_ip", "127.0.0.1", "--dbpath", str(folder / "db"), "--nounixsocket")
        known = ("--replSet", "rs0", "--keyFile", str(key), "--setParameter", "transactionLifetimeLimitSeconds=5")
        small = ("--wiredTigerCacheSizeGB", "0.25", "--quiet")
        self.process = Process("mongodb", [mongod(), *where, *known, *small], log=folder / "log")
        self.at = f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.process.start()
        await until(asked(lambda: answers(self.port)), what="mongod answers")
        with Client(self.at, directConnection=True) as first:  # the first user may be made from this machine, unasked
            first.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": self.at}]})
            await until(asked(lambda: bool(first.admin.command("hello")["isWritablePrimary"])), what="it is primary")
            first.admin.command("createUser", "root", pwd=PASSWORD, roles=["root"])

    def root(self) -> Client:
        return Client(self.at, directConnection=True, username="root", password=PASSWORD)

    def uri(self, user: str, database: str) -> str:
        return (
            f"mongodb://{user}:haat-%E0%A4%AC%E0%A4%BE%E0%A4%9C%E0%A4%BE%E0%A4%B0@{self.at}/{database}?replicaSet=rs0"
        )

    def admit(self, service: Service, namespace: str) -> str:
        """Makes the role and the user as the manifests say; their connection string."""
        made, database = role(service, namespace), f"{namespace}{service.name}"
        granted = [{"role": made["role"], "db": made["db"]}]
        with self.root() as client:
            client.admin.command("createRole", made["role"], privileges=made["privileges"], roles=made["roles"])
            client[database].command("createUser", service.name, pwd=PASSWORD, roles=granted)
        return self.uri(service.name, database)
