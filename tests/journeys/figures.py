"""Every metric of the registry, and what a day at the market and a fair make of it, in which process.

A metric that is not here fails `test_metrics`. What a quiet system only shows as 0 names the test that moves it.
"""

from dataclasses import dataclass
from typing import Final

Labels = dict[str, str]

SERVICES: Final = ("catalog", "orders", "stalls", "notify")
WORKERS: Final = ("orders-stream", "stalls-stream")
OUTBOXES: Final = {
    "catalog": ("groups", "products", "stock", "reservations"),
    "orders": ("orders",),
    "stalls": ("venues", "calls", "applications", "allotments"),
    "notify": ("notifications",),
}
READS: Final = {
    "catalog": ("orders.orders", "stalls.allotments"),
    "orders": ("catalog.groups", "catalog.products", "catalog.reservations"),
    "stalls": ("catalog.groups", "catalog.products", "stalls.allotments"),
    "notify": ("catalog.groups", "orders.orders", "stalls.applications", "stalls.allotments"),
}
COUNTED: Final = {"orders-stream": "orders.orders", "stalls-stream": "stalls.applications"}
DUE: Final = {
    "catalog": ("groups", "doubles"),
    "orders": ("orders",),
    "stalls": ("calls", "applications", "draws", "allotments"),
    "notify": ("notifications",),
}
WATCHED: Final = {"catalog": "oversold", "stalls": "two_holders", "notify": "stuck_sending"}
PARTS: Final = {
    "catalog": ("database", "relay", "consumer", "timers"),
    "orders": ("database", "relay", "consumer", "timers"),
    "stalls": ("database", "relay", "consumer", "timers"),
    "notify": ("database", "relay", "consumer"),
    **dict.fromkeys(WORKERS, ("database", "stream")),
}
ROUTES: Final = {
    "catalog": ("/v1/products/{product_id}/approve", "POST"),
    "orders": ("/v1/orders", "POST"),
    "stalls": ("/v1/calls/{call_id}/draw", "POST"),
    "notify": ("/v1/contacts/{party}", "PUT"),
}


@dataclass(frozen=True, slots=True)
class Shows:
    """In that process, of the samples with these labels: all are `value`; None: together they are more than 0."""

    process: str
    labels: Labels
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """`moved_by`: the test that makes it other than 0, as `path::name`, where no journey does."""

    shows: tuple[Shows, ...]
    moved_by: str = ""


def rises(*where: tuple[str, Labels]) -> Expected:
    return Expected(tuple(Shows(process, labels) for process, labels in where))


def stays(value: float, *where: tuple[str, Labels], moved_by: str = "") -> Expected:
    return Expected(tuple(Shows(process, labels, value) for process, labels in where), moved_by)


def each(processes: tuple[str, ...]) -> tuple[tuple[str, Labels], ...]:
    return tuple((process, {}) for process in processes)


def by(label: str, of: dict[str, tuple[str, ...]]) -> tuple[tuple[str, Labels], ...]:
    return tuple((process, {label: value}) for process, values in of.items() for value in values)


def one(label: str, of: dict[str, str]) -> tuple[tuple[str, Labels], ...]:
    return tuple((process, {label: value}) for process, value in of.items())


GAUGES = "tests/integration/kernel/test_gauges.py::"
LAG = "tests/unit/shared/test_stream_lag.py::"
WATCHES = "tests/integration/test_watches.py::"
TOPICS = {service: tuple(f"{service}.{kind}" for kind in kinds) for service, kinds in OUTBOXES.items()}
APPLIED = tuple((process, {**labels, "outcome": "applied"}) for process, labels in by("topic", READS))
LEASES = (*(Shows(service, {}, 1) for service in SERVICES), *(Shows(worker, {}, 0) for worker in WORKERS))

