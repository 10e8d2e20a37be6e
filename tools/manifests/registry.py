"""What the services publish, read and count, as their own code says it."""

from collections.abc import Sequence
from typing import Final

from pydantic import AnyHttpUrl

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared.contracts import TOPICS
from shared.service import Service
from shared.settings import CommonSettings
from shared.streaming.measures import Generation

SERVICES: Final = (CATALOG, ORDERS, STALLS, NOTIFY)
PRODUCTION: Final = CommonSettings(
    profile="production",
    mongodb_uri="mongodb://nowhere",
    kafka_bootstrap_servers="nowhere:9093",
    issuer="nowhere",
    jwks_url=AnyHttpUrl("https://nowhere.invalid"),
    _env_file=None,
)
CLUSTER: Final = "market"
"""The Kafka cluster's name; its operator calls its Services, Secrets and pods by it."""


def published(service: Service) -> list[str]:
    """The topics it writes: those that bear its name."""
    return [topic for topic in TOPICS if topic.startswith(f"{service.name}.")]


def read(service: Service) -> list[str]:
    """The topics its consumer reacts to."""
    return sorted({handlers.topic for handlers in service.handlers})


def counted(service: Service) -> Sequence[Generation]:
    """The first life of each of its measures; a rebuild only raises the number at the end of its names."""
    return [Generation(PRODUCTION, service.name, measure, 1) for measure in service.streams]


def family(generation: Generation) -> str:
    """How the group and the changelog of every life of a measure begin."""
    return generation.app_id.removesuffix(str(generation.number))
