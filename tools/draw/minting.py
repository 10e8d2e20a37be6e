"""A made-up draw as its complete public file, pinned to the last byte: announced, closed, drawn, logged."""

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.stalls.draw import archive, files, log, seed
from services.stalls.draw.log import Party
from services.stalls.draw.sources import CHUNK_BYTES

CALL = "0192f1c0-7c8e-7000-8000-2f6b3c1d9e55"
OPENS = datetime(2026, 7, 20, 3, 30, tzinfo=UTC)
CLOSES = datetime(2026, 8, 2, 18, 29, 59, tzinfo=UTC)
CLOSED = CLOSES + timedelta(seconds=2)
SHOWN = datetime(2026, 8, 4, 10, 30, tzinfo=UTC)
SOURCE, ROUND, VALUE = "महाराष्ट्र राज्य लॉटरी, महाराष्ट्र सह्याद्री", 31, "MS 48/21 57"
NONCES = ("a pinned nonce of the mission", "a pinned nonce of the federation", "a pinned nonce, never opened")
NAMES = ("राज्य अभियान कार्यालय", "महिला बचत गट महासंघ", "जिल्हा परिषद निरीक्षक")
PARTIES = tuple(
    Party(number=number, name=name, commitment=seed.commitment(nonce), nonce=nonce if number < len(NAMES) else None)
    for number, (name, nonce) in enumerate(zip(NAMES, NONCES, strict=True), 1)
)
"""The last one does not open hers: it is struck out."""
Chunks = Iterable[tuple[str, bytes]]
"""File name and the next bytes of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    path: Path
    size: int
    crc: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


class Folder:
    """Files of a draw on their way into the zip; none is held whole."""

    def __init__(self, path: Path) -> None:
        self._path, self.stored = path, dict[str, Stored]()

    def store(self, chunks: Chunks) -> None:
        """Chunks of several files may come in turns."""
        found: dict[str, tuple[int, int, hashlib._Hash]] = {}
        for name, chunk in chunks:
            size, crc, sha256 = found.get(name, (0, 0, hashlib.sha256()))
            with (self._path / name).open("ab") as file:
                file.write(chunk)
            sha256.update(chunk)
            found[name] = size + len(chunk), zlib.crc32(chunk, crc), sha256
        for name, (size, crc, sha256) in found.items():
            self.stored[name] = Stored(self._path / name, size, crc, sha256.hexdigest())

    def store_texts(self, texts: Mapping[str, str]) -> None:
        self.store((name, text.encode("utf-8")) for name, text in texts.items())

    def digest(self, names: Sequence[str]) -> str:
        """As `files.digest` of these."""
        return files.sha256(self.manifest(names).partition("\n")[2])

    def manifest(self, names: Iterable[str]) -> str:
        return files.table(files.MANIFEST, ((name, self.stored[name].sha256) for name in sorted(names)))

    def pack(self, target: Path) -> None:
        entries = [
            archive.Entry(name=name, size=one.size, crc=one.crc, chunks=one.chunks())
            for name, one in self.stored.items()
        ]
        with target.open("wb") as zipped:
            zipped.writelines(archive.packed(entries))


def said(inputs: str, plan: str) -> files.Said:
    """As of a draw whose outcome is not there yet. `inputs`, `plan`: digests."""
    return files.Said(
        call=CALL,
        opens_at=OPENS,
        closes_at=CLOSES,
        closed_at=CLOSED,
        public_source=SOURCE,
        public_round=ROUND,
        public_at=SHOWN,
        public_value=VALUE,
        published_at=SHOWN,
        inputs_digest=inputs,
        plan_digest=plan,
        seed=seed.seed(inputs, plan, seed.RULES_DIGEST, VALUE, log.opened(PARTIES)),
        outcome_digest="0" * 64,
    )


def steps(facts: files.Said) -> tuple[log.Entry, ...]:
    """All of a final run: two nonces opened, one struck out, named by one officer, confirmed by another."""
    terms = (facts.call, facts.opens_at, facts.closes_at, facts.public_source, facts.public_round, facts.public_at)
    officers = [log.actor(facts.call, "mission_manager", f"officer {number}") for number in (1, 2)]
    value = log.named(facts.public_round, facts.published_at, facts.public_value)
    fixed = log.fixed(facts.inputs_digest, facts.plan_digest, facts.rules_digest)
    found = log.added((), OPENS - timedelta(days=7), "opened", officers[0], log.announced(terms, PARTIES))
    found = log.added(found, facts.closed_at, "closed", log.TIMER, fixed)
    for party in PARTIES[:-1]:
        by = log.actor(facts.call, "admin", party.name)
        found = log.added(found, CLOSED + timedelta(hours=party.number), "nonce_opened", by, log.revealed(party))
    found = log.added(found, SHOWN + timedelta(seconds=1), "nonces_struck", log.TIMER, log.struck(PARTIES))
    found = log.added(found, SHOWN + timedelta(minutes=9), "value_named", officers[0], value)
    found = log.added(found, SHOWN + timedelta(minutes=21), "confirmed", officers[1], value)
    drawn = log.finished(facts.seed, facts.outcome_digest)
    return log.added(found, SHOWN + timedelta(minutes=22), "drawn", log.TIMER, drawn)


def mint(target: Path, offered: Chunks, drawn: Callable[[str], Chunks]) -> files.Said:
    """Write the zip; what it says. `offered`: inputs and plan; `drawn`: seed → outcome.csv and refusals.csv."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as name:
        folder = Folder(Path(name))
        folder.store(offered)
        facts = said(folder.digest(files.INPUTS), folder.digest(files.PLAN))
        folder.store(drawn(facts.seed))
        facts = replace(facts, outcome_digest=folder.digest(files.OUTCOME))
        folder.store_texts(files.said(facts, PARTIES, steps(facts)))
        folder.store_texts({files.MANIFEST: folder.manifest(folder.stored)})
        folder.pack(target)
    return facts
