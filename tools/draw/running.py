"""The outcome of a draw made here: from a file with its inputs and plan to the whole public file, or none at all."""

import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from services.stalls.draw import archive, claims, files, log, running, seed
from services.stalls.draw.archive import Entry
from services.stalls.draw.cells import rows
from services.stalls.draw.files import INPUTS, MANIFEST, PLAN, Said
from services.stalls.draw.proof import Proceedings
from services.stalls.draw.rules import RULES
from services.stalls.draw.running import NAMES, Progress, Ran
from services.stalls.draw.sources import Source
from tools.draw.findings import FactsAbsent, LabelUnusable, OutNotAFile

FACTS = ("draw.csv", "log.csv", "parties.csv", "rules.txt")
NOBODY = "rehearsal"
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""Of what was never announced: a rehearsal on inputs alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the file says now. `groups`: how many applied; `seated`: how many got a stall."""

    said: Said
    groups: int
    seated: int


def made(source: Source, target: Path, label: str | None = None, progress: Progress | None = None) -> Made:
    """Write the whole file of this draw; `label`: of a rehearsal, whose seed it makes.

    The same bytes every time; what a complete file was written from, gives that file again. Raises FactsAbsent for a
    final run of a file that does not say how it came about, LabelUnusable, OutNotAFile, what `running.read` does, and
    OSError: then `target` is as it was.
    """
    into = target.resolve()
    if into.exists() and not into.is_file():
        raise OutNotAFile(file=target)
    inputs = running.read(source, progress, promised=_promised(source))
    before = _before(source, inputs.sha256) if label is None else _rehearsed(source, inputs.sha256, label)
    ran = running.drawn(inputs, before.said.seed, progress)
    after, rules = _concluded(before, ran), _rules(source) if label is None else RULES
    texts = {**files.said(after.said, after.parties, after.log), "rules.txt": rules}
    try:
        _write(source, inputs.sha256, ran, texts, into)
    except OSError as error:  # of a file whose name nobody asked for, or of none
        raise OSError(error.errno, error.strerror, str(target)) from error
    return Made(said=after.said, groups=inputs.applications, seated=ran.allotted)


def _promised(source: Source) -> Mapping[str, str] | None:
    """By the manifest, if there is one."""
    if MANIFEST not in source.names():
        return None
    listed = {row.values["file"]: row.sha256("sha256") for row in rows(archive.texts(source, (MANIFEST,)), MANIFEST)}
    return listed if set(NAMES) <= set(listed) else None


def _rules(source: Source) -> str:
    return archive.texts(source, ("rules.txt",))["rules.txt"]


def _before(source: Source, sha256: Mapping[str, str]) -> Proceedings:
    """As the file says, with the seed that follows from it. Raises FactsAbsent."""
    for name in FACTS:
        if name not in source.names():
            raise FactsAbsent(file=name)
    texts = archive.texts(source, FACTS)
    said, parties = claims.said(texts), claims.parties(texts)
    inputs, plan, rules = _digest(INPUTS, sha256), _digest(PLAN, sha256), files.sha256(texts["rules.txt"])
    if said.run == "dry":
        found = seed.dry_seed(inputs, plan, said.public_source)
    else:
        found = seed.seed(inputs, plan, rules, said.public_value, log.opened(parties))
    said = replace(said, inputs_digest=inputs, plan_digest=plan, rules_digest=rules, seed=found)
    return Proceedings(said=said, parties=parties, log=claims.log(texts))


def _rehearsed(source: Source, sha256: Mapping[str, str], label: str) -> Proceedings:
    """Of no draw in particular where the file does not say of which."""
    if not label or not seed.is_cell(label):
        raise LabelUnusable(label=label[:80])
    texts = archive.texts(source, FACTS[:1]) if FACTS[0] in source.names() else {}
    known = claims.said(texts) if texts else None
    inputs, plan = _digest(INPUTS, sha256), _digest(PLAN, sha256)
    said = Said(
        run="dry",
        call=known.call if known else NOBODY,
        opens_at=known.opens_at if known else LONG_AGO,
        closes_at=known.closes_at if known else LONG_AGO,
        closed_at=known.closed_at if known else LONG_AGO,
        public_source=label,
        public_at=None,
        public_value="",
        published_at=None,
        inputs_digest=inputs,
        plan_digest=plan,
        seed=seed.dry_seed(inputs, plan, label),
        outcome_digest="",
    )
    return Proceedings(said=said, parties=(), log=())


def _concluded(before: Proceedings, ran: Ran) -> Proceedings:
    """With what came out; the log's last entry of a final run says so too."""
    said, entries = replace(before.said, outcome_digest=ran.outcome_digest), tuple(before.log)
    if said.run == "final" and entries:
        last = entries[-1]
        earlier = entries[:-1] if last.step == "drawn" else entries
        entries = log.added(earlier, last.at, "drawn", _by(entries), log.finished(said.seed, said.outcome_digest))
    return Proceedings(said=said, parties=before.parties, log=entries)


def _by(entries: Sequence[log.Entry]) -> str:
    return entries[-1].by if entries[-1].step == "drawn" else log.TIMER


def _digest(names: Iterable[str], sha256: Mapping[str, str]) -> str:
    """As `files.digest`, from the SHA-256 of each."""
    return files.sha256("".join(f"{name},{sha256[name]}\n" for name in sorted(names)))


def _write(source: Source, sha256: Mapping[str, str], ran: Ran, texts: Mapping[str, str], target: Path) -> None:
    """Whole or not at all."""
    hashes = {**sha256, **{name: one.sha256 for name, one in ran.files.items()}}
    hashes |= {name: files.sha256(text) for name, text in texts.items()}
    listed = files.table(MANIFEST, ((name, hashes[name]) for name in sorted(hashes)))
    entries = [
        *(
            Entry(name=name, size=source.size(name), crc=_crc(source, name), chunks=source.chunks(name))
            for name in NAMES
        ),
        *(Entry(name=name, size=one.size, crc=one.crc, chunks=one) for name, one in ran.files.items()),
        *(_entry(name, text) for name, text in {**texts, MANIFEST: listed}.items()),
    ]
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(archive.packed(entries))
        unfinished.chmod(0o644)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _entry(name: str, text: str) -> Entry:
    content = text.encode("utf-8")
    return Entry(name=name, size=len(content), crc=zlib.crc32(content), chunks=(content,))


def _crc(source: Source, name: str) -> int:
    crc = 0
    for chunk in source.chunks(name):
        crc = zlib.crc32(chunk, crc)
    return crc
