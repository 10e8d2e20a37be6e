"""A small draw with everything in it, as its public file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.stalls.draw import files, seed
from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.plan import Event, Instance, Line
from tests.unit.stalls.draw.instances import group

NONCE = "the officer's nonce of 22 November"
PUBLIC_VALUE = "LOTTERY NO. 4821, prize: 57, 03"
CLOSED = datetime(2026, 11, 22, 12, 30, 0, tzinfo=UTC)
SHOWN = datetime(2026, 11, 23, 10, 0, 0, 250_000, tzinfo=UTC)
UMED, FOOD = frozenset({"umed"}), frozenset({"food"})

EVENTS = (
    Event(
        number=1,
        note="जि. प. शाळा, कात्रज: 29 नोव्हेंबर, \u0022रविवार\u0022",
        lines=(
            Line(categories=FOOD, fallback=FOOD, tags=UMED, count=2),
            Line(categories=frozenset({"masks", "paper"}), fallback=frozenset(), count=1),
            Line(stage="sc", count=1),
            Line(district="482", count=1),
        ),
    ),
    Event(number=2, note="आठवडी बाजार, मंचर", lines=(Line(count=3),)),
    Event(number=3, note="मैदान रद्द", lines=()),
)
APPLICANTS = tuple(
    group(
        number * 1_000_003,
        *((1, 2) if number % 3 else (3, 2, 1)),
        sells="food" if number % 2 else "masks paper",
        tier=number % 2,
        district="482" if number % 5 == 0 else "490",
        block="4201" if number % 4 else None,
        tags=UMED if number % 4 == 0 else frozenset(),
        stages=frozenset({"sc"}) if number % 6 == 0 else frozenset(),
    )
    for number in range(1, 21)
)
INSTANCE = Instance(applicants=APPLICANTS, events=EVENTS)


def facts(instance: Instance = INSTANCE) -> files.Said:
    """As of a draw whose outcome is not there yet."""
    inputs, plan = files.digest(files.inputs(instance)), files.digest(files.plan(instance.events))
    return files.Said(
        call="0192f1c0-7c8e-7000-8000-2f6b3c1d9e55",
        opens_at=datetime(2026, 11, 1, 3, 30, tzinfo=UTC),
        closes_at=CLOSED,
        closed_at=CLOSED + timedelta(seconds=2),
        commitment=seed.commitment(NONCE),
        public_source="महाराष्ट्र राज्य लॉटरी, 23 नोव्हेंबर",
        public_at=SHOWN,
        nonce=NONCE,
        public_value=PUBLIC_VALUE,
        published_at=SHOWN,
        inputs_digest=inputs,
        plan_digest=plan,
        seed=seed.seed(inputs, plan, seed.RULES_DIGEST, PUBLIC_VALUE, [NONCE]),
        outcome_digest="0" * 64,
    )


def told(said: files.Said, instance: Instance = INSTANCE, outcome: Outcome | None = None) -> dict[str, str]:
    """Whole and consistent with this outcome, whether it is the right one or not."""
    outcome = outcome or accept(instance, said.seed)
    result = files.result(outcome)
    said = replace(said, outcome_digest=files.digest(result))
    return files.complete({**files.inputs(instance), **files.plan(instance.events), **result, **files.said(said)})


def whole() -> dict[str, str]:
    return told(facts())


def edited(texts: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """One thing changed, and nothing made to fit it."""
    assert old in texts[name]
    return {**texts, name: texts[name].replace(old, new, 1)}


def resealed(texts: Mapping[str, str]) -> dict[str, str]:
    """The manifest and the outcome's digest made to fit again, as a careful forger would."""
    old = files.digest(files.result(accept(INSTANCE, facts().seed)))
    now = files.digest({name: texts[name] for name in files.OUTCOME})
    return files.complete({**texts, "draw.csv": texts["draw.csv"].replace(old, now)})
