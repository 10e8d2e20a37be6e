"""An archive: a folder as mongodump writes one for a database, and a manifest that says what must be in it."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

import bson
from bson.codec_options import CodecOptions
from bson.json_util import loads
from bson.raw_bson import RawBSONDocument
from pydantic import BaseModel, ConfigDict

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
_BLOCK = 1024 * 1024
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)

Ends = dict[str, dict[int, int]]
"""Topic, by its full name → partition → the offset after its last record."""


class File(BaseModel):
    """What a file must be."""

    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class Collection(BaseModel):
    """One collection: its documents as BSON, one after the other, and its options and indexes as mongodump's JSON."""

    model_config = ConfigDict(frozen=True)

    documents: int
    bson: File
    metadata: File


class Manifest(BaseModel):
    """What was saved, and where everything around it stood. Kafka's ends were read before the snapshot was taken."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    service: str
    database: str
    at: datetime
    cluster_time: tuple[int, int]
    """MongoDB's time of the snapshot (seconds, increment): every collection is as it was then."""
    mongodb: str
    incarnation: int
    collections: dict[str, Collection]
    ends: Ends
    next: dict[str, int]
    """By row of `consumer_offsets`: the first offset of which this database knows nothing."""


class Damaged(Exception):
    """An archive is not what its manifest says; one sentence a file."""


class Archive:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def new(cls, folder: Path) -> Self:
        """To be filled beside its place and renamed when it is whole: what a kill leaves is never taken for one."""
        unfinished = folder.with_name(folder.name + UNFINISHED)
        if folder.exists():
            raise FileExistsError(f"{folder} exists; an archive is never written over")
        for left in unfinished.glob("*"):
            left.unlink()
        unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)  # it may hold phone numbers
        return cls(unfinished)

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which has those of all files: the name of exactly this archive."""
        return digest_of(self.folder / MANIFEST).sha256

    def bson(self, name: str) -> Path:
        return self.folder / f"{name}.bson"

    def metadata(self, name: str) -> Path:
        return self.folder / f"{name}.metadata.json"

    def manifest(self) -> Manifest:
        """Raises Damaged when there is none that can be read."""
        try:
            return Manifest.model_validate_json((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Damaged(f"{self.folder / MANIFEST} cannot be read: {str(error).splitlines()[0]}") from error

    def finish(self, manifest: Manifest) -> "Archive":
        (self.folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return Archive(self.folder.rename(self.folder.with_name(self.folder.name.removesuffix(UNFINISHED))))

    def verify(self) -> Manifest:
        """Read every byte. Raises Damaged that names each bad file."""
        manifest = self.manifest()
        wanted = {self.bson(name): one.bson for name, one in manifest.collections.items()}
        wanted |= {self.metadata(name): one.metadata for name, one in manifest.collections.items()}
        if wrong := [fault for path, file in wanted.items() if (fault := _fault(path, file))]:
            raise Damaged("\n".join(wrong))
        return manifest

    def documents(self, name: str) -> Iterator[RawBSONDocument]:
        """As they were saved, undecoded."""
        with self.bson(name).open("rb") as file:
            yield from bson.decode_file_iter(file, _RAW)

    def indexes(self, name: str) -> list[dict[str, Any]]:
        """Besides the one of _id, as the command createIndexes takes them."""
        kept: list[dict[str, Any]] = loads(self.metadata(name).read_text(encoding="utf-8"))["indexes"]
        return [index for index in kept if index["name"] != "_id_"]


def digest_of(path: Path) -> File:
    hashed, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hashed.update(block)
            size += len(block)
    return File(bytes=size, sha256=hashed.hexdigest())


def _fault(path: Path, file: File) -> str | None:
    if not path.is_file():
        return f"{path} is missing"
    if (found := digest_of(path)) != file:
        return f"{path} is not what was saved: {found.bytes:,} bytes of {file.bytes:,}, SHA-256 {found.sha256[:12]}…"
    return None


def archives(folder: Path) -> list[Archive]:
    """All finished ones in it, the oldest first."""
    found = [Archive(path.parent) for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.endswith(UNFINISHED)]
    return sorted(found, key=lambda archive: archive.folder.name)
