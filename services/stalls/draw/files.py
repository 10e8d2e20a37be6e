"""A draw as canonical CSV: UTF-8 in NFC, line feeds, fixed columns, rows sorted, no floats; digests over a manifest."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from services.stalls.draw.accept import Outcome
from services.stalls.draw.log import Entry, Party, cell
from services.stalls.draw.plan import Event, Instance, Mask
from services.stalls.draw.rules import KNOWN, RULES_DIGEST

FORMAT = "bachat-haat-draw/2"
ANY = "*"
COLUMNS = {
    "applications.csv": ("ticket", "tier", "district", "block", "stages", "tags", "categories", "upgrade"),
    "choices.csv": ("ticket", "rank", "event"),
    "draw.csv": ("key", "value"),
    "events.csv": ("event", "stalls", "note"),
    "log.csv": ("number", "at", "step", "by", "what", "digest"),
    "manifest.csv": ("file", "sha256"),
    "outcome.csv": ("place", "ticket", "event", "stall", "choice", "waiting"),
    "parties.csv": ("party", "name", "commitment", "nonce"),
    "plan.csv": ("event", "line", "stage", "categories", "fallback", "tags", "district", "stalls"),
    "refusals.csv": (
        "place",
        "ticket",
        "rank",
        "event",
        "stalls",
        "other_products",
        "other_reservation",
        "better_place",
        "last_place",
    ),
}
INPUTS = ("applications.csv", "choices.csv")
PLAN = ("events.csv", "plan.csv")
OUTCOME = ("outcome.csv", "refusals.csv")
SAID = ("draw.csv", "log.csv", "parties.csv", "rules.txt")
FORMER = {"applications.csv": COLUMNS["applications.csv"][:-1]}
"""Columns of what was closed by version 1 of the rules: nobody could ask for a better choice later."""
YES = "yes"
MANIFEST = "manifest.csv"
Files = Mapping[str, str]
Run = Literal["final", "dry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was announced, what was revealed, and what follows. Instants are aware, kept to the millisecond.

    `public_round` is None where the source counts no rounds. A dry run has no public value: `public_source` is the
    label that its seed is made of, and what else is public is None or empty.
    """

    run: Run = "final"
    call: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime
    public_source: str
    public_round: int | None = None
    public_at: datetime | None
    public_value: str
    published_at: datetime | None
    inputs_digest: str
    plan_digest: str
    rules_digest: str = RULES_DIGEST
    seed: str
    outcome_digest: str


def inputs(instance: Instance) -> dict[str, str]:
    """applications.csv and choices.csv."""
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.ticket)
    people = (
        (a.ticket, a.tier, a.district, a.block, *map(words, (a.stages, a.tags, a.categories)), YES if a.upgrade else "")
        for a in applicants
    )
    wishes = ((a.ticket, rank, event) for a in applicants for rank, event in enumerate(a.choices, 1))
    return {"applications.csv": table("applications.csv", people), "choices.csv": table("choices.csv", wishes)}


def plan(events: Iterable[Event]) -> dict[str, str]:
    """events.csv and plan.csv."""
    ordered = sorted(events, key=lambda event: event.number)
    offers = ((event.number, event.stalls, event.note) for event in ordered)
    lines = (
        (e.number, n, s.stage, mask(s.categories), mask(s.fallback), words(s.tags), s.district, s.count)
        for e in ordered
        for n, s in enumerate(e.lines, 1)
    )
    return {"events.csv": table("events.csv", offers), "plan.csv": table("plan.csv", lines)}


def result(outcome: Outcome) -> dict[str, str]:
    """outcome.csv and refusals.csv."""
    seats = (
        (row.place, row.ticket, row.event, row.stall, row.choice, " ".join(f"{e}:{n}" for e, n in row.waiting))
        for row in outcome.rows
    )
    reasons = (
        (row.place, row.ticket, *(getattr(refusal, field) for field in COLUMNS["refusals.csv"][2:]))
        for row in outcome.rows
        for refusal in row.refusals
    )
    return {"outcome.csv": table("outcome.csv", seats), "refusals.csv": table("refusals.csv", reasons)}


def said(facts: Said, parties: Iterable[Party] = (), log: Iterable[Entry] = ()) -> dict[str, str]:
    """draw.csv, parties.csv, log.csv, and the rules word for word."""
    rows = [("format", FORMAT), *((field.name, cell(getattr(facts, field.name))) for field in fields(Said))]
    steps = ((entry.number, cell(entry.at), entry.step, entry.by, entry.what, entry.digest) for entry in log)
    return {
        "draw.csv": table("draw.csv", rows),
        "log.csv": table("log.csv", steps),
        "parties.csv": table("parties.csv", ((p.number, p.name, p.commitment, p.nonce) for p in parties)),
        "rules.txt": KNOWN[facts.rules_digest],
    }


def manifest(files: Files) -> str:
    return table(MANIFEST, ((name, sha256(files[name])) for name in sorted(files) if name != MANIFEST))


def digest(files: Files) -> str:
    """Over the manifest's lines of exactly these files, as `grep -E '^(…)' manifest.csv | sha256sum` shows it."""
    return sha256(manifest(files).partition("\n")[2])


def complete(files: Files) -> dict[str, str]:
    """What the zip holds: these and their manifest."""
    return {**files, MANIFEST: manifest(files)}


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def table(name: str, rows: Iterable[Iterable[object]], columns: Iterable[str] | None = None) -> str:
    """`columns` where they are not today's."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns or COLUMNS[name])
    writer.writerows(rows)
    return target.getvalue()


def words(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


def mask(names: Mask) -> str:
    return ANY if names is None else words(names)