EXPECTED: Final[dict[str, Expected]] = {
    "bachat_ready": stays(1, *each((*SERVICES, *WORKERS))),
    "bachat_part_ok": stays(1, *by("part", PARTS)),
    "bachat_requests": rises(*((name, {"route": at, "method": how}) for name, (at, how) in ROUTES.items())),
    "bachat_request_seconds": rises(*((name, {"route": at, "method": how}) for name, (at, how) in ROUTES.items())),
    "bachat_outbox_depth": stays(
        0,
        *by("kind", OUTBOXES),
        moved_by=f"{GAUGES}test_what_waits_in_an_outbox_is_measured_with_its_age",
    ),
    "bachat_outbox_oldest_seconds": stays(
        0,
        *by("kind", OUTBOXES),
        moved_by=f"{GAUGES}test_what_waits_in_an_outbox_is_measured_with_its_age",
    ),
    "bachat_relay_lease_held": Expected(LEASES),
    "bachat_relay_published": rises(*by("topic", TOPICS)),
    "bachat_relay_lag_seconds": rises(*each(SERVICES)),
    "bachat_relay_swept": Expected((), f"{GAUGES}test_what_the_sweeper_publishes_is_counted"),
    "bachat_audit_height": rises(*each(("catalog", "stalls"))),
    "bachat_audit_head": rises(*each(("catalog", "stalls"))),
    "bachat_audit_pending": stays(
        0, *each(SERVICES), moved_by=f"{GAUGES}test_acts_that_wait_for_the_audit_log_are_counted_with_their_age"
    ),
    "bachat_audit_waiting_seconds": stays(
        0, *each(SERVICES), moved_by=f"{GAUGES}test_acts_that_wait_for_the_audit_log_are_counted_with_their_age"
    ),
    "bachat_consumer_events": rises(*APPLIED),
    "bachat_consumer_lag": stays(
        0, *by("topic", READS), moved_by=f"{GAUGES}test_the_lag_of_a_partition_is_told_by_who_has_it_and_nobody_else"
    ),
    "bachat_consumer_batch_size": rises(*each(SERVICES)),
    "bachat_consumer_batch_seconds": rises(*each(SERVICES)),
    "bachat_parked": Expected(
        (), "tests/journeys/test_bad_records.py::test_parked_records_are_counted_where_operators_look"
    ),
    "bachat_stream_events": rises(*((name, {"topic": at, "outcome": "applied"}) for name, at in COUNTED.items())),
    "bachat_stream_lag": stays(
        0, *one("topic", COUNTED), moved_by=f"{LAG}test_a_worker_tells_the_lag_of_the_partitions_it_holds"
    ),
    "bachat_stream_recovery_seconds": rises(*one("topic", COUNTED)),
    "bachat_timers_fired": rises(("stalls", {"kind": "calls"})),
    "bachat_timer_late_seconds": rises(("stalls", {})),
    "bachat_due_oldest_seconds": stays(
        0, *by("kind", DUE), moved_by=f"{WATCHES}test_what_is_due_longest_is_told_until_the_lease_is_gone"
    ),
    "bachat_watch_findings": stays(
        0,
        *one("watch", WATCHED),
        moved_by=f"{WATCHES}test_a_look_is_told_with_its_time_and_one_that_fails_ends_nothing",
    ),
    "bachat_watch_timestamp_seconds": rises(*one("watch", WATCHED)),
    "bachat_provider_calls": rises(("notify", {"provider": "local-sms", "outcome": "taken"})),
    "bachat_provider_seconds": rises(("notify", {"provider": "local-sms"})),
    "bachat_notifications": rises(
        ("notify", {"channel": "sms", "state": "sent"}), ("notify", {"channel": "sms", "state": "delivered"})
    ),
    "bachat_reservations_refused": rises(("catalog", {"reason": "NotEnoughStock"})),
    "bachat_draw_seconds": rises(("stalls", {"step": "freeze"}), ("stalls", {"step": "keep"})),
}
