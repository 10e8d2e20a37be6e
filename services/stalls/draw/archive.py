"""The files of a draw as one zip: not compressed, so that every machine makes the same bytes and may insist on them."""

import io
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.stalls.draw import headers
from services.stalls.draw.damage import ArchiveTooLarge, FileChanged, FileDamaged, FileTooLarge
from services.stalls.draw.files import Files
from services.stalls.draw.headers import Listed
from services.stalls.draw.sources import MOST_BYTES, Source, TextSource, ZipSource

__all__ = ["MOST_BYTES", "Entry", "length", "pack", "packed", "text", "texts", "unpack"]

MOST_FILE_BYTES = (1 << 32) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Listed):
    """A file with its bytes, of which size and CRC-32 have to be known before the first of them is needed."""

    chunks: Iterable[bytes]


def pack(files: Files) -> bytes:
    source = TextSource(files)
    return b"".join(packed([_entry(source, name) for name in source.names()]))


def _entry(source: Source, name: str) -> Entry:
    content = b"".join(source.chunks(name))
    return Entry(name=name, size=len(content), crc=zlib.crc32(content), chunks=(content,))


def packed(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The zip piece by piece, in the order of names; holds no file whole.

    Raises FileTooLarge and ArchiveTooLarge before the first piece, FileChanged after a file whose bytes are not those
    that were said: what was sent so far is then no zip.
    """
    ordered = sorted(entries, key=lambda entry: entry.name)
    length(ordered)
    return _pieces(ordered)


def _pieces(entries: Sequence[Entry]) -> Iterator[bytes]:
    for entry in entries:
        yield headers.local(entry)
        size = crc = 0
        for chunk in entry.chunks:
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
            yield chunk
        if (size, crc) != (entry.size, entry.crc):
            raise FileChanged(file=entry.name)
    yield headers.directory(entries)


def length(entries: Iterable[Listed]) -> int:
    """Bytes of the zip of these. Raises FileTooLarge, ArchiveTooLarge."""
    known = list(entries)
    for entry in known:
        if entry.size > MOST_FILE_BYTES:
            raise FileTooLarge(file=entry.name, size=entry.size, most=MOST_FILE_BYTES)
    total = headers.length(known)
    if total > MOST_BYTES:
        raise ArchiveTooLarge(most=MOST_BYTES)
    return total


def unpack(data: bytes, most_bytes: int = MOST_BYTES) -> dict[str, str]:
    """File name → text. Raises ArchiveDamaged where a byte is not as `pack` writes it, ArchiveTooLarge, FileDamaged."""
    with ZipSource(io.BytesIO(data), most_bytes) as source:
        return texts(source)


def texts(source: Source, names: Iterable[str] | None = None) -> dict[str, str]:
    """File name → text, of all files or of these. Raises FileAbsent, FileDamaged, and what `chunks` does."""
    wanted: Mapping[str, None] = dict.fromkeys(source.names() if names is None else names)
    return {name: text(name, b"".join(source.chunks(name))) for name in wanted}


def text(name: str, content: bytes) -> str:
    """Raises FileDamaged for what is no UTF-8 in NFC."""
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileDamaged(file=name, byte=error.start) from error
    normal = unicodedata.normalize("NFC", decoded)
    if normal != decoded:
        raise FileDamaged(file=name, byte=_first_difference(normal.encode("utf-8"), content))
    return decoded


def _first_difference(left: bytes, right: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
