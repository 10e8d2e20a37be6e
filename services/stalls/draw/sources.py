"""Where the bytes of a draw's files come from: a stored zip on disk, of which no file is held whole, or texts."""

import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from services.stalls.draw.damage import (
    REPACKED,
    ArchiveCompressed,
    ArchiveCutShort,
    ArchiveDamaged,
    ArchiveNameUnusable,
    ArchiveOverlapping,
    ArchiveTooLarge,
    ArchiveTrailing,
    FileAbsent,
    FileChanged,
    FileTwice,
)
from services.stalls.draw.headers import END, END_BYTES, LOCAL, Entries, Listed, directory, listed, local, offsets

CHUNK_BYTES = 1 << 20
MOST_BYTES = 1 << 30
MOST_TAIL_BYTES = 1 << 16
NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


class Source(Protocol):
    """The files of a draw by name. `size` and `chunks` raise FileAbsent for a name that `names` lacks."""

    def names(self) -> tuple[str, ...]: ...

    def size(self, name: str) -> int: ...

    def chunks(self, name: str) -> Iterator[bytes]: ...


class TextSource:
    """File name → text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._texts))

    def size(self, name: str) -> int:
        return sum(map(len, self.chunks(name)))

    def chunks(self, name: str) -> Iterator[bytes]:
        if name not in self._texts:
            raise FileAbsent(file=name)
        text = self._texts[name]
        return (text[at : at + CHUNK_BYTES].encode("utf-8") for at in range(0, len(text), CHUNK_BYTES))


class ZipSource:
    """A zip every byte of which is as `archive.pack` writes it.

    Opening it reads the headers alone and raises ArchiveDamaged or ArchiveTooLarge; `chunks` raises FileChanged after
    the last chunk of a file that is not what its checksum says.
    """

    def __init__(self, file: Path | BinaryIO, most_bytes: int = MOST_BYTES) -> None:
        self._file: BinaryIO = file.open("rb", buffering=0) if isinstance(file, Path) else file
        try:
            self._entries = dict(self._found(most_bytes))
        except Exception:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def size(self, name: str) -> int:
        return self._entry(name)[0].size

    def chunks(self, name: str) -> Iterator[bytes]:
        entry, at = self._entry(name)
        return self._read_checked(entry, at)

    def _read_checked(self, entry: Listed, at: int) -> Iterator[bytes]:
        crc, end = 0, at + entry.size
        for start in range(at, end, CHUNK_BYTES):
            chunk = self._read(start, min(CHUNK_BYTES, end - start))
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if crc != entry.crc:
            raise FileChanged(file=entry.name)

    def _entry(self, name: str) -> tuple[Listed, int]:
        if name not in self._entries:
            raise FileAbsent(file=name)
        return self._entries[name]

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)

    def _found(self, most_bytes: int) -> Iterator[tuple[str, tuple[Listed, int]]]:
        """By name: the file and where its own bytes begin."""
        size = self._file.seek(0, 2)
        if size > most_bytes:
            raise ArchiveTooLarge(most=most_bytes)
        entries = self._listed(size)
        for entry, at in zip(entries, offsets(entries), strict=False):
            header = local(entry)
            if self._read(at, len(header)) != header:
                raise ArchiveDamaged(why=REPACKED)
            yield entry.name, (entry, at + len(header))

    def _listed(self, size: int) -> list[Listed]:
        tail = self._read(max(0, size - MOST_TAIL_BYTES), MOST_TAIL_BYTES)
        _require_end(tail, self._read(0, len(LOCAL)), size)
        found = listed(tail)
        if found is None:
            raise ArchiveDamaged(why=REPACKED)
        _require_plain(found)
        entries = [entry for entry, _, _ in found]
        if not tail.endswith(directory(entries)):
            raise ArchiveDamaged(why=REPACKED)
        return entries


def _require_end(tail: bytes, head: bytes, size: int) -> None:
    """That it is a zip, whole, with nothing after it."""
    if size and not head.startswith(b"PK"):
        raise ArchiveDamaged(why=repr(head))
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        raise ArchiveCutShort(bytes=size)
    if len(tail) - at > END_BYTES:
        raise ArchiveTrailing(bytes=len(tail) - at - END_BYTES)


def _require_plain(found: Entries) -> None:
    """That nothing unfolds to more than it is, nor anywhere else than among the others."""
    for entry, method, _ in found:
        if not NAME.fullmatch(entry.name):
            raise ArchiveNameUnusable(file=repr(entry.name)[:80])
        if method:
            raise ArchiveCompressed(file=entry.name)
    names = [entry.name for entry, _, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise FileTwice(file=name)
    _require_apart(found)
    if names != sorted(names):
        raise ArchiveDamaged(why=REPACKED)


def _require_apart(found: Entries) -> None:
    for (entry, _, at), (other, _, begins) in pairwise(sorted(found, key=lambda one: one[2])):
        if at + len(local(entry)) + entry.size > begins:
            raise ArchiveOverlapping(file=entry.name, other=other.name)
