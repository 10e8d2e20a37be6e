"""Sentences about the zip of a draw: written piece by piece, read without unfolding it, and every byte insisted on."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw import archive
from services.stalls.draw.archive import Entry
from services.stalls.draw.damage import (
    ArchiveCompressed,
    ArchiveCutShort,
    ArchiveDamaged,
    ArchiveNameUnusable,
    ArchiveOverlapping,
    ArchiveTooLarge,
    ArchiveTrailing,
    FileAbsent,
    FileChanged,
    FileTooLarge,
    FileTwice,
)
from services.stalls.draw.sources import CHUNK_BYTES, TextSource, ZipSource
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.draw.instances import SOME

TEXTS = {"applications.csv": "ticket\n", "events.csv": "1,2,मंचर\n", "rules.txt": "", "zz.csv": "a\n" * 5}
WORDS = st.text("abc", min_size=1, max_size=8).map(lambda word: f"{word}.csv")
CONTENTS = st.dictionaries(WORDS, st.text("शाळा\n,0 ", max_size=50), min_size=1, max_size=6)


def by_the_library(texts: dict[str, str]) -> bytes:
    """The same zip by Python's own zipfile."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        for name in sorted(texts):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            zipped.writestr(entry, texts[name].encode("utf-8"))
    return target.getvalue()


def entries(texts: dict[str, str]) -> list[Entry]:
    contents = {name: text.encode() for name, text in texts.items()}
    return [
        Entry(name=name, size=len(content), crc=zlib.crc32(content), chunks=[content[:3], content[3:]])
        for name, content in contents.items()
    ]


def opened(data: bytes) -> dict[str, bytes]:
    with ZipSource(io.BytesIO(data)) as source:
        return {name: b"".join(source.chunks(name)) for name in source.names()}


@SOME
@given(CONTENTS)
def test_the_zip_is_what_the_standard_library_writes(texts: dict[str, str]) -> None:
    expected = by_the_library(texts)
    assert archive.pack(texts) == expected
    assert b"".join(archive.packed(entries(texts))) == expected
    assert archive.length(entries(texts)) == len(expected)
    assert opened(expected) == {name: texts[name].encode() for name in sorted(texts)}


def test_a_file_is_read_in_chunks_from_the_disk(tmp_path: Path) -> None:
    texts = {**TEXTS, "choices.csv": "शाळा, कात्रज\n" * 200_000}
    target = tmp_path / "draw.zip"
    target.write_bytes(archive.pack(texts))
    with ZipSource(target) as source:
        chunks = list(source.chunks("choices.csv"))
        assert source.size("choices.csv") == sum(map(len, chunks)) == TextSource(texts).size("choices.csv")
        assert {len(chunk) for chunk in chunks[:-1]} == {CHUNK_BYTES}
        assert archive.texts(source) == texts
        assert archive.texts(source, ("rules.txt",)) == {"rules.txt": ""}


@pytest.mark.parametrize("source", [TextSource(TEXTS), ZipSource(io.BytesIO(archive.pack(TEXTS)))])
def test_a_file_that_is_not_there_is_named(source: TextSource | ZipSource) -> None:
    assert source.names() == tuple(TEXTS)
    with pytest.raises(FileAbsent, match=r"plan\.csv is missing"):
        source.chunks("plan.csv")
    with pytest.raises(FileAbsent):
        source.size("plan.csv")


def zipped(*files: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as found:
        for name, content in files:
            found.writestr(name, content)
    return target.getvalue()


def overlapping() -> bytes:
    """Two entries of which the second begins within the first."""
    first, second = archive.pack({"a.csv": "x" * 100}), archive.pack({"b.csv": "y"})
    body, lines = (
        first[: -22 - 51],
        first[-22 - 51 : -22] + second[-22 - 51 : -22 - 9] + struct.pack("<L", 60) + b"b.csv",
    )
    return body + lines + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(lines), len(body), 0)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped(("draw.csv", b"a\n"), ("draw.csv", b"b\n"))


