"""What stands between the files of a stored zip, byte for byte: all of it follows from names, sizes and checksums."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
HEADER = struct.Struct("<4s5H3L2H")
LINE = struct.Struct("<4s4B4H3L5H2L")
LAST = struct.Struct("<4s4H2LH")
END_BYTES = LAST.size
VERSION, UNIX, REGULAR_FILE = 20, 3, 0o644 << 16
LONG_AGO = 33  # 1 January 1980 as MS-DOS packs it; its midnight is 0
UTF_8 = 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file of a zip; `crc` is its CRC-32."""

    name: str
    size: int
    crc: int

    @property
    def title(self) -> bytes:
        return self.name.encode("utf-8")

    @property
    def flags(self) -> int:
        return 0 if self.name.isascii() else UTF_8


Entries = list[tuple[Listed, int, int]]
"""Each with its method, 0 for stored, and where it begins."""


def local(entry: Listed) -> bytes:
    """What stands before a file's own bytes."""
    sizes = (entry.crc, entry.size, entry.size, len(entry.title), 0)
    return HEADER.pack(LOCAL, VERSION, entry.flags, 0, 0, LONG_AGO, *sizes) + entry.title


def directory(entries: Iterable[Listed]) -> bytes:
    """What stands after the last file, to the end of the zip."""
    known = list(entries)
    places = list(offsets(known))
    lines = b"".join(_line(entry, offset) for entry, offset in zip(known, places, strict=False))
    return lines + LAST.pack(END, 0, 0, len(known), len(known), len(lines), places[-1], 0)


def _line(entry: Listed, offset: int) -> bytes:
    sizes = (entry.crc, entry.size, entry.size, len(entry.title), 0, 0, 0, 0)
    versions = (VERSION, UNIX, VERSION, 0, entry.flags)
    return LINE.pack(CENTRAL, *versions, 0, 0, LONG_AGO, *sizes, REGULAR_FILE, offset) + entry.title


def offsets(entries: Iterable[Listed]) -> Iterator[int]:
    """Where each begins, and where the directory does."""
    return accumulate((len(local(entry)) + entry.size for entry in entries), initial=0)


def length(entries: Iterable[Listed]) -> int:
    """Of the whole zip, in bytes."""
    around = HEADER.size + LINE.size
    return END_BYTES + sum(around + 2 * len(entry.title) + entry.size for entry in entries)


def listed(tail: bytes) -> Entries | None:
    """What the directory at the end of `tail` says, or None where it is no directory that ends there."""
    *_, size, _, _ = LAST.unpack(tail[-END_BYTES:])
    lines = tail[len(tail) - END_BYTES - size : -END_BYTES] if size <= len(tail) - END_BYTES else b""
    found: Entries = []
    while lines:
        line = _parsed(lines)
        if line is None:
            return None
        entry, taken = line
        found.append(entry)
        lines = lines[taken:]
    return found or None


def _parsed(lines: bytes) -> tuple[tuple[Listed, int, int], int] | None:
    """The first, and how many bytes it takes."""
    if len(lines) < LINE.size or not lines.startswith(CENTRAL):
        return None
    cells = LINE.unpack_from(lines)
    method, crc, size, title, extra, comment, offset = (cells[at] for at in (6, 9, 11, 12, 13, 14, 18))
    name = lines[LINE.size : LINE.size + title].decode("utf-8", "backslashreplace")
    return (Listed(name=name, size=size, crc=crc), method, offset), LINE.size + title + extra + comment
