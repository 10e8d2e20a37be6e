"""Every metric of every process, once. They say how the machine runs; how the business stands is in the databases.

Counters and histograms are of this process since its start: sum them over processes. A gauge is true only where it
is set: of a relay's gauges those of the one process with `bachat_relay_lease_held` 1 count.
"""

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time beside every series, which nobody asks for

READY = Gauge("bachat_ready", "1 when the process is of use, as its /readyz says at this moment, else 0.")
PART_OK = Gauge("bachat_part_ok", "The same of each part: database, relay, timers, consumer, stream.", ["part"])

REQUESTS = Counter(
    "bachat_requests", "Answered HTTP requests; route is the template, never a path.", ["route", "method", "status"]
)
REQUEST_SECONDS = Histogram(
    "bachat_request_seconds",
    "From the first byte of a request to the last of its answer.",
    ["route", "method"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

OUTBOX_DEPTH = Gauge(
    "bachat_outbox_depth", "Documents with facts not known to be in Kafka, at the last sweep.", ["kind"]
)
OUTBOX_OLDEST_SECONDS = Gauge(
    "bachat_outbox_oldest_seconds",
    "Age of the oldest fact not known to be in Kafka, at the last sweep; 0: none.",
    ["kind"],
)
RELAY_LEASE_HELD = Gauge("bachat_relay_lease_held", "1 in the process that publishes for its database, 0 in a standby.")
RELAY_PUBLISHED = Counter("bachat_relay_published", "Facts acknowledged by Kafka, repeats included.", ["topic"])
RELAY_LAG_SECONDS = Gauge("bachat_relay_lag_seconds", "From the write of the last published fact to Kafka's ack.")
RELAY_SWEPT = Counter("bachat_relay_swept", "Facts published by the sweeper, which the stream should have brought.")

CONSUMER_EVENTS = Counter(
    "bachat_consumer_events",
    "Events done with, by outcome: applied, duplicate, skipped (unknown type), refused (by a rule), parked.",
    ["topic", "outcome"],
)
CONSUMER_LAG = Gauge(
    "bachat_consumer_lag", "Events in the partition after the last one done with; 0: none.", ["topic", "partition"]
)
CONSUMER_BATCH_SIZE = Histogram(
    "bachat_consumer_batch_size", "Events in one transaction.", buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
)
CONSUMER_BATCH_SECONDS = Histogram(
    "bachat_consumer_batch_seconds",
    "One transaction, from the records to its commit.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
PARKED = Gauge("bachat_parked", "Parked events of the partitions this process holds, waiting for a replay.")

STREAM_EVENTS = Counter(
    "bachat_stream_events",
    "Records looked at for figures, by outcome: applied, duplicate, skipped (changes no figure), parked.",
    ["topic", "outcome"],
)
STREAM_LAG = Gauge(
    "bachat_stream_lag", "Records in the partition after the last one counted; 0: none.", ["topic", "partition"]
)
STREAM_RECOVERY_SECONDS = Gauge(
    "bachat_stream_recovery_seconds", "From the start of the worker until its figures were read back.", ["topic"]
)

TIMERS_FIRED = Counter("bachat_timers_fired", "Commands a timer has called, by the kind of aggregate.", ["kind"])
TIMER_LATE_SECONDS = Histogram(
    "bachat_timer_late_seconds",
    "From the time that was due to the command.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
DUE_OLDEST_SECONDS = Gauge(
    "bachat_due_oldest_seconds", "Since when the document that is due longest waits for its timer; 0: none.", ["kind"]
)

WATCH_FINDINGS = Gauge(
    "bachat_watch_findings", "Documents that break a rule which must always hold, at the last look; 0: none.", ["watch"]
)
WATCH_TIMESTAMP = Gauge("bachat_watch_timestamp_seconds", "When that was last looked at, in Unix time.", ["watch"])

AUDIT_HEIGHT = Gauge("bachat_audit_height", "Number of the last entry of the audit log's chain, where it is written.")
AUDIT_HEAD = Gauge("bachat_audit_head", "The first 12 hex digits of the hash of that entry, as a number; 0: elsewhere.")
AUDIT_PENDING = Gauge("bachat_audit_pending", "Audit entries that are written but not in the chain yet.")
AUDIT_WAITING_SECONDS = Gauge("bachat_audit_waiting_seconds", "Age of the oldest of these; 0: none.")

PROVIDER_CALLS = Counter(
    "bachat_provider_calls", "Calls of an outside provider, by what came of them.", ["provider", "outcome"]
)
PROVIDER_SECONDS = Histogram("bachat_provider_seconds", "One call of an outside provider.", ["provider"])
NOTIFICATIONS = Counter(
    "bachat_notifications", "Notifications that reached a state, in this process.", ["channel", "state"]
)
RESERVATIONS_REFUSED = Counter(
    "bachat_reservations_refused", "Orders whose stock could not be held, by reason.", ["reason"]
)
DRAW_SECONDS = Histogram(
    "bachat_draw_seconds",
    "One stage of a draw, from freeze and seal (the close) over check, allocate and keep to line and tell.",
    ["step"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
