import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from shared.contracts import FACTS
from shared.events import Fact
from tools.contracts import files, goldens
from tools.contracts.files import ROOT, read
from tools.contracts.schemas import schema_of

BY_VERSION = {goldens.version_of(fact): fact for fact in FACTS}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A project of its own in which everything of today is published."""
    files.write(goldens.goldens(root=tmp_path), tmp_path)
    return tmp_path


def test_nothing_published_is_broken_or_gone() -> None:
    assert list(goldens.broken_promises()) == []


@pytest.mark.parametrize("version", BY_VERSION)
def test_every_fact_of_today_has_its_golden(version: str) -> None:
    golden = json.loads(read(goldens.golden_path(version)) or "null")
    assert golden == schema_of(BY_VERSION[version]), "run `make contracts`"
    Draft202012Validator.check_schema(golden)


def test_the_list_of_versions_only_grows() -> None:
    assert sorted(goldens.published()) == sorted(set(goldens.published())), "a version stands twice"
    assert set(goldens.published()) >= set(BY_VERSION)


def test_every_type_stands_once() -> None:
    types = [fact.type() for fact in FACTS]
    assert sorted(set(types)) == sorted(types)


def test_a_golden_that_disappears_is_missed(published: Path) -> None:
    (published / goldens.golden_path("orders.orders/order-placed.v1")).unlink()
    assert [line.partition(":")[0] for line in goldens.broken_promises(root=published)] == [
        "orders.orders/order-placed.v1"
    ]


def test_a_golden_that_leaves_the_list_is_missed(published: Path) -> None:
    listed = published / files.PUBLISHED
    listed.write_text(listed.read_text("utf-8").replace("orders.orders/order-placed.v1\n", ""), "utf-8")
    [complaint] = goldens.broken_promises(root=published)
    assert "order-placed.v1.schema.json: not in" in complaint


def test_a_fact_nobody_can_read_any_more_is_missed(published: Path) -> None:
    fewer = tuple(fact for fact in FACTS if fact.name != "order-cancelled")
    [complaint] = goldens.broken_promises(fewer, published)
    assert "order-cancelled.v1: no model reads it any more" in complaint


def test_no_fact_has_room_for_personal_data() -> None:
    assert list(goldens.personal_fields()) == []


class ContactShared(Fact):
    topic = "notify.contacts"
    name = "contact-shared"

    party: str
    phone_number: str
    delivery_address: str


def test_a_phone_number_in_a_fact_is_seen() -> None:
    complaints = list(goldens.personal_fields((ContactShared,)))
    assert [line.split()[1] for line in complaints] == ["delivery_address", "phone_number"]


def test_the_project_holds_no_golden_outside_the_list() -> None:
    lying = {str(path.relative_to(ROOT / files.GOLDENS)) for path in (ROOT / files.GOLDENS).rglob("*.json")}
    assert lying == {f"{version}.schema.json" for version in goldens.published()}
