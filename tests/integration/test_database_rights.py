"""A MongoDB that asks who one is: a service works with its own rights, and none reaches back into the audit log."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pymongo
import pytest
from pymongo.errors import OperationFailure

from deploy.local.mongo import mongod
from deploy.local.ports import answers, free_port
from deploy.local.process import Process
from deploy.local.programs import HttpServer
from shared.kafka import create_topics
from shared.mongo import AUDIT, connect
from shared.service import Service
from shared.settings import CommonSettings
from tests.processes import until
from tools.manifests.databases import role
from tools.manifests.registry import SERVICES

Client = pymongo.MongoClient[dict[str, Any]]
NOT_AUTHORIZED = 13
PASSWORD = "haat-बाजार"


def asked(question: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    """In a thread: MongoDB's synchronous client and a probe would hold the loop."""
    return lambda: asyncio.to_thread(question)


class Guarded:
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


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guarded]:
    server = Guarded(tmp_path_factory.mktemp("guarded"))
    await server.start()
    yield server
    server.process.kill()


@pytest.fixture
def admit(guarded: Guarded) -> Callable[[Service, str], str]:
    """Makes the role and the user as the manifests say; their connection string."""

    def admitted(service: Service, namespace: str) -> str:
        made, database = role(service, namespace), f"{namespace}{service.name}"
        granted = [{"role": made["role"], "db": made["db"]}]
        with guarded.root() as client:
            client.admin.command("createRole", made["role"], privileges=made["privileges"], roles=made["roles"])
            client[database].command("createUser", service.name, pwd=PASSWORD, roles=granted)
        return guarded.uri(service.name, database)

    return admitted


def environment(uri: str, namespace: str, port: int) -> dict[str, str]:
    own = {"MONGODB_URI": uri, "NAMESPACE": namespace, "HTTP_PORT": str(port), "PROFILE": "local"}
    issuer = {"ISSUER": "http://127.0.0.1:1", "JWKS_URL": "http://127.0.0.1:1/jwks.json"}
    sms = {"SMS_PROVIDER_URL": "http://127.0.0.1:1", "SMS_CALLBACK_SECRET": secrets.token_hex(16)}
    return {**os.environ, **own, **issuer, **sms, "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_every_role_of_a_service_works_with_the_rights_of_the_manifests(
    service: Service, admit: Callable[[Service, str], str], tmp_path: Path
) -> None:
    namespace, port = f"r{secrets.token_hex(4)}-", free_port()
    env = environment(admit(service, namespace), namespace, port)
    create_topics(CommonSettings.model_validate({name.lower(): value for name, value in env.items()}))
    roles = ("api", "relay", "consume", *(("stream",) if service.streams else ()))
    command = [sys.executable, "-m", f"services.{service.name}", *roles]
    process = HttpServer(service.name, command, f"http://127.0.0.1:{port}/readyz", env=env, log=tmp_path / "log")
    process.start()
    try:
        await until(asked(process.ready), what=f"{service.name} is ready")
    finally:
        process.stop()

    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "not authorized" not in said
    assert process.exit_code == 0


async def test_who_may_add_to_the_audit_log_may_not_change_it(admit: Callable[[Service, str], str]) -> None:
    service, namespace = SERVICES[0], f"r{secrets.token_hex(4)}-"
    database = await connect(admit(service, namespace), f"{namespace}{service.name}")
    log = database.collection(AUDIT)
    await log.insert_one({"_id": 1, "act": "replay"})

    for attempt in (
        log.update_one({"_id": 1}, {"$set": {"act": "सुधारले"}}),
        log.replace_one({"_id": 1}, {"act": "सुधारले"}),
        log.delete_one({"_id": 1}),
        log.drop(),
        log.rename("audit_old"),
        database.client.drop_database(database.db.name),
    ):
        with pytest.raises(OperationFailure) as refused:
            await attempt
        assert refused.value.code == NOT_AUTHORIZED

    assert await log.find_one() == {"_id": 1, "act": "replay"}
    await database.client.close()


async def test_a_service_reads_nothing_of_another(admit: Callable[[Service, str], str]) -> None:
    namespace = f"r{secrets.token_hex(4)}-"
    database = await connect(admit(SERVICES[3], namespace), f"{namespace}{SERVICES[3].name}")

    with pytest.raises(OperationFailure) as refused:
        await database.client[f"{namespace}orders"]["orders"].find_one()

    assert refused.value.code == NOT_AUTHORIZED
    await database.client.close()
