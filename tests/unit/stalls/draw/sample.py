"""A small draw with everything in it, as its public file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.stalls.draw import claims, files, log, seed
from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.log import Entry, Party
from services.stalls.draw.plan import Event, Instance, Line
from tests.unit.stalls.draw.instances import group

NONCES = ("the officer's nonce of 22 November", None, "a newspaper's nonce, 8f31")
PARTIES = (
    Party(number=1, name="जिल्हा कक्ष, पुणे", commitment=seed.commitment(NONCES[0] or ""), nonce=NONCES[0]),
    Party(number=2, name="सावित्री महिला गट", commitment=seed.commitment("nobody heard of it"), nonce=None),
    Party(number=3, name="दैनिक, पुणे", commitment=seed.commitment(NONCES[2] or ""), nonce=NONCES[2]),
)
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
        upgrade=number % 7 == 0,
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
        public_source="महाराष्ट्र राज्य लॉटरी, 23 नोव्हेंबर",
        public_round=4821,
        public_at=SHOWN,
        public_value=PUBLIC_VALUE,
        published_at=SHOWN,
        inputs_digest=inputs,
        plan_digest=plan,
        seed=seed.seed(inputs, plan, seed.RULES_DIGEST, PUBLIC_VALUE, log.opened(PARTIES)),
        outcome_digest="0" * 64,
    )


def steps(said: files.Said, parties: tuple[Party, ...] = PARTIES) -> tuple[Entry, ...]:
    """As it went: an officer opened the call and named the value, another confirmed it, one party kept silent."""
    officer, other = (log.actor(said.call, role, role) for role in ("district_officer", "mission_manager"))
    closed, named = said.closed_at, SHOWN + timedelta(minutes=10)
    terms = (said.call, said.opens_at, said.closes_at, said.public_source, said.public_round, said.public_at)
    value = log.named(said.public_round, said.published_at, said.public_value)
    made = log.added((), said.opens_at - timedelta(days=3), "opened", officer, log.announced(terms, parties))
    fixed = log.fixed(said.inputs_digest, said.plan_digest, said.rules_digest)
    made = log.added(made, closed, "closed", log.TIMER, fixed)
    for hours, party in enumerate((one for one in parties if one.nonce), 1):
        made = log.added(made, closed + timedelta(hours=hours), "nonce_opened", officer, log.revealed(party))
    if log.struck(parties):
        made = log.added(made, named, "nonces_struck", log.TIMER, log.struck(parties))
    made = log.added(made, named, "value_named", officer, value)
    made = log.added(made, named + timedelta(minutes=5), "confirmed", other, value)
    finished = log.finished(said.seed, said.outcome_digest)
    return log.added(made, named + timedelta(minutes=6), "drawn", log.TIMER, finished)


def told(said: files.Said, instance: Instance = INSTANCE, outcome: Outcome | None = None) -> dict[str, str]:
    """Whole and consistent with this outcome, whether it is the right one or not."""
    outcome = outcome or accept(instance, said.seed)
    result = files.result(outcome)
    said = replace(said, outcome_digest=files.digest(result))
    told_of = files.said(said, PARTIES, steps(said))
    return files.complete({**files.inputs(instance), **files.plan(instance.events), **result, **told_of})


def whole() -> dict[str, str]:
    return told(facts())


def edited(texts: Mapping[str, str], name: str, old: str, new: str) -> dict[str, str]:
    """One thing changed, and nothing made to fit it."""
    assert old in texts[name]
    return {**texts, name: texts[name].replace(old, new, 1)}


def resealed(texts: Mapping[str, str]) -> dict[str, str]:
    """The outcome's digest, the log and the manifest made to fit again, as a careful forger would."""
    said = replace(claims.said(texts), outcome_digest=files.digest({name: texts[name] for name in files.OUTCOME}))
    return files.complete({**texts, **files.said(said, PARTIES, steps(said))})
