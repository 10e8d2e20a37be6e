"""What the file of a draw says of itself: draw.csv, parties.csv and log.csv."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, cast, get_args

from services.stalls.draw.cells import Cells, rows
from services.stalls.draw.damage import FileCutShort, RowOutOfOrder
from services.stalls.draw.files import FORMAT, Files, Said
from services.stalls.draw.log import Entry, Party, Step
from services.stalls.draw.seed import NONCE

RUN = re.compile("final|dry")
STEP = re.compile("|".join(get_args(Step)))
ACTOR = re.compile("timer|[a-z_]{1,32} [0-9a-f]{12}")
DIGESTS = ("inputs_digest", "plan_digest", "rules_digest", "seed", "outcome_digest")
INSTANTS = ("opens_at", "closes_at", "closed_at")
READ: Mapping[str, Callable[[Cells], Any]] = {
    "format": lambda row: row.matching("value", re.compile(FORMAT), FORMAT),
    "run": lambda row: row.matching("value", RUN, "final, dry"),
    "public_round": lambda row: row.number_or_none("value"),
    **dict.fromkeys(("public_at", "published_at"), lambda row: row.instant_or_none("value")),
    **dict.fromkeys(INSTANTS, lambda row: row.instant("value")),
    **dict.fromkeys(DIGESTS, lambda row: row.sha256("value")),
}
"""How a value of draw.csv is read; others are text."""


def said(files: Files) -> Said:
    """From draw.csv. Raises CellUnusable, FileCutShort, RowOutOfOrder, and what `rows` does."""
    expected = [field.name for field in fields(Said)]
    found: dict[str, Any] = {}
    for row in rows(files, "draw.csv"):
        name = ["format", *expected, ""][min(row.row - 1, len(expected) + 1)]
        if row.values["key"] != name:
            raise RowOutOfOrder(file=row.file, row=row.row, field="key", value=row.values["key"])
        found[name] = READ[name](row) if name in READ else row.text("value")
    if len(found) <= len(expected):
        raise FileCutShort(file="draw.csv", row=len(found) + 1)
    return Said(**{name: found[name] for name in expected})


def parties(files: Files) -> tuple[Party, ...]:
    """From parties.csv. Raises CellUnusable, RowOutOfOrder, and what `rows` does."""
    return tuple(_party(row) for row in rows(files, "parties.csv"))


def _party(row: Cells) -> Party:
    _counted(row, "party")
    nonce = row.matching("nonce", NONCE, "ASCII") if row.values["nonce"] else None
    return Party(number=row.row, name=row.text("name"), commitment=row.sha256("commitment"), nonce=nonce)


def log(files: Files) -> tuple[Entry, ...]:
    """From log.csv; whether the entries follow from each other, `proof.check` says. Raises as `parties` does."""
    return tuple(_entry(row) for row in rows(files, "log.csv"))


def _entry(row: Cells) -> Entry:
    _counted(row, "number")
    return Entry(
        number=row.row,
        at=row.instant("at"),
        step=cast("Step", row.matching("step", STEP, ", ".join(get_args(Step)))),
        by=row.matching("by", ACTOR, "timer"),
        what=row.text("what"),
        digest=row.sha256("digest"),
    )


def _counted(row: Cells, field: str) -> None:
    if row.number(field) != row.row:
        raise RowOutOfOrder(file=row.file, row=row.row, field=field, value=row.values[field])
