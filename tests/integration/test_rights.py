"""A Kafka and a MongoDB that ask who one is: a service does its work with the rights of the manifests, and no more."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from pymongo.errors import OperationFailure

from deploy.local.ports import free_port
from deploy.local.programs import HttpServer
from shared.contracts import TOPICS
from shared.kafka import create_topics, producer
from shared.mongo import AUDIT, Database, connect
from shared.service import Service
from shared.settings import CommonSettings
from tests.integration.guarded_kafka import GuardedKafka
from tests.integration.guarded_mongo import GuardedMongo
from tests.processes import until
from tools.manifests.registry import SERVICES, published
from tools.manifests.topics import users

NAMESPACE = f"r{secrets.token_hex(4)}-"
WORDS = {service.name: secrets.token_hex(12) for service in SERVICES}
NOT_AUTHORIZED = 13
TOLD = {
    "NAMESPACE": NAMESPACE,
    "PROFILE": "local",
    "ISSUER": "http://127.0.0.1:1",
    "JWKS_URL": "http://127.0.0.1:1/jwks.json",
    "SMS_PROVIDER_URL": "http://127.0.0.1:1",
    "SMS_CALLBACK_SECRET": secrets.token_hex(16),
    "PYTHONUNBUFFERED": "1",
}


def settings(told: Mapping[str, str]) -> CommonSettings:
    return CommonSettings.model_validate({name.lower(): value for name, value in told.items()})


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    server = GuardedKafka(tmp_path_factory.mktemp("kafka"), free_port())
    server.start()
    server.wait_ready()
    create_topics(settings(TOLD | {"KAFKA_BOOTSTRAP_SERVERS": server.address, "MONGODB_URI": "mongodb://none"}))
    for user in users():
        if (name := user["metadata"]["name"]) in WORDS:
            server.admit(user, WORDS[name], NAMESPACE)
    yield server
    server.kill()


@pytest.fixture(scope="module")
async def uris(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """By service: its connection string."""
    server = GuardedMongo(tmp_path_factory.mktemp("mongodb"))
    await server.start()
    yield {service.name: server.admit(service, NAMESPACE) for service in SERVICES}
    server.process.kill()


def environment(service: Service, kafka: GuardedKafka, uris: Mapping[str, str]) -> dict[str, str]:
    named = {"KAFKA_USERNAME": service.name, "KAFKA_PASSWORD": WORDS[service.name], "KAFKA_CA_FILE": str(kafka.ca)}
    return {**TOLD, "KAFKA_BOOTSTRAP_SERVERS": kafka.guarded, **named, "MONGODB_URI": uris[service.name]}


async def opened(service: Service, uris: Mapping[str, str]) -> Database:
    return await connect(uris[service.name], f"{NAMESPACE}{service.name}")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_every_role_of_a_service_works_with_its_name_and_rights(
    service: Service, kafka: GuardedKafka, uris: Mapping[str, str], tmp_path: Path
) -> None:
    port = free_port()
    env = {**os.environ, **environment(service, kafka, uris), "HTTP_PORT": str(port)}
    roles = ("api", "relay", "consume", *(("stream",) if service.streams else ()))
    command = [sys.executable, "-m", f"services.{service.name}", *roles]
    process = HttpServer(service.name, command, f"http://127.0.0.1:{port}/readyz", env=env, log=tmp_path / "log")
    process.start()
    try:
        await until(lambda: asyncio.to_thread(process.ready), what=f"{service.name} is ready")
    finally:
        process.stop()

    assert "uthoriz" not in (tmp_path / "log").read_text(encoding="utf-8")
    assert process.exit_code == 0


async def test_a_service_tells_its_own_topics_and_no_others(kafka: GuardedKafka, uris: Mapping[str, str]) -> None:
    catalog = SERVICES[0]
    known = settings(environment(catalog, kafka, uris))
    async with producer(known) as told:
        for topic in TOPICS:
            sending = told.send_and_wait(known.topic(topic), "उडीद पापड".encode())
            if topic in published(catalog):
                await sending
            else:
                with pytest.raises(TopicAuthorizationFailedError):
                    await sending


async def test_who_may_add_to_the_audit_log_may_not_change_it(uris: Mapping[str, str]) -> None:
    database = await opened(SERVICES[0], uris)
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


async def test_a_service_reads_nothing_of_another(uris: Mapping[str, str]) -> None:
    database = await opened(SERVICES[-1], uris)

    with pytest.raises(OperationFailure) as refused:
        await database.client[f"{NAMESPACE}orders"]["orders"].find_one()

    assert refused.value.code == NOT_AUTHORIZED
    await database.client.close()
