"""The names of all spans and attributes, once: OpenTelemetry's semantic conventions where they have a word.

Texts, so that nothing is imported while tracing is off; a test compares them with the installed conventions.
"""

from hashlib import sha256
from typing import Final

HTTP_METHOD: Final = "http.request.method"
HTTP_ROUTE: Final = "http.route"
HTTP_STATUS: Final = "http.response.status_code"
ERROR_TYPE: Final = "error.type"
FUNCTION: Final = "code.function.name"
DB_OPERATION: Final = "db.operation.name"
DB_STATUS: Final = "db.response.status_code"
DB_COLLECTION: Final = "db.collection.name"
DB_NAMESPACE: Final = "db.namespace"
DB_SYSTEM: Final = "db.system.name"
URL_FULL: Final = "url.full"
SERVER: Final = "server.address"
PORT: Final = "server.port"

SYSTEM: Final = "messaging.system"
DESTINATION: Final = "messaging.destination.name"
PARTITION: Final = "messaging.destination.partition.id"
OFFSET: Final = "messaging.kafka.offset"
GROUP: Final = "messaging.consumer.group.name"
MESSAGE_ID: Final = "messaging.message.id"
PARTS_OF_A_PLAIN_ID: Final = 2
OPERATION: Final = "messaging.operation.name"
OPERATION_TYPE: Final = "messaging.operation.type"
BATCH_COUNT: Final = "messaging.batch.message_count"

SERVICE_NAME: Final = "service.name"
SERVICE_NAMESPACE: Final = "service.namespace"
SERVICE_INSTANCE: Final = "service.instance.id"

OUTCOME: Final = "bachat.outcome"
"""applied, duplicate, skipped, refused, parked or rolled_back; of a delivery the state of its notification."""
CODE: Final = "bachat.code"
"""The code of the problem that was the answer."""
ROLES: Final = "bachat.roles"
NAMESPACE: Final = "bachat.namespace"

KEPT: Final = frozenset(
    {HTTP_METHOD, HTTP_ROUTE, HTTP_STATUS, ERROR_TYPE, FUNCTION, URL_FULL, SERVER, PORT}
    | {DB_OPERATION, DB_STATUS, DB_COLLECTION, DB_NAMESPACE, DB_SYSTEM}
    | {SYSTEM, DESTINATION, PARTITION, OFFSET, GROUP, MESSAGE_ID, OPERATION, OPERATION_TYPE, BATCH_COUNT}
    | {OUTCOME, CODE}
)
"""What may stand in a span: whatever else a library puts there does not leave the process."""

KAFKA: Final = "kafka"
ROLLED_BACK: Final = "rolled_back"
PARKED: Final = "parked"


def answers(method: str, route: str) -> str:
    return f"{method} {route}"


def writes(verb: str, collection: str) -> str:
    return f"{verb} {collection}"


def message_id(event_id: str) -> str:
    """The event's own id; of a message's event, whose subject names its recipient, a digest of it."""
    return event_id if event_id.count(":") == PARTS_OF_A_PLAIN_ID else sha256(event_id.encode()).hexdigest()[:32]


def together(verb: str) -> str:
    """What several requests asked for, in one command."""
    return f"{verb} together"


def sends(topic: str) -> str:
    return f"send {topic}"


def processes(topic: str) -> str:
    return f"process {topic}"


def applies(group: str) -> str:
    """A batch: one transaction."""
    return f"apply {group}"


def fires(kind: str) -> str:
    return f"timer {kind}"


def delivers(channel: str) -> str:
    return f"deliver {channel}"


def commands(command: str, collection: str | None) -> str:
    """A command to MongoDB."""
    return f"{command} {collection}" if collection else command
