"""What the code knows of itself: each service's roles, settings, topics and groups. Manifests are held against it."""

from functools import lru_cache
from importlib import import_module
from typing import Any

from shared.contracts import FACTS
from shared.service import Service
from shared.settings import CommonSettings, Profile
from shared.streaming.measures import Generation
from tools.environment import ToolSettings

SERVICES = ("catalog", "orders", "stalls", "notify")
PLACEHOLDERS: dict[str, Any] = {
    "mongodb_uri": "mongodb://database/",
    "kafka_bootstrap_servers": "kafka:9092",
    "issuer": "https://issuer.example",
    "jwks_url": "https://issuer.example/jwks.json",
}


@lru_cache
def service(name: str) -> Service:
    """Its wiring. Raises ModuleNotFoundError for a name that is no service."""
    found = import_module(f"services.{name}.wiring").SERVICE
    assert isinstance(found, Service)  # noqa: S101  tells the type of what was imported by name
    return found


def roles_of(name: str) -> set[str]:
    known = service(name)
    reacting = {"consume"} if known.handlers or known.workers else set()
    return {"api", "relay", *reacting, *({"stream"} if known.streams else set())}


def settings_of(module: str) -> type[CommonSettings] | None:
    """What `python -m module` reads from its environment; None for what takes options instead."""
    folder, _, name = module.partition(".")
    if folder == "services":
        return service(name).settings
    return ToolSettings if folder == "tools" else None


def common(profile: Profile) -> CommonSettings:
    """What follows from a profile alone: partitions, replicas, topic settings."""
    return CommonSettings.model_construct(**PLACEHOLDERS, profile=profile, namespace="")


def written(name: str) -> set[str]:
    """Topics that the service alone writes."""
    return {fact.topic for fact in FACTS if fact.topic.partition(".")[0] == name}


def read(name: str) -> set[str]:
    """Topics whose facts it handles or measures."""
    known = service(name)
    return {handlers.topic for handlers in known.handlers} | {measure.topic for measure in known.streams}


def groups(name: str) -> dict[str, str]:
    """The consumer group of each role that reads; a measure's later generations differ in the last number."""
    known = service(name)
    consuming = {"consume": known.group} if known.handlers else {}
    if not known.streams:
        return consuming
    return consuming | {"stream": Generation(common("production"), name, known.streams[0], 1).app_id}
