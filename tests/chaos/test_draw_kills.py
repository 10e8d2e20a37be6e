"""A window drawn while its workers are killed at every step: nothing is missing, nothing doubled, all is as drawn."""

import os
from collections import Counter, defaultdict

import pytest

from services.stalls.draw import files, reading
from services.stalls.draw.accept import accept
from tests.chaos.conftest import on_the_terminal
from tests.chaos.draw_window import POINTS, Drawn, drawn
from tests.chaos.log import Told
from tests.chaos.servers import Servers

pytestmark = pytest.mark.timeout(600)

GROUPS = 3_000
MEANT = 10


@pytest.fixture(scope="session")
async def window(started: Servers, request: pytest.FixtureRequest) -> Drawn:
    """What the one window left behind."""
    seed = int(os.environ["CHAOS_SEED"])
    found = await drawn(started, GROUPS, seed)
    at = [f"{name} died at {plan.split('=')[0]} or after" for name, _, plan in found.died if plan]
    title = f"\nwindow: CHAOS_SEED={seed}, {GROUPS} applications, {len(found.died)} kills, {found.seconds:.0f} s"
    on_the_terminal(request.config, [title, *at])
    return found


def first_told(told: list[Told]) -> dict[str, list[Told]]:
    """By subject, without repeats of one fact."""
    found: dict[str, dict[str, Told]] = defaultdict(dict)
    for one in told:
        found[one.envelope.subject].setdefault(one.envelope.id, one)
    return {subject: list(facts.values()) for subject, facts in found.items()}


def test_workers_died_at_ten_places_and_more(window: Drawn) -> None:
    assert len(window.died) >= MEANT
    named = sum(bool(plan) for name, _, plan in window.died if "consume" in name)
    assert named >= len(POINTS) // 2, "random kills and a fast twin spare some of the points"


def test_every_application_has_exactly_one_allotment(window: Drawn) -> None:
    assert window.call.told == window.call.to_tell == len(window.tickets)
    found = Counter(doc["application"] for doc in window.allotments)
    assert found == Counter(window.tickets.keys())


def test_every_allotment_was_told_once_and_repeats_say_the_same(window: Drawn) -> None:
    told = window.told["stalls.allotments"]
    facts = first_told(told)
    assert facts.keys() == {doc["_id"] for doc in window.allotments}
    assert all([one.envelope.sequence for one in some] == [1] for some in facts.values())
    said = {(one.envelope.id, one.value) for one in told}
    assert len(said) == len(facts), "who reads a fact twice reads the same"


def test_what_was_told_is_what_was_drawn(window: Drawn) -> None:
    outcome = accept(reading.instance(window.files), window.outcome.seed)
    assert {name: window.files[name] for name in files.OUTCOME} == files.result(outcome)
    rows = {row.ticket: (row.place, row.event, row.stall) for row in outcome.rows}
    seats = {doc["ticket"]: (doc["place"], *seat(doc)) for doc in window.allotments}
    assert seats == rows
    whose = {doc["application"]: doc["ticket"] for doc in window.allotments}
    assert whose == window.tickets


def seat(doc: dict[str, object]) -> tuple[object, object]:
    kept = doc["seat"]
    return (kept["event"], kept["stall"]) if isinstance(kept, dict) else (None, None)


def test_the_steps_of_the_call_were_told_in_their_order_and_once(window: Drawn) -> None:
    steps = first_told(window.told["stalls.calls"])[window.call.id]
    expected = ["call-closed", "nonces-struck", "public-value-named", "public-value-confirmed", "draw-finalised"]
    assert [one.name for one in steps] == expected
    assert [one.envelope.sequence for one in steps] == [1, 2, 3, 4, 5]


def test_a_stranger_finds_nothing_wrong_in_the_file(window: Drawn) -> None:
    reading.checked(window.files)
    assert files.digest({name: window.files[name] for name in files.OUTCOME}) == window.call.outcome_digest
