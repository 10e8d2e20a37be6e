"""The draw once more from its own file: equal, or the first thing that is not as it should be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from services.stalls.draw import archive, claims, proof, reading, running, seed
from services.stalls.draw.cells import rows
from services.stalls.draw.damage import ColumnsDiffer, DigestDiffers, FileCutShort, RowNotCanonical
from services.stalls.draw.files import COLUMNS, INPUTS, MANIFEST, OUTCOME, PLAN, SAID, Files, Said, sha256
from services.stalls.draw.log import Party, cell, due
from services.stalls.draw.log import opened as opened_nonces
from services.stalls.draw.proof import Proceedings
from services.stalls.draw.rules import KNOWN
from services.stalls.draw.running import Progress
from services.stalls.draw.sources import Source, TextSource
from tools.draw.comparing import Difference, cells, first_difference
from tools.draw.findings import (
    ClaimWrong,
    OtherRules,
    OutcomeDiffers,
    OutcomeRowMissing,
    OutcomeRowTooMany,
    PublicTooEarly,
    RoundTooEarly,
)

MOST_SHOWN = 80
KEYS = ("format", *(field.name for field in fields(Said)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found equal, to be compared with what was announced at the close and after the draw."""

    said: Said
    parties: Sequence[Party]
    groups: int
    seated: int

    def facts(self) -> Iterator[tuple[str, str]]:
        """As draw.csv has them."""
        return ((field.name, cell(getattr(self.said, field.name))) for field in fields(self.said))


def verified(found: Source | Files, progress: Progress | None = None, engine: bool | None = None) -> Verified:
    """Raises a problem of findings.py or services.stalls.draw.damage that names the first difference.

    `engine`: as of `running.read`. No file is held whole where that is used.
    """
    source = TextSource(found) if isinstance(found, Mapping) else found
    small, promised = manifested(source)
    inputs = running.read(source, progress, engine, promised)
    made = proceedings(small)
    _check_said(made, small["rules.txt"], promised)
    ran = running.drawn(inputs, made.said.seed, progress)
    for number, name in enumerate(OUTCOME):
        if progress is not None:
            progress("compare", number, len(OUTCOME))
        if difference := first_difference(source.chunks(name), ran.files[name]):
            raise _named(name, difference)
    _check_claim("outcome_digest", made.said.outcome_digest, ran.outcome_digest)
    proof.check_log(made)
    for name in OUTCOME:
        if (right := ran.files[name].sha256) != promised[name]:
            raise DigestDiffers(file=name, found=right, said=promised[name])
    return Verified(said=made.said, parties=made.parties, groups=inputs.applications, seated=ran.allotted)


def manifested(source: Source) -> tuple[dict[str, str], dict[str, str]]:
    """The files that are small in every draw, as the manifest says they are; and the SHA-256 it says of each."""
    reading.checked({**dict.fromkeys(source.names(), ""), **archive.texts(source, (MANIFEST,))}, ())
    small = archive.texts(source, (MANIFEST, *SAID))
    reading.checked({**dict.fromkeys(source.names(), ""), **small}, SAID)
    return small, {row.values["file"]: row.sha256("sha256") for row in rows(small, MANIFEST)}


def proceedings(files: Files) -> Proceedings:
    return Proceedings(said=claims.said(files), parties=claims.parties(files), log=claims.log(files))


def _check_said(made: Proceedings, rules: str, promised: Mapping[str, str]) -> None:
    """All but the outcome's digest and the log, which speaks of it."""
    _check_rules(rules)
    _check_times(made)
    proof.check_nonces(made.parties)
    for field, found, expected in _claims(made, promised):
        _check_claim(field, found, expected)


def _claims(made: Proceedings, promised: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Key, what draw.csv says, what it has to be."""
    said = made.said
    yield "inputs_digest", said.inputs_digest, _digest(INPUTS, promised)
    yield "plan_digest", said.plan_digest, _digest(PLAN, promised)
    yield "rules_digest", said.rules_digest, promised["rules.txt"]
    yield "seed", said.seed, _seed(made)


def _digest(names: Sequence[str], promised: Mapping[str, str]) -> str:
    """As `files.digest`, from the manifest."""
    return sha256("".join(f"{name},{promised[name]}\n" for name in sorted(names)))


def _seed(made: Proceedings) -> str:
    said = made.said
    if said.run == "dry":
        return seed.dry_seed(said.inputs_digest, said.plan_digest, said.public_source)
    digests = (said.inputs_digest, said.plan_digest, said.rules_digest)
    return seed.seed(*digests, said.public_value, opened_nonces(made.parties))


def _check_claim(field: str, found: str, expected: str) -> None:
    if found != expected:
        raise ClaimWrong(file="draw.csv", row=KEYS.index(field) + 1, field=field, value=found, expected=expected)


def _check_times(made: Proceedings) -> None:
    """The public value was to come after the close, and came no earlier than it was to, nor before all was fixed."""
    said = made.said
    if said.run == "dry":
        return
    if said.public_at is None or said.public_at <= said.closes_at:
        raise _too_early("public_at", said.public_at, f"> {cell(said.closes_at)}")
    first = due(said.closes_at, said.public_at, said.closed_at)
    if said.published_at is None or said.published_at < first:
        raise _too_early("published_at", said.published_at, f"≥ {cell(first)}")
    for entry in made.log:
        used = entry.what.split(" ")[0]
        known = entry.step in {"value_named", "confirmed"} and said.public_round is not None
        if known and used.isascii() and used.isdigit() and int(used[:9]) < (said.public_round or 0):
            raise RoundTooEarly(file="log.csv", row=entry.number, value=used[:9], expected=said.public_round)


def _too_early(field: str, found: datetime | None, expected: str) -> PublicTooEarly:
    row = KEYS.index(field) + 1
    return PublicTooEarly(file="draw.csv", row=row, field=field, value=cell(found), expected=expected)


def _check_rules(text: str) -> None:
    """This program can only run its own rules."""
    if text not in KNOWN.values():
        pairs = enumerate(zip(text.split("\n"), seed.RULES.split("\n"), strict=False))
        row = next((number for number, (a, b) in pairs if a != b), text.count("\n"))
        raise OtherRules(file="rules.txt", row=row + 1)


def _named(name: str, difference: Difference) -> Exception:
    """The first cell that differs; the ticket is the one that the draw gives this row to."""
    row, columns = difference.row, COLUMNS[name]
    ticket = columns.index("ticket")
    if not row:
        return ColumnsDiffer(file=name, columns=",".join(columns))
    found = None if difference.found is None else cells(difference.found)
    if difference.expected is None:
        return FileCutShort(file=name, row=row) if found is None else _too_many(name, row, found[ticket:][:1])
    right = cells(difference.expected)
    where = {"file": name, "row": row, "ticket": right[ticket]}
    if found is None:
        return OutcomeRowMissing(**where)
    for field, value, expected in zip(columns, [*found, *[""] * len(right)], right, strict=False):
        if value != expected:
            return OutcomeDiffers(**where, field=field, value=value[:MOST_SHOWN], expected=expected[:MOST_SHOWN])
    return RowNotCanonical(file=name, row=row)


def _too_many(name: str, row: int, ticket: Sequence[str]) -> OutcomeRowTooMany:
    return OutcomeRowTooMany(file=name, row=row, ticket=",".join(ticket)[:MOST_SHOWN])
