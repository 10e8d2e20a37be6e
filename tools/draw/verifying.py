"""The draw once more from its own file: equal, or the first thing that is not as it should be."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from services.stalls.draw import archive, claims, proof, reading, seed
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import CellUnusable, ColumnsDiffer, RowNotCanonical
from services.stalls.draw.files import INPUTS, OUTCOME, PLAN, SAID, Files, Said, digest, result
from services.stalls.draw.log import Party, cell
from services.stalls.draw.log import opened as opened_nonces
from services.stalls.draw.proof import Proceedings
from tools.draw.findings import (
    ClaimWrong,
    NotAZip,
    OtherRules,
    OutcomeDiffers,
    OutcomeRowMissing,
    OutcomeRowTooMany,
    RefusalSaved,
)

ZIPS_BEGIN = b"PK"
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


def opened(data: bytes) -> dict[str, str]:
    """The files of the zip. Raises RefusalSaved or NotAZip for what is none, else what `unpack` does."""
    if data.lstrip()[:1] in (b"{", b"["):
        raise RefusalSaved
    if not data.startswith(ZIPS_BEGIN):
        raise NotAZip
    return archive.unpack(data)


def verified(files: Files) -> Verified:
    """Raises a problem of findings.py or services.stalls.draw.damage that names the first difference."""
    reading.checked(files, (*INPUTS, *PLAN, *SAID))
    instance, made = reading.instance(files), proceedings(files)
    said = made.said
    _check_rules(files["rules.txt"])
    _check_times(said)
    proof.check_nonces(made.parties)
    for field, found, expected in _claims(files, made):
        _check_claim(field, found, expected)
    outcome = accept(instance, said.seed)
    again = result(outcome)
    for name in OUTCOME:
        _check_rows(name, files[name], again[name])
    _check_claim("outcome_digest", said.outcome_digest, digest(again))
    proof.check_log(made)
    reading.checked(files)
    seated = sum(row.event is not None for row in outcome.rows)
    return Verified(said=said, parties=made.parties, groups=len(outcome.rows), seated=seated)


def proceedings(files: Files) -> Proceedings:
    return Proceedings(said=claims.said(files), parties=claims.parties(files), log=claims.log(files))


def _claims(files: Files, made: Proceedings) -> Iterator[tuple[str, str, str]]:
    """Key, what draw.csv says, what it has to be."""
    said = made.said
    yield "inputs_digest", said.inputs_digest, digest({name: files[name] for name in INPUTS})
    yield "plan_digest", said.plan_digest, digest({name: files[name] for name in PLAN})
    yield "rules_digest", said.rules_digest, seed.RULES_DIGEST
    yield "seed", said.seed, _seed(made)


def _seed(made: Proceedings) -> str:
    said = made.said
    if said.run == "dry":
        return seed.dry_seed(said.inputs_digest, said.plan_digest, said.public_source)
    digests = (said.inputs_digest, said.plan_digest, said.rules_digest)
    return seed.seed(*digests, said.public_value, opened_nonces(made.parties))


def _check_claim(field: str, found: str, expected: str) -> None:
    if found != expected:
        raise ClaimWrong(file="draw.csv", row=KEYS.index(field) + 1, field=field, value=found, expected=expected)


def _check_times(said: Said) -> None:
    """The public value was to come after the close, and came no earlier than it was to, nor before all was fixed."""
    if said.run == "dry":
        return
    if said.public_at is None or said.published_at is None:
        raise _too_early("public_at", said.public_at, f"> {cell(said.closes_at)}")
    if said.public_at <= said.closes_at:
        raise _too_early("public_at", said.public_at, f"> {cell(said.closes_at)}")
    first = max(said.public_at, said.closed_at.replace(microsecond=0))
    if said.published_at < first:
        raise _too_early("published_at", said.published_at, f"≥ {cell(first)}")


def _too_early(field: str, found: datetime | None, expected: str) -> CellUnusable:
    row = KEYS.index(field) + 1
    return CellUnusable(file="draw.csv", row=row, field=field, value=cell(found), expected=expected)


def _check_rules(text: str) -> None:
    """This program can only run its own rules."""
    if text != seed.RULES:
        raise OtherRules(file="rules.txt", row=_first_difference(text, seed.RULES) + 1)


def _check_rows(name: str, text: str, again: str) -> None:
    columns, *expected = _rows(name, again)
    head, *found = _rows(name, text) or [[]]
    if head != columns:
        raise ColumnsDiffer(file=name, columns=",".join(columns))
    ticket = columns.index("ticket")
    for number, (row, right) in enumerate(zip(found, expected, strict=False), 1):
        _check_row(name, number, columns, row, right)
    if len(found) < len(expected):
        raise OutcomeRowMissing(file=name, row=len(found) + 1, ticket=expected[len(found)][ticket])
    if len(found) > len(expected):
        raise OutcomeRowTooMany(file=name, row=len(expected) + 1, ticket=",".join(found[len(expected)][ticket:][:1]))
    if text != again:
        raise RowNotCanonical(file=name, row=_first_difference(text, again))


def _check_row(name: str, number: int, columns: list[str], row: list[str], right: list[str]) -> None:
    """The ticket is the one that the draw gives this row to."""
    for field, found, expected in zip(columns, [*row, *[""] * len(right)], right, strict=False):
        if found != expected:
            where = {"file": name, "row": number, "ticket": right[columns.index("ticket")], "field": field}
            raise OutcomeDiffers(**where, value=found[:MOST_SHOWN], expected=expected[:MOST_SHOWN])


def _rows(name: str, text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        return list(reader)
    except csv.Error:
        raise RowNotCanonical(file=name, row=max(1, reader.line_num - 1)) from None


def _first_difference(text: str, again: str) -> int:
    """Counted from 0: the columns' names come first."""
    pairs = enumerate(zip(text.split("\n"), again.split("\n"), strict=False))
    return next((number for number, (a, b) in pairs if a != b), text.count("\n"))
