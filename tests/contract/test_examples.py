import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.contracts import FACTS
from shared.events import Envelope, Fact, schema_url
from shared.kafka import envelope_of
from tools.contracts import goldens
from tools.contracts.files import CODES, EXAMPLES, ROOT, read
from tools.contracts.schemas import headers_schema

MODELS = {goldens.version_of(fact): fact for fact in FACTS}
RECORDS = sorted((ROOT / EXAMPLES).rglob("*.json"))


def version_of(path: Path) -> str:
    """`orders.orders/order-placed.v1` of `orders.orders/order-placed.v1.two-lines.json`."""
    return f"{path.parent.name}/{path.name.rsplit('.', 2)[0]}"


def record(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


@pytest.fixture(params=RECORDS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def path(request: pytest.FixtureRequest) -> Path:
    example: Path = request.param
    return example


def test_every_published_version_has_an_example() -> None:
    assert {version_of(path) for path in RECORDS} == set(goldens.published())


def test_an_example_is_what_a_relay_sends_and_a_consumer_reads(path: Path) -> None:
    kafka, fact = record(path), MODELS[version_of(path)]
    envelope = envelope_of([(name, value.encode()) for name, value in kafka["headers"].items()])
    assert envelope.type == fact.type()
    assert envelope.source == f"/{fact.topic.partition('.')[0]}"
    assert envelope.dataschema == schema_url(fact.topic, fact.name, fact.major)
    assert kafka["key"] == envelope.subject == envelope.partitionkey
    assert envelope.id == f"{envelope.subject}:{envelope.incarnation}:{envelope.sequence}"
    assert envelope.time.utcoffset() is not None
    Draft202012Validator(headers_schema(Envelope)).validate(kafka["headers"])


def test_an_example_fits_its_golden_and_today_s_model(path: Path) -> None:
    version, data = version_of(path), record(path)["data"]
    Draft202012Validator(json.loads(read(goldens.golden_path(version)) or "")).validate(data)
    fact: Fact = MODELS[version].model_validate(data)
    assert json.loads(fact.model_dump_json(exclude_none=True)) == _with_defaults(fact, data)


def _with_defaults(fact: Fact, data: dict[str, Any]) -> dict[str, Any]:
    """An older example may lack what was added since; what it has comes back unchanged."""
    whole = json.loads(fact.model_dump_json(exclude_none=True))
    return {**{name: value for name, value in whole.items() if name not in data and not value}, **data}


def test_an_example_is_normal_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert unicodedata.normalize("NFC", text) == text


@pytest.mark.parametrize("version", ["catalog.reservations/reservation-refused.v1", "orders.orders/order-refused.v1"])
def test_a_refusal_names_a_code_callers_know(version: str) -> None:
    known = json.loads(read(CODES) or "{}")
    refusals = [record(path)["data"]["code"] for path in RECORDS if version_of(path) == version]
    assert refusals
    assert set(refusals) <= set(known)
