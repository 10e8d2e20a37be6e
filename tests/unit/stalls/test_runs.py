"""A run on what the close fixed: its files, its places, and what keeps it from being run on anything else."""

from dataclasses import replace

import pytest

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call
from services.stalls.draw import archive, claims, reading
from services.stalls.draw.plan import Line
from services.stalls.outcomes.domain import LINE, DrawFilesDamaged, KeptOutcome, OutcomeNotYet
from services.stalls.runs import domain
from services.stalls.runs.commands import computed
from services.stalls.runs.domain import Places, RegisterDiffers
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from shared.testing import FakeStores
from tests.unit.stalls.frozen_fair import drawn, frozen, ready, stores
from tests.unit.stalls.small_fair import NONCE, PUBLIC_VALUE, applied, opened


@pytest.fixture
def call() -> Call:
    return opened((Line(count=1), Line(tags=frozenset({"mavim"}), count=1)), (Line(count=1),))


@pytest.fixture
def asked(call: Call) -> list[Application]:
    return [applied(call, number, (1, 2)) for number in range(1, 6)]


@pytest.fixture
def kept() -> FakeStores:
    return stores()


async def files_of(kept: FakeStores, outcome: KeptOutcome) -> dict[str, str]:
    return await texts.read_all(kept[TextPart], outcome.files)


async def test_the_same_call_drawn_twice_gives_the_same_outcome(
    kept: FakeStores, call: Call, asked: list[Application]
) -> None:
    inputs = await frozen(kept, call, asked)
    first, second = [await computed(kept, ready(call, inputs)) for _ in range(2)]
    assert (first.outcome_digest, first.seed, first.shelves) == (second.outcome_digest, second.seed, second.shelves)
    assert (first.allotted, first.waitlisted) == (3, 2)


async def test_the_file_says_what_was_revealed_and_every_digest_in_it_holds(
    kept: FakeStores, call: Call, asked: list[Application]
) -> None:
    outcome = await drawn(kept, call, asked)
    found = await files_of(kept, outcome)
    reading.checked(found)
    said = claims.said(found)
    assert (said.seed, said.public_value, said.outcome_digest) == (outcome.seed, PUBLIC_VALUE, outcome.outcome_digest)
    assert [party.nonce for party in claims.parties(found)] == [NONCE]
    weighed = sum(weight.bytes for weight in outcome.weights.values())
    assert len(archive.pack(found)) > weighed == sum(len(text.encode()) for text in found.values())


async def test_another_public_value_is_another_seed(kept: FakeStores, call: Call, asked: list[Application]) -> None:
    closed = ready(call, await frozen(kept, call, asked))
    other = replace(closed, public_value="Gold 24 K: ₹ 78,426")
    assert (await computed(kept, other)).seed != (await computed(kept, closed)).seed


@pytest.mark.parametrize(
    ("file", "what"), [("applications.csv", "inputs"), ("choices.csv", "inputs"), ("plan.csv", "plan")]
)
async def test_inputs_that_are_not_those_of_the_close_are_not_drawn(
    kept: FakeStores, call: Call, asked: list[Application], file: str, what: str
) -> None:
    inputs = await frozen(kept, call, asked)
    part = kept.database.collection("draw_files").docs[inputs.files[file][0]]
    part["text"] = part["text"].replace("1", "2", 1)
    with pytest.raises(DrawFilesDamaged, match=f"The kept {what} of call"):
        await computed(kept, ready(call, inputs))


async def test_a_call_that_was_closed_under_unknown_rules_is_not_drawn(
    kept: FakeStores, call: Call, asked: list[Application]
) -> None:
    inputs = await frozen(kept, call, asked)
    kept.database.collection("draw_inputs").docs[call.id]["rules_digest"] = "0" * 64
    with pytest.raises(DrawFilesDamaged, match="rules"):
        await computed(kept, ready(call, inputs))


async def test_a_draw_without_its_value_says_when(kept: FakeStores, call: Call, asked: list[Application]) -> None:
    whole = ready(call, await frozen(kept, call, asked))
    with pytest.raises(OutcomeNotYet, match="2026-11-22 13:00:00 IST"):
        await computed(kept, replace(whole, public_value=None))


def places(line: list[str], tickets: list[str]) -> Places:
    found = Places("call-1", at_once=3)
    found.drawn([f"{place},{ticket},,,," for place, ticket in enumerate(line, 1)])
    found.registered([f"{ticket},application-{ticket},group,490,4512,0" for ticket in sorted(tickets)])
    found.settle()
    return found


def test_the_register_is_put_in_order_of_place_window_by_window() -> None:
    line = [f"{number:016d}" for number in (5, 2, 8, 1, 9, 7, 3)]
    found, register = places(line, line), sorted(line)
    assert list(found.windows()) == [(1, 3), (4, 6), (7, 7)]
    rows = [found.within(at, register[at : at + 2], 4, 6) for at in range(0, 7, 2)]
    assert sorted(row for some in rows for row in some) == [(4, line[3]), (5, line[4]), (6, line[5])]
    by_ticket = "".join(found.by_ticket()).splitlines()
    assert by_ticket == [f"{ticket},{line.index(ticket) + 1}" for ticket in register]


def test_a_ticket_that_the_register_does_not_know_stops_the_run() -> None:
    with pytest.raises(RegisterDiffers, match="0000000000000002"):
        places(["0000000000000002"], ["0000000000000001"])


def test_rows_of_an_old_register_get_the_tier_they_lack() -> None:
    old = domain.line({2: "t2,a2,g2,490,"}, "ticket,application,group,district,block", titled=True)
    assert old == ",".join(LINE) + "\n2,t2,a2,g2,490,,0\n"
