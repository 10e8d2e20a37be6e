"""The draw once more from its own file: equal, or the first thing that is not as it should be."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields

from services.stalls.draw import reading, seed
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import CellUnusable, FileCutShort, RowNotCanonical
from services.stalls.draw.files import INPUTS, OUTCOME, PLAN, SAID, Files, Said, cell, digest, result

KEYS = ("format", *(field.name for field in fields(Said)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found equal, to be compared with what was announced at the close and after the draw."""

    said: Said
    groups: int
    seated: int

    def facts(self) -> Iterator[tuple[str, str]]:
        """As draw.csv has them."""
        return ((field.name, cell(getattr(self.said, field.name))) for field in fields(self.said))


def verified(files: Files) -> Verified:
    """Raises a problem of services.stalls.draw.damage that names the first difference."""
    reading.checked(files, (*INPUTS, *PLAN, *SAID))
    instance, said = reading.instance(files), reading.said(files)
    _check_rules(files["rules.txt"])
    for field, found, expected in _claims(files, said):
        if found != expected:
            raise _differs("draw.csv", KEYS.index(field) + 1, field, found, expected)
    outcome = accept(instance, said.seed)
    again = result(outcome)
    for name in OUTCOME:
        _check_rows(name, files[name], again[name])
    if said.outcome_digest != digest(again):
        field = "outcome_digest"
        raise _differs("draw.csv", KEYS.index(field) + 1, field, said.outcome_digest, digest(again))
    reading.checked(files)
    seated = sum(row.event is not None for row in outcome.rows)
    return Verified(said=said, groups=len(outcome.rows), seated=seated)


def _claims(files: Files, said: Said) -> Iterator[tuple[str, str, str]]:
    """Key, what draw.csv says, what it has to be."""
    yield "commitment", said.commitment, seed.commitment(said.nonce)
    if said.public_at <= said.closes_at:
        yield "public_at", cell(said.public_at), f"> {cell(said.closes_at)}"
    if said.published_at < said.public_at:
        yield "published_at", cell(said.published_at), f"≥ {cell(said.public_at)}"
    yield "inputs_digest", said.inputs_digest, digest({name: files[name] for name in INPUTS})
    yield "plan_digest", said.plan_digest, digest({name: files[name] for name in PLAN})
    yield "rules_digest", said.rules_digest, seed.RULES_DIGEST
    made = seed.seed(said.inputs_digest, said.plan_digest, said.rules_digest, said.public_value, [said.nonce])
    yield "seed", said.seed, made


def _check_rules(text: str) -> None:
    """This program can only run its own rules."""
    if text != seed.RULES:
        row = _first_difference(text, seed.RULES)
        raise _differs("rules.txt", row + 1, "-", text.split("\n")[row], [*seed.RULES.split("\n"), "-"][row])


def _check_rows(name: str, text: str, again: str) -> None:
    columns, *expected = _rows(name, again)
    found = _rows(name, text)
    if found[:1] != [columns]:
        raise _differs(name, 0, "-", ",".join(found[0]) if found else "", ",".join(columns))
    for number, (row, right) in enumerate(zip(found[1:], expected, strict=False), 1):
        _check_row(name, number, columns, row, right)
    if len(found) - 1 < len(expected):
        raise FileCutShort(file=name, row=len(found))
    if len(found) - 1 > len(expected):
        raise _differs(name, len(expected) + 1, columns[0], found[len(expected) + 1][0], "-")
    if text != again:
        raise RowNotCanonical(file=name, row=_first_difference(text, again))


def _check_row(name: str, number: int, columns: list[str], row: list[str], right: list[str]) -> None:
    for at, (field, expected) in enumerate(zip(columns, right, strict=True)):
        if at >= len(row) or row[at] != expected:
            raise _differs(name, number, field, row[at] if at < len(row) else "", expected)


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


def _differs(file: str, row: int, field: str, found: str, expected: str) -> CellUnusable:
    return CellUnusable(file=file, row=row, field=field, value=repr(found[:80]), expected=expected[:80] or "''")
