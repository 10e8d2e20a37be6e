"""Who may do what in Kafka and MongoDB: as much as its code does, no more."""

from typing import Any

import pytest

from shared.contracts import TOPICS
from shared.mongo import AUDIT
from shared.service import Service
from tools.manifests.databases import collections, role
from tools.manifests.registry import SERVICES, counted, published, read
from tools.manifests.topics import users

CHANGES = {"update", "remove", "dropCollection", "dropIndex", "collMod", "renameCollectionSameDB", "convertToCapped"}


def acls(name: str) -> list[dict[str, Any]]:
    (user,) = (each for each in users() if each["metadata"]["name"] == name)
    found: list[dict[str, Any]] = user["spec"]["authorization"]["acls"]
    return found


def named(name: str, kind: str, operation: str) -> set[str]:
    return {
        acl["resource"]["name"]
        for acl in acls(name)
        if acl["resource"]["type"] == kind and operation in acl["operations"]
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_writes_its_own_topics_and_its_changelogs_alone(service: Service) -> None:
    changelogs = {life.app_id.removesuffix("1") for life in counted(service)}

    assert named(service.name, "topic", "Write") == {*published(service), *changelogs}
    assert named(service.name, "topic", "Create") == named(service.name, "topic", "Delete") == changelogs


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_reads_what_it_reacts_to_and_what_it_counts(service: Service) -> None:
    changelogs = {life.app_id.removesuffix("1") for life in counted(service)}
    sources = {life.measure.topic for life in counted(service)}

    assert named(service.name, "topic", "Read") == {*read(service), *sources, *changelogs}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_process_can_look_whether_all_topics_are_safe(service: Service) -> None:
    assert named(service.name, "topic", "Describe") >= set(TOPICS)
    assert named(service.name, "topic", "DescribeConfigs") >= set(TOPICS)


def test_only_the_producer_writes_a_topic() -> None:
    writers = {topic: [s.name for s in SERVICES if topic in named(s.name, "topic", "Write")] for topic in TOPICS}

    assert writers == {topic: [topic.split(".")[0]] for topic in TOPICS}


def test_a_group_of_any_life_of_a_measure_and_its_changelog_begin_with_what_is_granted() -> None:
    for service in SERVICES:
        for life in counted(service):
            later = life.numbered(17)
            (prefix,) = (name for name in named(service.name, "group", "Delete") if later.app_id.startswith(name))
            assert later.changelog.startswith(prefix)


def test_autoscaling_looks_and_touches_nothing() -> None:
    assert {operation for acl in acls("keda") for operation in acl["operations"]} == {"Describe"}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_nobody_changes_what_stands_in_the_audit_log(service: Service) -> None:
    granted = role(service)["privileges"]
    touching = [each for each in granted if each["resource"].get("collection", "") in {"", AUDIT}]

    assert not {action for each in touching for action in each["actions"]} & CHANGES
    assert any("insert" in each["actions"] for each in touching if each["resource"].get("collection") == AUDIT)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_process_may_change_each_collection_of_its_kinds_and_no_other_database(service: Service) -> None:
    granted = role(service)["privileges"]

    assert {each["resource"]["db"] for each in granted if "db" in each["resource"]} == {service.name}
    assert {kind.collection for kind in service.kinds} <= set(collections(service))
    assert AUDIT not in collections(service)
