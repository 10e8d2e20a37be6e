"""Each service's replica set, its one user, and a role that may add to the audit log and change nothing in it."""

from typing import Final

from shared.consumer.parking import COLLECTION as PARKED
from shared.consumer.partitions import COLLECTION as OFFSETS
from shared.mongo import AUDIT
from shared.service import Service
from shared.streaming.claims import CLAIMS
from shared.streaming.generations import POINTERS
from shared.streaming.measures import figures_of
from tools.manifests.objects import Json, made
from tools.manifests.registry import SERVICES

API: Final = "psmdb.percona.com/v1"
READ: Final = ("find", "listIndexes", "collStats")
ADD: Final = ("insert", "createIndex", "createCollection")
CHANGE: Final = ("update", "remove", "dropCollection", "collMod")
KERNEL: Final = ("health", "incarnation", "relay", OFFSETS, PARKED)
LIVES: Final = 20
"""Rebuilds of a measure until the role must name more of its collections: MongoDB grants by whole names only."""


def collections(service: Service) -> list[str]:
    """Every collection of the service but the audit log."""
    kinds = [kind.collection for kind in service.kinds]
    counted = [name for measure in service.streams for name in _of_measure(measure.name)]
    return sorted({*kinds, *KERNEL, *counted})


def _of_measure(name: str) -> list[str]:
    return [CLAIMS, POINTERS, f"{name}_parked", *(figures_of(name, number) for number in range(1, LIVES + 1))]


def role(service: Service, namespace: str = "") -> Json:
    """Reads and watches all of its database and changes all but the audit log, to which it may only add."""
    database = f"{namespace}{service.name}"
    everywhere = _may(["find", "changeStream", "listCollections", "dbStats"], db=database, collection="")
    log = _may([*READ, *ADD], db=database, collection=AUDIT)
    rest = [_may([*READ, *ADD, *CHANGE], db=database, collection=name) for name in collections(service)]
    asked = {"resource": {"cluster": True}, "actions": ["getParameter"]}
    return {"role": f"{database}-process", "db": "admin", "privileges": [asked, everywhere, log, *rest], "roles": []}


def _may(actions: list[str], **resource: str) -> Json:
    return {"resource": resource, "actions": actions}


def databases() -> list[Json]:
    """What differs between them; a patch in the component adds what is the same for all."""
    return [made(API, "PerconaServerMongoDB", f"{service.name}-db", spec=_access(service)) for service in SERVICES]


def _access(service: Service) -> Json:
    name = service.name
    user = {
        "name": name,
        "db": name,
        "passwordSecretRef": {"name": f"{name}-mongodb", "key": "password"},
        "roles": [{"name": f"{name}-process", "db": "admin"}],
    }
    return {"roles": [role(service)], "users": [user]}
