"""A draw as canonical CSV: UTF-8 in NFC, line feeds, fixed columns, rows sorted, no floats; digests over a manifest."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from services.stalls.draw.accept import Outcome
from services.stalls.draw.plan import Event, Instance, Mask
from services.stalls.draw.rules import RULES, RULES_DIGEST

FORMAT = "bachat-haat-draw/1"
ANY = "*"
COLUMNS = {
    "applications.csv": ("ticket", "tier", "district", "block", "stages", "tags", "categories"),
    "choices.csv": ("ticket", "rank", "event"),
    "draw.csv": ("key", "value"),
    "events.csv": ("event", "stalls", "note"),
    "manifest.csv": ("file", "sha256"),
    "outcome.csv": ("place", "ticket", "event", "stall", "choice", "waiting"),
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
SAID = ("draw.csv", "rules.txt")
MANIFEST = "manifest.csv"
Files = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was announced, what was revealed, and what follows. Instants are aware, kept to the millisecond."""

    call: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime
    commitment: str
    public_source: str
    public_at: datetime
    nonce: str
    public_value: str
    published_at: datetime
    inputs_digest: str
    plan_digest: str
    rules_digest: str = RULES_DIGEST
    seed: str
    outcome_digest: str


def inputs(instance: Instance) -> dict[str, str]:
    """applications.csv and choices.csv."""
    applicants = sorted(instance.applicants, key=lambda applicant: applicant.ticket)
    people = (
        (a.ticket, a.tier, a.district, a.block, words(a.stages), words(a.tags), words(a.categories)) for a in applicants
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


def said(facts: Said) -> dict[str, str]:
    """draw.csv, and the rules word for word."""
    rows = [("format", FORMAT), *((field.name, cell(getattr(facts, field.name))) for field in fields(Said))]
    return {"draw.csv": table("draw.csv", rows), "rules.txt": RULES}


def manifest(files: Files) -> str:
    return table(MANIFEST, ((name, sha256(files[name])) for name in sorted(files) if name != MANIFEST))


def digest(files: Files) -> str:
    """Over the manifest's lines of exactly these files, as `grep -E '^(…)' manifest.csv | sha256sum` shows it."""
    return sha256(manifest(files).partition("\n")[2])


def complete(files: Files) -> dict[str, str]:
    """What the zip holds: these and their manifest."""
    return {**files, MANIFEST: manifest(files)}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def table(name: str, rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[name])
    writer.writerows(rows)
    return text.getvalue()


def cell(value: object) -> str:
    """Instants as 2026-11-22T12:30:00.000Z."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return str(value)


def words(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


def mask(names: Mask) -> str:
    return ANY if names is None else words(names)
