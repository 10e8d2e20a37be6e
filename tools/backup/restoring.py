"""Put an archive in a database's place: marked from before the first look, so that no service starts meanwhile."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from bson.raw_bson import RawBSONDocument
from pymongo.database import Database

from shared import clock, faults
from shared.documents import Doc
from shared.mongo import INCARNATION
from shared.relay.lease import ROW
from shared.restored import OFFSETS
from tools.backup.archive import Archive, Ends, Manifest

DOCUMENTS_A_BATCH = 2_000
MARK = {"_id": INCARNATION}
NOBODY = "restored"
"""Owner of every lease and partition of a restored database: whoever held one before is fenced."""

Say = Callable[[str], None]


class Occupied(Exception):
    """There is something in the database that would be lost."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database held before: its incarnation, whether a restore was cut off in it, whether it has documents."""

    incarnation: int
    half: bool
    documents: bool


def standing(database: Database[Doc]) -> Standing:
    row = database[INCARNATION].find_one(MARK) or {}
    names = [name for name in database.list_collection_names() if name != INCARNATION]
    there = any(database[name].find_one({}, {"_id": 1}) for name in names)
    return Standing(row.get("value", 0), row.get("restoring", {}).get("loading", False), there)


@contextmanager
def marked(database: Database[Doc], archive: Archive) -> Iterator[None]:
    """No process of the service starts from here on (see shared.mongo.connect); who did before is connected, and seen.

    What fails before anything is replaced takes the mark off again; a kill leaves it for the repeat.
    """
    mark = {"restoring.archive": archive.digest, "restoring.at": clock.now()}
    database[INCARNATION].update_one(MARK, {"$set": mark, "$setOnInsert": {"value": 1}}, upsert=True)
    faults.point("restore.marked")
    try:
        yield
    except BaseException:
        whole = {**MARK, "restoring.loading": {"$ne": True}}
        database[INCARNATION].update_one(whole, {"$unset": {"restoring": ""}})
        raise


def load(database: Database[Doc], archive: Archive, incarnation: int, say: Say) -> None:
    """Within the mark, everything but its end. Cut off anywhere, the same again begins anew."""
    database[INCARNATION].update_one(MARK, {"$set": {"restoring.loading": True, "value": incarnation}})
    for name in database.list_collection_names():
        if name != INCARNATION:
            database.drop_collection(name)
    for name, saved in archive.manifest().collections.items():
        if name != INCARNATION:
            _collection(database, archive, name, saved.documents, say)
    _fence(database)


def bring_back(database: Database[Doc], archive: Archive, names: Collection[str], ids: Collection[str]) -> list[str]:
    """Whole documents from an archive, those that are not in the database; others know them as they stand there."""
    brought = []
    for name in sorted(archive.manifest().collections.keys() & set(names)):
        for document in archive.documents(name):
            if document["_id"] in ids and not database[name].find_one({"_id": document["_id"]}, {"_id": 1}):
                database[name].insert_one(document)
                brought.append(str(document["_id"]))
    return brought


def finish(database: Database[Doc], archive: Archive, until: Ends) -> None:
    """In one write the restore has happened: the mark goes, the facts to be read again are named."""
    ends = [
        {"topic": topic, "partition": partition, "offset": offset}
        for topic, partitions in until.items()
        for partition, offset in partitions.items()
    ]
    manifest = archive.manifest()
    about = {"archive": archive.digest, "saved_at": manifest.at, "at": clock.now(), "until": ends}
    database[INCARNATION].update_one(MARK, {"$set": {"restored": about}, "$unset": {"restoring": ""}})


def _collection(database: Database[Doc], archive: Archive, name: str, wanted: int, say: Say) -> None:
    """Indexes last: they are built in one go."""
    done = 0
    for batch in _batches(archive.documents(name)):
        database[name].insert_many(batch, ordered=False)
        done += len(batch)
        faults.point("restore.batch")
        say(f"{name}: {done:,} of {wanted:,} documents")
    if not wanted:
        database.create_collection(name)
    if indexes := archive.indexes(name):
        database.command("createIndexes", name, indexes=indexes)


def _batches(documents: Iterator[RawBSONDocument]) -> Iterator[Sequence[RawBSONDocument]]:
    while batch := list(islice(documents, DOCUMENTS_A_BATCH)):
        yield batch


def _fence(database: Database[Doc]) -> None:
    """The relay starts without a token and sweeps; nobody who held a lease or a partition then holds it now."""
    nobody = {"$set": {"owner": NOBODY}, "$inc": {"epoch": 1}}
    database[OFFSETS].update_many({}, nobody)
    free = {"owner": NOBODY, "expires_at": clock.now()}
    database["relay"].update_one({"_id": ROW}, {"$set": free, "$inc": {"epoch": 1}, "$unset": {"token": ""}})


def same_database(manifest: Manifest, database: Database[Doc]) -> None:
    """Raises Occupied for an archive of another database."""
    if manifest.database != database.name:
        raise Occupied(f"this is an archive of {manifest.database}, not of {database.name}")


def must_be_meant(database: Database[Doc], *, over: bool) -> None:
    """Raises Occupied where documents would be replaced and nobody said so."""
    if not over:
        raise Occupied(f"{database.name} is not empty; with --over (make: OVER=1) it is saved, then replaced")
