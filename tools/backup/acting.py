"""What the commands do, step by step; each is an act in the audit log of the service."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from pymongo import AsyncMongoClient
from pymongo.database import Database

from shared.documents import Doc
from shared.mongo import DURABLE, INCARNATION
from shared.mongo import Database as Opened
from shared.service import Service
from tools import acts
from tools.backup import log, restoring
from tools.backup.archive import Archive, Ends, Manifest
from tools.backup.presence import must_be_alone, must_be_left_alone
from tools.backup.reconcile import Forgotten, Known, forgotten, known_in, next_incarnation
from tools.backup.restoring import MARK, finish, load, marked, must_be_meant, same_database, standing
from tools.backup.saving import save
from tools.environment import ToolSettings, database_of

SUBJECT = "database"
Say = Callable[[str], None]


def wired(name: str) -> Service:
    service: Service = import_module(f"services.{name}.wiring").SERVICE
    return service


def own_topics(service: Service, settings: ToolSettings) -> dict[str, str]:
    """Full topic names by collection."""
    return {kind.collection: settings.topic(kind.topic) for kind in service.kinds if kind.topic}


def untold(service: Service) -> list[str]:
    """Collections no fact tells of: what changed there since a backup, Kafka cannot say."""
    return sorted(kind.collection for kind in service.kinds if not kind.topic)


def listened(service: Service, settings: ToolSettings) -> set[str]:
    return {settings.topic(handlers.topic) for handlers in service.handlers}


def write(settings: ToolSettings, name: str, folder: Path, say: Say, why: str = "") -> Archive:
    """One service's database into a new folder of `folder`, while it runs."""
    acts.record(settings, name, "backup", (SUBJECT, name))
    with database_of(name, settings) as database:
        return _saved(settings, wired(name), database, folder, say, why)


def _saved(
    settings: ToolSettings, service: Service, database: Database[Doc], folder: Path, say: Say, why: str = ""
) -> Archive:
    """Kafka's ends first: a fact behind them may be in the snapshot, one before them always is."""
    topics = {*own_topics(service, settings).values(), *listened(service, settings)}
    ends = asyncio.run(log.ends(settings, topics))
    named = f"{database.name}-{datetime.now(UTC):%Y%m%dT%H%M%S}Z{why}"
    return save(service.name, database, ends, folder / named, say)


def restore(settings: ToolSettings, archive: Archive, folder: Path, say: Say, *, over: bool) -> list[Forgotten]:
    """Raises Damaged, Occupied, StillRunning before anything is touched; cut off later, it is simply repeated."""
    manifest = archive.verify()
    with database_of(manifest.service, settings) as database:
        same_database(manifest, database)
        must_be_alone(database)
        say(f"nobody works in {database.name}; from here on nobody begins to")
        with marked(database, archive):
            must_be_left_alone(database)  # who started before the mark stood is connected by now
            before = standing(database)
            if before.documents and not before.half:
                must_be_meant(database, over=over)
                _put_aside(settings, archive, database, before.incarnation, folder, say)
            return _replaced(settings, archive, database, before.incarnation, say)


def _put_aside(
    settings: ToolSettings, archive: Archive, database: Database[Doc], incarnation: int, folder: Path, say: Say
) -> None:
    """What stands there is saved before it goes, its audit log with the entry of what is done to it."""
    asyncio.run(_recorded(settings, archive, incarnation))
    kept = _saved(settings, wired(archive.manifest().service), database, folder, say, "-before-restore")
    say(f"what stood there is kept in {kept.folder}")


def _replaced(
    settings: ToolSettings, archive: Archive, database: Database[Doc], incarnation: int, say: Say
) -> list[Forgotten]:
    """`incarnation`: what it was. Who was cut off from MongoDB at the first look is seen once he is back."""
    manifest, service = archive.manifest(), wired(archive.manifest().service)
    topics = own_topics(service, settings)
    told = asyncio.run(log.told_since(settings, _ends_of(manifest, topics)))
    until = asyncio.run(log.ends(settings, listened(service, settings)))
    newer = next_incarnation(told, manifest.incarnation, incarnation)
    must_be_left_alone(database)
    load(database, archive, newer, say)
    asyncio.run(_recorded(settings, archive, newer))
    must_be_left_alone(database)
    finish(database, archive, until)
    return forgotten(told, known_in(archive, topics), newer)


async def _recorded(settings: ToolSettings, archive: Archive, incarnation: int) -> None:
    """In the log of what is replaced, and in the restored one, whose chain goes on from the backup's head."""
    manifest = archive.manifest()
    async with AsyncMongoClient[Doc](settings.mongodb_uri, tz_aware=True) as client:
        database = Opened(client, client.get_database(manifest.database, write_concern=DURABLE), incarnation)
        await acts.recorded(database, settings, "restore", (SUBJECT, manifest.service), archive.digest)


def report(settings: ToolSettings, archive: Archive) -> list[Forgotten]:
    """What the service has forgotten since that archive, as Kafka and the database stand now."""
    manifest = archive.manifest()
    topics = own_topics(wired(manifest.service), settings)
    told = asyncio.run(log.told_since(settings, _ends_of(manifest, topics)))
    with database_of(manifest.service, settings) as database:
        same_database(manifest, database)
        incarnation = (database[INCARNATION].find_one(MARK) or {}).get("value", manifest.incarnation)
        now = _stands(database, topics, {fact.subject for fact in told})
    return forgotten(told, known_in(archive, topics), incarnation, now)


def _ends_of(manifest: Manifest, topics: Mapping[str, str]) -> Ends:
    """A topic that is younger than the archive is read from its first record."""
    return {topic: manifest.ends.get(topic, {}) for topic in topics.values()}


def _stands(database: Database[Doc], topics: Mapping[str, str], subjects: set[str]) -> Known:
    found: Known = {topic: {} for topic in topics.values()}
    for name, topic in topics.items():
        rows = database[name].find({"_id": {"$in": sorted(subjects)}}, {"sequence": 1})
        found[topic] |= {str(row["_id"]): int(row["sequence"]) for row in rows}
    return found


def bring_back(settings: ToolSettings, archive: Archive, ids: Sequence[str]) -> list[str]:
    """From the copy made before a restore: what it made since the backup, as others know it. The service may run."""
    manifest = archive.verify()
    with database_of(manifest.service, settings) as database:
        same_database(manifest, database)
        acts.record(settings, manifest.service, "bring-back", (SUBJECT, manifest.service), acts.digest_of(ids))
        return restoring.bring_back(database, archive, own_topics(wired(manifest.service), settings), ids)
