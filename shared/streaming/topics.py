"""The topics and groups of a generation in Kafka, by name and with the right settings. Synchronous inside threads."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from shared.kafka import CREATED_OR_THERE, access
from shared.mongo import UnsafeSettingsError
from shared.settings import CommonSettings
from shared.streaming.measures import Generation

T = TypeVar("T")

LARGEST_CHANGE_BYTES = 4 * 1024 * 1024
MISSING_TOPIC = 3


def changelog_settings(settings: CommonSettings) -> dict[str, str]:
    """Compacted, but not the last hour: a late record of a process thought dead can still be told by its number."""
    kept = {"cleanup.policy": "compact", "min.compaction.lag.ms": "3600000", "unclean.leader.election.enable": "false"}
    limits = {
        "max.message.bytes": str(LARGEST_CHANGE_BYTES),
        "min.insync.replicas": str(settings.min_insync_replicas),
    }
    return kept | limits | ({"flush.messages": "1"} if settings.replication_factor == 1 else {})


async def ensure_changelog(generation: Generation) -> None:
    """Create the changelog with as many partitions as its source.

    Raises KafkaError with the broker's reason, UnsafeSettingsError when it is there and not as it must be.
    """
    await _asked(generation.settings, lambda admin: _create(admin, generation))


def _create(admin: Any, generation: Generation) -> None:
    settings, name = generation.settings, generation.changelog
    (source,) = admin.describe_topics([generation.source])
    if source["error_code"]:
        raise KafkaError(f"{generation.source} is missing. Create the topics with `python -m tools.topics`.")
    spec = {
        "num_partitions": len(source["partitions"]),
        "replication_factor": settings.replication_factor,
        "configs": changelog_settings(settings),
    }
    for topic in admin.create_topics({name: spec}, raise_errors=False)["topics"]:
        if topic["error_code"] not in CREATED_OR_THERE:
            raise KafkaError(f"{name}: {topic['error_message'] or topic['error_code']}")
    admin.wait_for_topics([name])
    if not settings.allow_unsafe and (wrong := _unsafe(admin, generation, spec)):
        raise UnsafeSettingsError(wrong)


def _unsafe(admin: Any, generation: Generation, spec: Mapping[str, Any]) -> str:
    """Sentences about what somebody made otherwise than it must be: figures would be lost or memory mixed up."""
    name = generation.changelog
    (topic,) = admin.describe_topics([name])
    asked = [ConfigResource(ConfigResourceType.TOPIC, name)]
    kept = admin.describe_configs(asked, config_filter="all")["topic"][name]
    has = {key: str(entry["value"]) for key, entry in kept.items()} | {"partitions": str(len(topic["partitions"]))}
    checked = ("cleanup.policy", "min.insync.replicas", "unclean.leader.election.enable", "partitions")
    wanted = {**spec["configs"], "partitions": str(spec["num_partitions"])}
    return "\n".join(
        f"{name}: {key} is {has[key]}, must be {wanted[key]}." for key in checked if has[key] != wanted[key]
    )


async def ends(generation: Generation) -> dict[int, int]:
    """Where each partition of the source ends now."""

    def ask(admin: Any) -> dict[int, int]:
        (source,) = admin.describe_topics([generation.source])
        places = [TopicPartition(generation.source, part["partition_index"]) for part in source["partitions"]]
        found = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
        return {place.partition: at.offset for place, at in found.items()}

    return await _asked(generation.settings, ask)


async def members(generation: Generation) -> int:
    """How many workers of this generation run."""

    def ask(admin: Any) -> int:
        found = admin.describe_groups([generation.app_id])
        return sum(len(group["members"]) for group in found.values())

    return await _asked(generation.settings, ask)


async def forget(generation: Generation) -> None:
    """Delete its changelog and its group; what is not there is no fault."""

    def ask(admin: Any) -> None:
        admin.delete_topics([generation.changelog], raise_errors=False)
        if any(group["group_id"] == generation.app_id for group in admin.list_groups()):
            admin.delete_groups([generation.app_id])

    await _asked(generation.settings, ask)


async def _asked(settings: CommonSettings, ask: Callable[[Any], T]) -> T:
    def connected() -> T:
        admin = KafkaAdminClient(**access(settings))
        try:
            return ask(admin)
        finally:
            admin.close()

    return await asyncio.to_thread(connected)
