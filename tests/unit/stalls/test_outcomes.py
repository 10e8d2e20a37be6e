"""What a close fixes, what a draw makes of it, and what is said while something is missing or wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call
from services.stalls.credits.domain import Standing
from services.stalls.draw import files, reading
from services.stalls.draw.plan import Line
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.draw.seed import is_cell
from services.stalls.outcomes import commands, domain
from services.stalls.outcomes.domain import BadTicket, DrawFilesDamaged, KeptInputs, KeptOutcome, OutcomeNotYet
from services.stalls.outcomes.store import KeptInputsDocument, KeptOutcomeDocument
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart, parts_of
from services.stalls.texts.store import TextPartDocument
from services.stalls.venues.domain import Reason
from shared.errors import NotFound
from shared.localized import Localized
from shared.reads import Paging
from shared.testing import FakeStores
from tests.unit.stalls.small_fair import FIRST_DAY, NONCE, NOON, PUBLIC_VALUE, applied, group, opened

Inputs = tuple[KeptInputs, dict[str, str]]
CAMP = (Reason(code="ReliefCampDay", day=FIRST_DAY),)


def frozen(call: Call, applications: list[Application], struck: domain.Struck | None = None) -> Inputs:
    people = [domain.applicant(one, group(n), Standing()) for n, one in enumerate(applications, 1)]
    inputs, planned = domain.frozen(call, people, struck or {})
    kept = KeptInputs(
        id=call.id,
        tenant="27",
        files=dict.fromkeys((*inputs, *planned), ()),
        register=(),
        applications=len(people),
        inputs_digest=files.digest(inputs),
        plan_digest=files.digest(planned),
        rules_digest=RULES_DIGEST,
        struck=struck or {},
        frozen_at=NOON,
    )
    return kept, {**inputs, **planned}


def ready(call: Call, kept: KeptInputs) -> Call:
    """Closed with these inputs, its nonce opened, its public value named."""
    return replace(
        call,
        inputs_digest=kept.inputs_digest,
        plan_digest=kept.plan_digest,
        rules_digest=kept.rules_digest,
        nonce=NONCE,
        public_value=PUBLIC_VALUE,
        public_value_at=NOON + timedelta(hours=2),
    )


@pytest.fixture
def call() -> Call:
    return opened((Line(count=1), Line(tags=frozenset({"mavim"}), count=1)), (Line(count=1),))


@pytest.fixture
def asked(call: Call) -> list[Application]:
    return [applied(call, number, (1, 2)) for number in range(1, 6)]


def test_a_group_brings_the_registrys_tags_her_own_and_that_it_is_her_first_stall(asked: list[Application]) -> None:
    rural, urban = domain.applicant(asked[0], group(1), Standing()), domain.applicant(asked[2], group(3), Standing())
    assert rural.tags == {"umed", "rural", "first_stall"}
    assert urban.tags == {"umed", "urban", "first_stall"}
    again = domain.applicant(asked[0], group(1), Standing(tier=2, ever=True))
    assert again.tags == {"umed", "rural"}
    assert again.tier == 2
    long_ago = domain.applicant(asked[0], group(1), Standing(tier=0, ever=True))
    assert "first_stall" not in long_ago.tags, "she had one, though not in the last year"


def test_inputs_do_not_depend_on_the_order_in_which_they_are_read(call: Call, asked: list[Application]) -> None:
    people = [domain.applicant(one, group(n), Standing()) for n, one in enumerate(asked, 1)]
    assert domain.frozen(call, people, {}) == domain.frozen(call, people[::-1], {})


def test_a_ground_that_was_struck_out_has_no_stalls(call: Call, asked: list[Application]) -> None:
    _, written = frozen(call, asked, {1: CAMP})
    struck, other = reading.events(written)
    assert (struck.lines, other.lines) == ((), call.events[1].lines)


def test_the_public_file_says_which_ground_on_which_days_and_in_codes_why_it_was_struck_out(
    call: Call, asked: list[Application]
) -> None:
    _, written = frozen(call, asked, {1: CAMP})
    struck, other = reading.events(written)
    assert struck.note == "शारदा प्रांगण 1 | 2026-12-13, 2026-12-14 | struck: ReliefCampDay 2026-12-13"
    assert other.note == "शारदा प्रांगण 2 | 2026-12-13, 2026-12-14"


def test_a_name_that_no_cell_can_hold_is_shortened_and_never_stops_a_close(call: Call) -> None:
    long = Localized(mr="मैदान\u0378 " * 300)
    note = domain.note(replace(call.events[0], venue_name=long), {1: CAMP * 40})
    assert is_cell(note)
    assert (len(note), note[:12]) == (1000, "मैदान मैदान ")


def test_the_same_call_drawn_twice_gives_the_same_files(call: Call, asked: list[Application]) -> None:
    kept, written = frozen(call, asked)
    first, second = (domain.drawn(ready(call, kept), kept, written) for _ in range(2))
    assert first == second
    assert (first.allotted, first.waitlisted) == (3, 2)
    reading.checked(first.files)
    said = reading.said(first.files)
    assert (said.seed, said.nonce, said.public_value) == (first.seed, NONCE, PUBLIC_VALUE)
    assert said.outcome_digest == first.outcome_digest


def test_another_public_value_is_another_seed(call: Call, asked: list[Application]) -> None:
    kept, written = frozen(call, asked)
    other = replace(ready(call, kept), public_value="Gold 24 K: ₹ 78,426")
    assert domain.drawn(other, kept, written).seed != domain.drawn(ready(call, kept), kept, written).seed


@pytest.mark.parametrize(
    ("file", "what"), [("applications.csv", "inputs"), ("choices.csv", "inputs"), ("plan.csv", "plan")]
)
def test_inputs_that_are_not_those_of_the_close_are_not_drawn(
    call: Call, asked: list[Application], file: str, what: str
) -> None:
    kept, written = frozen(call, asked)
    edited = {**written, file: written[file].replace("1", "2", 1)}
    with pytest.raises(DrawFilesDamaged, match=f"The kept {what} of call"):
        domain.drawn(ready(call, kept), kept, edited)


def test_a_call_that_was_closed_under_other_rules_is_not_drawn(call: Call, asked: list[Application]) -> None:
    kept, written = frozen(call, asked)
    with pytest.raises(DrawFilesDamaged, match="rules"):
        domain.drawn(ready(call, kept), replace(kept, rules_digest="0" * 64), written)


def test_a_draw_without_its_nonce_or_value_says_when(call: Call, asked: list[Application]) -> None:
    kept, written = frozen(call, asked)
    whole = ready(call, kept)
    for incomplete in (replace(whole, nonce=None), replace(whole, public_value=None)):
        with pytest.raises(OutcomeNotYet, match="2026-11-22 13:00:00 IST"):
            domain.drawn(incomplete, kept, written)


def read(call: Call, asked: list[Application]) -> domain.Draw:
    kept, written = frozen(call, asked)
    made = domain.drawn(ready(call, kept), kept, written)
    outcome = KeptOutcome(
        id=call.id,
        tenant="27",
        files=dict.fromkeys(made.files, ()),
        register=(),
        inputs_digest=kept.inputs_digest,
        plan_digest=kept.plan_digest,
        rules_digest=kept.rules_digest,
        outcome_digest=made.outcome_digest,
        seed=made.seed,
        allotted=made.allotted,
        waitlisted=made.waitlisted,
        drawn_at=NOON,
    )
    return domain.read(outcome, made.files, domain.written(domain.registered_as(one) for one in asked))


def test_a_kept_outcome_is_read_back_with_the_owner_of_each_ticket(call: Call, asked: list[Application]) -> None:
    made = read(call, asked)
    assert [row.place for row in made.outcome.rows] == [1, 2, 3, 4, 5]
    assert {made.register[row.ticket].application for row in made.outcome.rows} == {one.id for one in asked}
    of_town = made.register[asked[2].ticket]
    assert (of_town.group, of_town.district, of_town.block) == ("group-3", "490", None)


def test_an_outcome_that_was_edited_is_not_read(call: Call, asked: list[Application]) -> None:
    made = read(call, asked)
    texts_ = {**files.result(made.outcome)}
    texts_["outcome.csv"] = texts_["outcome.csv"].replace("\n1,", "\n9,")
    with pytest.raises(DrawFilesDamaged, match="outcome"):
        domain.read(made.kept, texts_, "")


def test_pages_follow_the_line_and_end(call: Call, asked: list[Application]) -> None:
    made = read(call, asked)
    first = commands.page(made, Paging(2), None)
    second = commands.page(made, Paging(2, first.next_cursor), None)
    third = commands.page(made, Paging(2, second.next_cursor), None)
    assert [[row.place for row in page.items] for page in (first, second, third)] == [[1, 2], [3, 4], [5]]
    assert third.next_cursor is None


@pytest.mark.parametrize("written", ["०००१०००१०००१०००१", " 0001 0001 0001 0001 ", "0001000100010001"])
def test_a_ticket_may_be_written_in_devanagari_digits(written: str) -> None:
    assert domain.ticket_of(written) == "0001000100010001"


@pytest.mark.parametrize(
    "wrong", ["", "1", "000100010001000x", "00010001000100011", "²²²²²²²²²²²²²²²²", "-001000100010001"]
)
def test_what_is_no_ticket_is_said_to_be_none(wrong: str) -> None:
    with pytest.raises(BadTicket):
        domain.ticket_of(wrong)


def test_what_is_kept_is_read_as_it_was() -> None:
    struck = {3: (*CAMP, Reason(code="ExamDay", day=FIRST_DAY)), 12: CAMP}
    kept, _ = frozen(opened(), [applied(opened(), 1)], struck)
    doc = {"_id": kept.id, "tenant": "27", **KeptInputsDocument.of(kept)}
    assert KeptInputsDocument.state(doc) == kept
    made = read(opened(), [applied(opened(), 1)]).kept
    assert KeptOutcomeDocument.state({"_id": made.id, "tenant": "27", **KeptOutcomeDocument.of(made)}) == made


async def test_a_long_text_is_kept_in_parts_of_a_mebibyte_and_the_same_text_once() -> None:
    parts = FakeStores(TextPartDocument)[TextPart]
    long = "स्टॉल क्रमांक 7\n" * 100_000
    where = await texts.keep(parts, {"long": long, "same": long, "empty": ""}, "27")
    assert where["long"] == where["same"]
    assert len(where["long"]) > 1
    assert all(len(part.text.encode()) <= 1024 * 1024 for part in parts_of(long, "27"))
    again = await texts.keep(parts, {"long": long}, "27")
    assert again["long"] == where["long"]
    assert await texts.read_all(parts, where) == {"long": long, "same": long, "empty": ""}


async def test_a_part_that_is_lost_is_named() -> None:
    with pytest.raises(NotFound, match="draw_files"):
        await texts.read(FakeStores(TextPartDocument)[TextPart], ("0" * 64,))
