"""The servers of the local run, and the whole of it: killed, restarted, moved, refused."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymongo
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import free_port
from deploy.local.servers import run_with_servers

Client = pymongo.MongoClient[dict[str, Any]]
GROUP = {"_id": "g-1", "name": "सावित्रीबाई महिला बचत गट"}


@pytest.fixture
def mongo(tmp_path: Path) -> Iterator[Mongo]:
    server = Mongo(tmp_path / "mongodb", free_port())
    server.start()
    server.wait_ready()
    yield server
    server.kill()


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Kafka]:
    server = Kafka(tmp_path / "kafka", free_port())
    server.start()
    server.wait_ready()
    yield server
    server.kill()


def keep(uri: str) -> None:
    with Client(uri, w="majority", journal=True) as client:
        client.market.groups.insert_one(dict(GROUP))


def kept(uri: str) -> object:
    with Client(uri) as client:
        return client.market.groups.find_one()


def send(address: str, *values: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic("orders.orders", 1, 1)], raise_errors=False)
    admin.close()
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    for value in values:
        producer.send("orders.orders", value.encode()).get(timeout=30)
    producer.close()


def received(address: str) -> list[str]:
    consumer = KafkaConsumer(
        "orders.orders", bootstrap_servers=address, auto_offset_reset="earliest", consumer_timeout_ms=5000
    )
    values = [next(consumer).value.decode() for _ in range(2)]
    consumer.close()
    return values


def test_mongodb_keeps_what_it_acknowledged_through_kill_9(mongo: Mongo) -> None:
    keep(mongo.uri)
    mongo.kill()
    assert not mongo.running
    mongo.start()
    mongo.wait_ready()
    assert kept(mongo.uri) == GROUP


def test_mongodb_moves_to_another_port_with_its_data(mongo: Mongo, tmp_path: Path) -> None:
    keep(mongo.uri)
    mongo.stop()
    moved = Mongo(tmp_path / "mongodb", free_port())
    moved.start()
    moved.wait_ready()
    try:
        assert kept(moved.uri) == GROUP
    finally:
        moved.kill()


def test_mongodb_forgets_an_abandoned_transaction_after_five_seconds(mongo: Mongo) -> None:
    with Client(mongo.uri) as client:
        asked = client.admin.command({"getParameter": 1, "transactionLifetimeLimitSeconds": 1})
    assert asked["transactionLifetimeLimitSeconds"] == 5


@pytest.mark.usefixtures("mongo")
def test_mongodb_says_why_it_cannot_start(tmp_path: Path) -> None:
    twin = Mongo(tmp_path / "mongodb", free_port())
    twin.start()
    with pytest.raises(RuntimeError, match="mongodb ended while starting"):
        twin.wait_ready()


def test_kafka_keeps_what_it_acknowledged_through_kill_9(kafka: Kafka) -> None:
    send(kafka.address, "ऑर्डर १", "ऑर्डर २")
    kafka.kill()
    assert not kafka.running
    kafka.start()
    kafka.wait_ready()
    assert received(kafka.address) == ["ऑर्डर १", "ऑर्डर २"]


def test_kafka_makes_no_topic_that_nobody_declared(kafka: Kafka) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.address, max_block_ms=1000)
    with pytest.raises(Exception, match=r"(?i)metadata|topic"):
        producer.send("orders.oders", b"a misspelt topic").get(timeout=5)
    producer.close()
    admin = KafkaAdminClient(bootstrap_servers=kafka.address)
    assert "orders.oders" not in admin.list_topics()
    admin.close()


def test_a_command_runs_with_servers_of_its_own_and_its_exit_code_comes_back(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")  # given: no second Kafka for this test
    monkeypatch.delenv("MONGODB_URI", raising=False)
    asks = "import os, pymongo; print(pymongo.MongoClient(os.environ['MONGODB_URI']).admin.command('hello')['setName'])"
    assert run_with_servers([sys.executable, "-c", f"{asks}; raise SystemExit(3)"]) == 3
    assert capfd.readouterr().out.strip() == "rs0"
