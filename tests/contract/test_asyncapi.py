import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from shared.contracts import FACTS, TOPICS
from tools.contracts import asyncapi
from tools.contracts.files import ASYNCAPI, ROOT

DOCUMENT = asyncapi.document()
STRUCTURE = json.loads(Path(__file__).with_name("asyncapi-3.schema.json").read_text("utf-8"))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolved(reference: str) -> Any:
    node: Any = DOCUMENT
    for key in reference.removeprefix("#/").split("/"):
        node = node[key]
    return node


def test_the_document_is_built_as_asyncapi_3_asks() -> None:
    Draft202012Validator.check_schema(STRUCTURE)
    Draft202012Validator(STRUCTURE).validate(DOCUMENT)


def test_a_channel_without_messages_would_be_seen() -> None:
    broken = {**DOCUMENT, "channels": {"orders.orders": {"address": "orders.orders"}}}
    with pytest.raises(ValidationError, match="messages"):
        Draft202012Validator(STRUCTURE).validate(broken)


def test_every_reference_leads_somewhere() -> None:
    assert all(resolved(reference) for reference in references(DOCUMENT))


def test_channels_are_the_topics_and_messages_the_facts() -> None:
    assert set(DOCUMENT["channels"]) == set(TOPICS)
    assert [message["name"] for message in DOCUMENT["components"]["messages"].values()] == [f.type() for f in FACTS]
    told = [reference for channel in DOCUMENT["channels"].values() for reference in references(channel)]
    assert len(told) == len(FACTS)


def test_every_operation_belongs_to_the_producer_of_its_topic() -> None:
    for name, operation in DOCUMENT["operations"].items():
        topic = resolved(operation["channel"]["$ref"])
        assert name == f"{topic['x-producer']}.publishes.{topic['address']}"
        assert operation["action"] == "send"


@pytest.mark.parametrize("message", DOCUMENT["components"]["messages"])
def test_the_examples_of_a_message_fit_it(message: str) -> None:
    described = DOCUMENT["components"]["messages"][message]
    for example in described["examples"]:
        Draft202012Validator(described["payload"]).validate(example["payload"])
        Draft202012Validator(resolved(described["headers"]["$ref"])).validate(example["headers"])


def test_the_written_document_reads_back_as_it_was_made() -> None:
    assert yaml.safe_load((ROOT / ASYNCAPI).read_text("utf-8")) == DOCUMENT
