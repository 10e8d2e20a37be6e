"""Which metrics stand together, and on whose dashboards."""

from dataclasses import dataclass
from typing import Final

from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

SERVICES: Final = ("catalog", "orders", "stalls", "notify")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of panels. `services`: those that have such a part at all."""

    title: str
    metrics: tuple[MetricWrapperBase, ...]
    services: tuple[str, ...] = SERVICES


ROWS: Final = (
    Row("Rules that must hold", (metrics.WATCH_FINDINGS, metrics.WATCH_TIMESTAMP), ("catalog", "stalls", "notify")),
    Row(
        "Audit log",
        (metrics.AUDIT_HEIGHT, metrics.AUDIT_PENDING, metrics.AUDIT_WAITING_SECONDS, metrics.AUDIT_HEAD),
    ),
    Row("Processes", (metrics.READY, metrics.PART_OK)),
    Row("Requests", (metrics.REQUESTS, metrics.REQUEST_SECONDS)),
    Row(
        "Outbox and relay",
        (
            metrics.OUTBOX_OLDEST_SECONDS,
            metrics.OUTBOX_DEPTH,
            metrics.RELAY_PUBLISHED,
            metrics.RELAY_LAG_SECONDS,
            metrics.RELAY_LEASE_HELD,
            metrics.RELAY_SWEPT,
        ),
    ),
    Row(
        "Consumers",
        (
            metrics.CONSUMER_LAG,
            metrics.CONSUMER_EVENTS,
            metrics.PARKED,
            metrics.CONSUMER_BATCH_SIZE,
            metrics.CONSUMER_BATCH_SECONDS,
        ),
    ),
    Row("What should happen by itself", (metrics.DUE_OLDEST_SECONDS,), ("orders", "stalls", "notify")),
    Row("Timers", (metrics.TIMERS_FIRED, metrics.TIMER_LATE_SECONDS), ("orders", "stalls")),
    Row(
        "Demand figures",
        (metrics.STREAM_EVENTS, metrics.STREAM_LAG, metrics.STREAM_RECOVERY_SECONDS),
        ("orders", "stalls"),
    ),
    Row("Messages", (metrics.NOTIFICATIONS, metrics.PROVIDER_CALLS, metrics.PROVIDER_SECONDS), ("notify",)),
    Row("Goods", (metrics.RESERVATIONS_REFUSED,), ("catalog",)),
    Row("Draws", (metrics.DRAW_SECONDS,), ("stalls",)),
)
