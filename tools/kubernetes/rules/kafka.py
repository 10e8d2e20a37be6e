"""Topics and users of Strimzi, held against the published language: who writes what, who reads what."""

from collections.abc import Iterator

from shared.contracts import TOPICS
from shared.kafka import topic_settings
from tools.kubernetes.overlays import Json, Overlay, title
from tools.kubernetes.registry import SERVICES, common, groups, read, written
from tools.kubernetes.variables import profile_of
from tools.kubernetes.workloads import of_services

OF_STRIMZI = ("Kafka", "KafkaTopic", "KafkaUser")
ON_CHANGELOGS = ("Create", "Write", "Read", "Describe", "DescribeConfigs")
LOOKED_AT = ("Describe", "DescribeConfigs")
"""What every process asks of every topic before it trusts Kafka (shared.kafka.assert_safe)."""


def topics_are_the_published_channels(overlay: Overlay) -> Iterator[str]:
    """No more, no fewer, each as a process will insist on finding it."""
    if not overlay.of(*OF_STRIMZI):
        return
    topics = {each["spec"].get("topicName", each["metadata"]["name"]): each for each in overlay.of("KafkaTopic")}
    yield from (f"KafkaTopic/{name}: is missing" for name in sorted(set(TOPICS) - topics.keys()))
    for name, topic in topics.items():
        if name not in TOPICS:
            yield f"{title(topic)}: {name} is no channel of docs/asyncapi.yaml"
        else:
            yield from _otherwise(topic, overlay)


def _otherwise(topic: Json, overlay: Overlay) -> Iterator[str]:
    settings, spec = common(profile_of(overlay)), topic["spec"]
    wanted = {"partitions": settings.partitions, "replicas": settings.replication_factor, **topic_settings(settings)}
    has = {**{name: spec.get(name) for name in ("partitions", "replicas")}, **spec.get("config", {})}
    for name, value in wanted.items():
        if str(has.get(name)).lower() != str(value).lower():
            yield f"{title(topic)}: {name} is {has.get(name)}, must be {value}"
    if has.get("cleanup.policy", "delete") != "delete":
        yield f"{title(topic)}: facts are never compacted"


def users_may_what_their_service_does(overlay: Overlay) -> Iterator[str]:
    """Write its own topics, read those it handles or measures, and nothing else."""
    if not overlay.of(*OF_STRIMZI):
        return
    running = {str(workload.service) for workload in of_services(overlay)}
    for service in (name for name in SERVICES if name in running):
        users = [each for each in overlay.of("KafkaUser") if _is_of(each, service)]
        if not users:
            yield f"KafkaUser/{service}: is missing"
        else:
            yield from _too_much_or_little(service, [rule for user in users for rule in rules_of(user)])


def _too_much_or_little(service: str, rules: list[Json]) -> Iterator[str]:
    for operation, wanted in (("Write", written(service)), ("Read", read(service))):
        allowed = {topic for topic in TOPICS if allows(rules, "topic", topic, operation)}
        yield from (f"KafkaUser/{service}: may not {operation} {topic}" for topic in sorted(wanted - allowed))
        yield from (f"KafkaUser/{service}: need not {operation} {topic}" for topic in sorted(allowed - wanted))
    for operation in LOOKED_AT:
        lacking = [topic for topic in TOPICS if not allows(rules, "topic", topic, operation)]
        if lacking:
            yield f"KafkaUser/{service}: may not {operation} {', '.join(lacking)}"
    yield from _groups(service, rules)


def _groups(service: str, rules: list[Json]) -> Iterator[str]:
    """Its consumer groups, none of others; the changelog of a stream too, which it creates itself."""
    own, others = set(groups(service).values()), {group for name in SERVICES for group in groups(name).values()}
    allowed = {group for group in own | others if allows(rules, "group", group, "Read")}
    yield from (f"KafkaUser/{service}: may not Read group {group}" for group in sorted(own - allowed))
    yield from (f"KafkaUser/{service}: need not Read group {group}" for group in sorted(allowed - own))
    if stream := groups(service).get("stream"):
        name = f"{stream}.changelog"
        lacking = [each for each in ON_CHANGELOGS if not allows(rules, "topic", name, each)]
        yield from (f"KafkaUser/{service}: may not {operation} {name}" for operation in lacking)


def _is_of(user: Json, service: str) -> bool:
    name = str(user["metadata"]["name"])
    return name == service or name.startswith(f"{service}-")


def rules_of(user: Json) -> list[Json]:
    return list(user["spec"].get("authorization", {}).get("acls", []))


def allows(rules: list[Json], kind: str, name: str, operation: str) -> bool:
    return any(
        each["resource"]["type"] == kind
        and _names(each["resource"], name)
        and {operation, "All"} & set(each.get("operations", []))
        and each.get("type", "allow") == "allow"
        for each in rules
    )


def _names(resource: Json, name: str) -> bool:
    asked = str(resource.get("name", ""))
    if resource.get("patternType", "literal") == "prefix":
        return name.startswith(asked)
    return asked in {"*", name}