PACKED = archive.pack(TEXTS)
MISSHAPEN: list[tuple[Callable[[], bytes], type[Problem], str]] = [
    (lambda: b"", ArchiveCutShort, "breaks off after 0 bytes"),
    (lambda: b"PK", ArchiveCutShort, "breaks off after 2 bytes"),
    (lambda: PACKED[:100], ArchiveCutShort, "breaks off after 100 bytes"),
    (lambda: PACKED[:-3], ArchiveCutShort, f"breaks off after {len(PACKED) - 3} bytes"),
    (lambda: PACKED + b"more", ArchiveTrailing, "4 bytes stand after the end"),
    (lambda: b"<html>", ArchiveDamaged, "<htm"),
    (lambda: b"x" + PACKED, ArchiveDamaged, "xPK"),
    (lambda: PACKED[:30] + PACKED, ArchiveDamaged, "packed again"),
    (lambda: zipped(("draw.csv", b"a\n")), ArchiveDamaged, "packed again"),
    (lambda: zipped(("draw.csv", b"a\n"), compression=zipfile.ZIP_DEFLATED), ArchiveCompressed, "draw.csv is comp"),
    (lambda: zipped(("../draw.csv", b"a\n")), ArchiveNameUnusable, r"'\.\./draw\.csv' cannot be the name"),
    (lambda: zipped(("/etc/draw.csv", b"a\n")), ArchiveNameUnusable, "cannot be the name"),
    (lambda: zipped(("draw\x1b[2J", b"a\n")), ArchiveNameUnusable, r"'draw\\x1b\[2J'"),
    (lambda: zipped(("सोडत.csv", b"a\n")), ArchiveNameUnusable, "cannot be the name"),
    (twice, FileTwice, "draw.csv is in this zip twice"),
    (overlapping, ArchiveOverlapping, "a.csv reaches into b.csv"),
    (zipped, ArchiveDamaged, "packed again"),
    (lambda: PACKED.replace(b"ticket\n", b"Ticket\n"), FileChanged, "applications.csv is not what its checksum"),
]


@pytest.mark.parametrize(("made", "problem", "said"), MISSHAPEN)
def test_a_zip_that_is_not_as_it_is_made_is_refused_by_name(
    made: Callable[[], bytes], problem: type[Problem], said: str
) -> None:
    with pytest.raises(problem, match=said) as found:
        opened(made())
    assert type(found.value) is problem
    assert len({found.value.sentence(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_whatever_byte_is_changed_the_zip_is_refused() -> None:
    dice = random.Random(2026)
    for at in range(len(PACKED)):
        changed = PACKED[:at] + bytes([PACKED[at] ^ dice.randrange(1, 256)]) + PACKED[at + 1 :]
        with pytest.raises(Problem):
            opened(changed)


@given(st.binary(max_size=200))
@SOME
def test_noise_is_refused_in_words(noise: bytes) -> None:
    for data in (noise, b"PK\x03\x04" + noise, noise + PACKED[-120:], PACKED[:-22] + noise + PACKED[-22:]):
        if data != PACKED:
            with pytest.raises(ArchiveDamaged):
                opened(data)


def test_what_is_too_large_is_refused_before_the_first_byte(tmp_path: Path) -> None:
    large = Entry(name="choices.csv", size=1 << 32, crc=0, chunks=())
    with pytest.raises(FileTooLarge, match=r"choices\.csv has 4294967296 bytes"):
        archive.packed([large])
    with pytest.raises(ArchiveTooLarge):
        archive.packed([replace(large, size=(1 << 30) - 10)])
    target = tmp_path / "draw.zip"
    with target.open("wb") as file:
        file.truncate((1 << 30) + 1)
    with pytest.raises(ArchiveTooLarge):
        ZipSource(target)


def test_bytes_that_are_not_those_that_were_said_end_the_stream() -> None:
    entry = Entry(name="draw.csv", size=2, crc=zlib.crc32(b"a\n"), chunks=[b"b\n"])
    with pytest.raises(FileChanged):
        list(archive.packed([entry]))
