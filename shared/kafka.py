"""Kafka: topics, the assertions without which a process refuses to run, clients, and the CloudEvents headers."""

import asyncio
import ssl
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from pydantic import ValidationError

from shared.contracts import TOPICS
from shared.errors import Invalid
from shared.events import MOST, Envelope, schema_url
from shared.logs import log
from shared.mongo import UnsafeSettingsError
from shared.settings import CommonSettings

Headers = list[tuple[str, bytes]]
CONTENT_TYPE = ("content-type", b"application/json")
CREATED_OR_THERE = (0, 36)
LARGEST_RECORD_BYTES = 1024 * 1024
MECHANISM = "SCRAM-SHA-512"


class NotACloudEvent(Invalid):
    """This record is no CloudEvent of ours: {why}."""

    mr = "ही नोंद आमच्या CloudEvent प्रकारची नाही: {why}."
    hi = "यह रिकॉर्ड हमारे CloudEvent प्रकार का नहीं है: {why}।"


def partition_of(key: bytes, partitions: int) -> int:
    """Every publisher's partitioner: crc32 is in C, and the same in every language."""
    return zlib.crc32(key) % partitions


def headers_of(fact: Mapping[str, Any], source: str, topic: str, subject: str) -> Headers:
    """The envelope of a fact that waits in an outbox (see shared.outbox.told)."""
    time: datetime = fact["time"]
    key = subject.encode()
    headers = [
        *_same_for_all(source, topic, fact["type"], fact["name"], fact["major"], fact["tenant"]),
        ("ce_id", fact["id"].encode()),
        ("ce_subject", key),
        ("ce_partitionkey", key),
        ("ce_sequence", b"%d" % fact["sequence"]),
        (
            "ce_time",
            f"{time.replace(tzinfo=None).isoformat()}+00:00".encode(),
        ),  # UTC; with its zone it takes 4 × as long
    ]
    if fact["trace"]:
        headers.append(("ce_traceparent", fact["trace"].encode()))
    return headers


@lru_cache(maxsize=1024)
def _same_for_all(source: str, topic: str, type_: str, name: str, major: int, tenant: str) -> Headers:
    """What every fact of a type and a state shares."""
    schema = schema_url(topic, name, major)
    shared = {"specversion": "1.0", "source": source, "type": type_, "dataschema": schema, "tenant": tenant}
    shared["dataclassification"] = "internal"
    return [CONTENT_TYPE, *((f"ce_{name}", value.encode()) for name, value in shared.items())]


def envelope_of(headers: Iterable[tuple[str, bytes]]) -> Envelope:
    """Raises NotACloudEvent naming what is wrong."""
    try:
        named = {name[3:]: value.decode() for name, value in headers if name.startswith("ce_")}
        envelope = Envelope.model_validate(named)
        if not 1 <= envelope.incarnation <= MOST:
            raise NotACloudEvent(why="id is not subject:incarnation:sequence")
    except UnicodeDecodeError as e:
        raise NotACloudEvent(why="a header is not UTF-8") from e
    except AttributeError as e:
        raise NotACloudEvent(why="a header has no value") from e
    except ValidationError as e:
        raise NotACloudEvent(why="; ".join(f"{p['loc'][0]}: {p['msg']}" for p in e.errors())) from e
    except (IndexError, ValueError) as e:
        raise NotACloudEvent(why="id is not subject:incarnation:sequence") from e
    return envelope


def topic_settings(settings: CommonSettings) -> dict[str, str]:
    kept_for_ever = {"retention.ms": "-1", "unclean.leader.election.enable": "false"}
    limits = {"max.message.bytes": str(LARGEST_RECORD_BYTES), "min.insync.replicas": str(settings.min_insync_replicas)}
    # one broker: an ack survives kill -9 but not power loss, unless each message is flushed
    return kept_for_ever | limits | ({"flush.messages": "1"} if settings.replication_factor == 1 else {})


def access(settings: CommonSettings) -> dict[str, Any]:
    """How every client of either library reaches the brokers, and as whom."""
    where = {"bootstrap_servers": settings.kafka_bootstrap_servers}
    if not settings.kafka_username:
        return where
    return where | {
        "security_protocol": "SASL_SSL",
        "ssl_context": ssl.create_default_context(cafile=settings.kafka_ca_file),
        "sasl_mechanism": MECHANISM,
        "sasl_plain_username": settings.kafka_username,
        "sasl_plain_password": settings.kafka_password.get_secret_value(),
    }


