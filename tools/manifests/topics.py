"""Topics, their users and what each may: no more than its service does."""

from collections.abc import Iterable, Sequence

import yaml

from shared.contracts import TOPICS
from shared.kafka import topic_settings
from shared.service import Service
from tools.manifests.objects import Json, made
from tools.manifests.registry import CLUSTER, PRODUCTION, SERVICES, counted, family, published, read

API = "kafka.strimzi.io/v1"
LABELS = {"strimzi.io/cluster": CLUSTER}
LOOK = ("Describe", "DescribeConfigs")


def topics() -> list[Json]:
    """As `tools.topics` makes them for the profile `production`."""
    spec = {
        "partitions": PRODUCTION.partitions,
        "replicas": PRODUCTION.replication_factor,
        "config": {name: yaml.safe_load(value) for name, value in topic_settings(PRODUCTION).items()},
    }
    return [made(API, "KafkaTopic", topic, labels=LABELS, spec=spec) for topic in TOPICS]


def users() -> list[Json]:
    """One for each service, and who only looks: autoscaling."""
    return [*(_user(service.name, _rights(service)) for service in SERVICES), _user("keda", _looks())]


def _user(name: str, acls: Iterable[Json]) -> Json:
    spec = {
        "authentication": {"type": "scram-sha-512"},
        "authorization": {"type": "simple", "acls": list(acls)},
    }
    return made(API, "KafkaUser", name, labels=LABELS, spec=spec)


def _rights(service: Service) -> list[Json]:
    """Every process looks at all topics before it trusts them; the rest is its own business."""
    looked = [_acl("topic", topic, LOOK) for topic in TOPICS]
    written = [_acl("topic", topic, ("Write",)) for topic in published(service)]
    sources = sorted({*read(service), *(life.measure.topic for life in counted(service))})
    taken = [_acl("topic", topic, ("Read",)) for topic in sources]
    group = [_acl("group", service.group, ("Read", "Describe"))] if service.handlers else []
    return [*looked, *written, *taken, *group, *_counting(service)]


def _counting(service: Service) -> list[Json]:
    """A worker makes its changelog; who rebuilds deletes the one before and its group."""
    own = ("Create", "Delete", "Read", "Write", *LOOK)
    families = [family(life) for life in counted(service)]
    changelogs = [_acl("topic", name, own, "prefix") for name in families]
    return changelogs + [_acl("group", name, ("Read", "Describe", "Delete"), "prefix") for name in families]


def _looks() -> list[Json]:
    looked = [_acl("topic", topic, ("Describe",)) for topic in TOPICS]
    return looked + [_acl("group", service.group, ("Describe",)) for service in SERVICES if service.handlers]


def _acl(kind: str, name: str, operations: Sequence[str], pattern: str = "literal") -> Json:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": list(operations)}
