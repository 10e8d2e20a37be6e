"""docs/asyncapi.yaml: every topic, fact and header for those who read the topics from outside (AsyncAPI 3.0)."""

import json
from pathlib import Path
from typing import Any

from shared.contracts import FACTS, TOPICS
from shared.events import Envelope, Fact
from shared.settings import Profile
from tools.contracts.files import ASYNCAPI, EXAMPLES, ROOT, Files, as_yaml
from tools.contracts.goldens import version_of
from tools.contracts.schemas import headers_schema, inlined

Doc = dict[str, Any]

ABOUT = """\
What the four services of Bachat Haat tell the world, as facts in the past tense on Kafka.

Each record is a CloudEvent 1.0 in binary mode: the envelope is headers named `ce_...`, the body is the fact as JSON.
The key of a record is its subject, so the facts of one subject keep their order; `ce_sequence` counts them, +1 each.
A fact may arrive more than once, with the same `ce_id`: keep the last sequence of a subject, skip what is not newer.
Facts are kept for ever; read from the beginning to build a copy. Ignore fields and types you do not know: a version
only ever gains optional fields. `ce_tenant` is the state (LGD code). No fact holds a name, a phone or an address.
An installation may set a prefix before all topic names (NAMESPACE); it stands empty here.
"""
PARTITIONS: dict[Profile, int] = {"local": 4, "production": 48}


def document(root: Path = ROOT) -> Doc:
    return {
        "asyncapi": "3.0.0",
        "id": "urn:in:bachathaat:events",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {topic: _channel(topic) for topic in TOPICS},
        "operations": {f"{_producer(topic)}.publishes.{topic}": _operation(topic) for topic in TOPICS},
        "components": {
            "schemas": {"CloudEventHeaders": headers_schema(Envelope)},
            "messages": {_message_id(fact): _message(fact, root) for fact in FACTS},
        },
    }


def documents(root: Path = ROOT) -> Files:
    return {ASYNCAPI: as_yaml(document(root))}


def _info() -> Doc:
    licence = {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}
    return {"title": "Bachat Haat: facts", "version": "1.0.0", "description": ABOUT, "license": licence}


def _server() -> Doc:
    servers = {"description": "host:port of a broker, as in KAFKA_BOOTSTRAP_SERVERS", "default": "127.0.0.1:9092"}
    return {"host": "{bootstrapServers}", "protocol": "kafka", "variables": {"bootstrapServers": servers}}


def _producer(topic: str) -> str:
    return topic.partition(".")[0]


def _message_id(fact: type[Fact]) -> str:
    return f"{fact.name}.v{fact.major}"


def _facts(topic: str) -> list[type[Fact]]:
    return [fact for fact in FACTS if fact.topic == topic]


def _channel(topic: str) -> Doc:
    kafka = {
        "topic": topic,
        "partitions": PARTITIONS["production"],
        "replicas": 3,
        "topicConfiguration": {"retention.ms": -1, "cleanup.policy": ["delete"]},
        "bindingVersion": "0.5.0",
    }
    return {
        "address": topic,
        "description": f"Written by {_producer(topic)} alone. {_partitions()}",
        "messages": {
            _message_id(fact): {"$ref": f"#/components/messages/{_message_id(fact)}"} for fact in _facts(topic)
        },
        "bindings": {"kafka": kafka},
        "x-producer": _producer(topic),
        "x-tenant-header": "ce_tenant",
        "x-data-classification": "internal",
    }


def _partitions() -> str:
    return (
        f"{PARTITIONS['production']} partitions ({PARTITIONS['local']} on one machine), never changed: "
        "a key stays where its order is; the partition is crc32(key) mod partitions."
    )


def _operation(topic: str) -> Doc:
    channel = f"#/channels/{topic}"
    messages = [{"$ref": f"{channel}/messages/{_message_id(fact)}"} for fact in _facts(topic)]
    return {"action": "send", "channel": {"$ref": channel}, "messages": messages}


def _message(fact: type[Fact], root: Path) -> Doc:
    key = {"type": "string", "description": "the subject of the fact"}
    payload = inlined(fact.model_json_schema())
    return {
        "name": fact.type(),
        "title": fact.__name__,
        "summary": payload.pop("description"),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
        "payload": payload,
        "bindings": {"kafka": {"key": key, "bindingVersion": "0.5.0"}},
        "examples": _examples(fact, root),
    }


def _examples(fact: type[Fact], root: Path) -> list[Doc]:
    version = version_of(fact)
    found = sorted((root / EXAMPLES).glob(f"{version}.*.json"))
    records = {path.name.split(".")[-2]: json.loads(path.read_text("utf-8")) for path in found}
    return [{"name": name, "headers": each["headers"], "payload": each["data"]} for name, each in records.items()]