def _admin(settings: CommonSettings) -> KafkaAdminClient:
    return KafkaAdminClient(**access(settings))


def create_topics(settings: CommonSettings, topics: Iterable[str] = TOPICS) -> list[str]:
    """Create what is missing; the full names. Synchronous. Raises KafkaError with the broker's reason."""
    spec = {"num_partitions": settings.partitions, "replication_factor": settings.replication_factor}
    wanted = {settings.topic(topic): {**spec, "configs": topic_settings(settings)} for topic in topics}
    admin = _admin(settings)
    try:
        done = admin.create_topics(wanted, raise_errors=False)
        for topic in done["topics"]:
            if topic["error_code"] not in CREATED_OR_THERE:
                msg = f"{topic['name']}: {topic['error_message'] or topic['error_code']}"
                raise KafkaError(msg)
        admin.wait_for_topics(list(wanted))
    finally:
        admin.close()
    return sorted(wanted)


def _unsafe(settings: CommonSettings, admin: KafkaAdminClient, topics: Iterable[str]) -> list[str]:
    """One sentence for each topic setting that could lose data."""
    names = [settings.topic(topic) for topic in topics]
    found = {topic["name"]: topic for topic in admin.describe_topics(names) if not topic["error_code"]}
    if missing := sorted(set(names) - set(found)):
        return [f"Topics are missing: {', '.join(missing)}. Create them with `python -m tools.topics`."]
    described = admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name) for name in names], config_filter="all"
    )["topic"]
    wanted = topic_settings(settings) | {"replicas": str(settings.replication_factor)}
    wrong = []
    for name, topic in found.items():
        has = {key: str(entry["value"]) for key, entry in described[name].items()}
        has["replicas"] = str(min(len(partition["replica_nodes"]) for partition in topic["partitions"]))
        checked = ("retention.ms", "unclean.leader.election.enable", "min.insync.replicas", "replicas")
        wrong += [f"{name}: {key} is {has[key]}, must be {wanted[key]}." for key in checked if has[key] != wanted[key]]
    return wrong


async def assert_safe(settings: CommonSettings, topics: Iterable[str] = TOPICS) -> None:
    """Raises UnsafeSettingsError unless every topic is there and keeps what it acknowledged."""

    def ask() -> list[str]:
        admin = _admin(settings)
        try:
            return _unsafe(settings, admin, topics)
        finally:
            admin.close()

    if wrong := await asyncio.to_thread(ask):
        raise UnsafeSettingsError("\n".join(wrong))
    if settings.replication_factor == 1:
        log.warning("kafka.one_replica", meaning="an acknowledged event does not survive the loss of the disk")


async def topic_ids(settings: CommonSettings, topics: Iterable[str]) -> dict[str, str]:
    """Topic name → its UUID, which changes when somebody deletes and creates it again."""

    def ask() -> dict[str, str]:
        admin = _admin(settings)
        try:
            return {topic["name"]: str(topic["topic_id"]) for topic in admin.describe_topics(list(topics))}
        finally:
            admin.close()

    return await asyncio.to_thread(ask)


def producer(settings: CommonSettings) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        **access(settings),
        acks="all",
        enable_idempotence=True,
        max_batch_size=512 * 1024,
        max_request_size=LARGEST_RECORD_BYTES,
        request_timeout_ms=15_000,
        metadata_max_age_ms=60_000,
    )


def consumer(settings: CommonSettings, group: str) -> AIOKafkaConsumer:
    """Offsets live in MongoDB: nothing is committed by itself, and an unknown offset is an error."""
    return AIOKafkaConsumer(
        **access(settings),
        group_id=settings.group(group),
        auto_offset_reset="none",
        enable_auto_commit=False,
        session_timeout_ms=settings.session_timeout_milliseconds,
        heartbeat_interval_ms=settings.session_timeout_milliseconds // 4,
        max_partition_fetch_bytes=4 * LARGEST_RECORD_BYTES,
        fetch_max_wait_ms=100,
        metadata_max_age_ms=60_000,
    )


async def started(client: Any) -> None:
    """Start a client; while the broker is away, try again with a visible line."""
    wait_seconds = 0.2
    while True:
        try:
            await client.start()
        except KafkaConnectionError as e:
            log.warning("kafka.away", error=str(e), again_in_seconds=wait_seconds)
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, 5.0)
        else:
            return
