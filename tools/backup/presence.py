"""Who works in a database: nothing is restored under a running service."""

import time
from typing import Final

from pymongo.database import Database

from shared.documents import Doc
from shared.relay.lease import ROW

LEAVES_SECONDS: Final = 3.0
"""Who connects while the mark stands reads it and goes; so long its connection may still be seen."""
_LOOK_SECONDS: Final = 0.1


class StillRunning(Exception):
    """Processes of the service are connected, or one holds the relay's lease."""


def must_be_alone(database: Database[Doc]) -> None:
    """Raises StillRunning."""
    if found := connected(database):
        msg = f"processes of {database.name} are connected (from {', '.join(found)}): stop them first"
        raise StillRunning(msg)
    if lease := database["relay"].find_one({"_id": ROW, "$expr": {"$gt": ["$expires_at", "$$NOW"]}}):
        msg = f"the relay's lease of {database.name} is held by {lease['owner']}: stop it, or wait until it runs out"
        raise StillRunning(msg)


def must_be_left_alone(database: Database[Doc]) -> None:
    """While the mark stands: raises StillRunning for who stays. Who was sent away at its start is no harm."""
    until = time.monotonic() + LEAVES_SECONDS
    while connected(database) and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
    must_be_alone(database)


def connected(database: Database[Doc]) -> list[str]:
    """Hosts with connections that bear the service's name (see shared.mongo.connect)."""
    stages: list[Doc] = [
        {"$currentOp": {"allUsers": True, "idleConnections": True}},
        {"$match": {"appName": database.name}},
        {"$group": {"_id": "$client"}},
    ]
    places = (str(row["_id"]) for row in database.client.admin.aggregate(stages) if row["_id"])
    return sorted({place.rpartition(":")[0] for place in places})
