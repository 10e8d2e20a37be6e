"""Save one database while its service runs: one snapshot across all collections, no lock, nothing stopped."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson.json_util import dumps
from pymongo.client_session import ClientSession
from pymongo.database import Database

from shared import faults
from shared.documents import Doc
from shared.mongo import INCARNATION
from shared.restored import OFFSETS
from tools.backup.archive import Archive, Collection, Ends, File, Manifest, digest_of

DOCUMENTS_A_BATCH = 5_000
_LENGTH_BYTES = 4

Say = Callable[[str], None]


def save(service: str, database: Database[Doc], ends: Ends, folder: Path, say: Say) -> Archive:
    """All of it as it was at one moment. Raises FileExistsError, PyMongoError (what was begun is left unfinished)."""
    archive = Archive.new(folder)
    at, client = datetime.now(UTC), database.client
    with client.start_session(snapshot=True) as session:
        answer = database.command("find", INCARNATION, session=session)  # the first read fixes the snapshot
        names = sorted(name for name in database.list_collection_names() if not name.startswith("system."))
        saved = {name: _collection(database, session, archive, name, say) for name in names}
        rows = {row["_id"]: row["next"] for row in database[OFFSETS].find({}, {"next": 1}, session=session)}
    first, stamp = answer["cursor"]["firstBatch"], answer["cursor"]["atClusterTime"]
    manifest = Manifest(
        service=service,
        database=database.name,
        at=at,
        cluster_time=(stamp.time, stamp.inc),
        mongodb=client.server_info()["version"],
        incarnation=first[0]["value"] if first else 1,
        collections=saved,
        ends=ends,
        next=rows,
    )
    return archive.finish(manifest)


def _collection(database: Database[Doc], session: ClientSession, archive: Archive, name: str, say: Say) -> Collection:
    count, size, hashed = 0, 0, hashlib.sha256()
    batches: Iterator[Any] = database[name].find_raw_batches({}, batch_size=DOCUMENTS_A_BATCH, session=session)
    with archive.bson(name).open("wb") as file:
        for batch in batches:
            file.write(batch)
            faults.point("backup.batch")
            hashed.update(batch)
            count, size = count + _documents_in(batch), size + len(batch)
            say(f"{name}: {count:,} documents, {size:,} bytes")
    _write_metadata(database, archive.metadata(name), name)
    file_ = File(bytes=size, sha256=hashed.hexdigest())
    return Collection(documents=count, bson=file_, metadata=digest_of(archive.metadata(name)))


def _write_metadata(database: Database[Doc], path: Path, name: str) -> None:
    about: dict[str, Any] = {"options": {}, "indexes": list(database[name].list_indexes())}
    about |= {"collectionName": name, "type": "collection"}
    path.write_text(dumps(about, ensure_ascii=False), encoding="utf-8")


def _documents_in(batch: bytes) -> int:
    """Each begins with its own length."""
    count = at = 0
    while at < len(batch):
        at += int.from_bytes(batch[at : at + _LENGTH_BYTES], "little")
        count += 1
    return count
