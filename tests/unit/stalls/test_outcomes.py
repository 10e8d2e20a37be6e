"""A kept outcome is read in parts: the page, the ticket or the places that are asked for, and nothing more."""

from dataclasses import replace

import pytest

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call
from services.stalls.draw.plan import Line
from services.stalls.outcomes import commands, domain
from services.stalls.outcomes.domain import BadTicket, DrawFilesDamaged, KeptOutcome, Shelf, TicketNotDrawn
from services.stalls.outcomes.store import KeptInputsDocument, KeptOutcomeDocument
from services.stalls.runs.commands import computed
from services.stalls.texts.domain import TextChanged, TextPart
from services.stalls.venues.domain import Reason
from shared.reads import Paging
from shared.testing import FakeStores
from tests.unit.stalls.frozen_fair import drawn, frozen, ready, stores
from tests.unit.stalls.small_fair import FIRST_DAY, applied, opened, ticket_of

CAMP = (Reason(code="ReliefCampDay", day=FIRST_DAY),)
EXAM = Reason(code="ExamDay", day=FIRST_DAY)


@pytest.fixture
def call() -> Call:
    return opened((Line(count=1), Line(tags=frozenset({"mavim"}), count=1)), (Line(count=1),))


@pytest.fixture
def asked(call: Call) -> list[Application]:
    return [applied(call, number, (1, 2)) for number in range(1, 6)]


@pytest.fixture
def kept() -> FakeStores:
    return stores()


@pytest.fixture
async def outcome(kept: FakeStores, call: Call, asked: list[Application]) -> KeptOutcome:
    return await drawn(kept, call, asked)


async def test_who_stands_in_line_is_read_with_the_owner_of_each_ticket(
    kept: FakeStores, outcome: KeptOutcome, asked: list[Application]
) -> None:
    found = await commands.in_line(outcome, kept[TextPart], 1, 5)
    assert [one.row.place for one in found] == [1, 2, 3, 4, 5]
    assert {one.whose.application for one in found} == {one.id for one in asked}
    of_town = next(one.whose for one in found if one.row.ticket == asked[2].ticket)
    assert (of_town.group, of_town.district, of_town.block) == ("group-3", "490", None)
    assert await commands.in_line(outcome, kept[TextPart], 2, 3) == found[1:3]


async def test_what_is_read_in_parts_is_what_is_read_whole(kept: FakeStores, outcome: KeptOutcome) -> None:
    """As it is of an outcome that was kept before there were shelves."""
    former = replace(outcome, shelves={}, weights={})
    whole = await commands.in_line(former, kept[TextPart], 1, 5, reasons=True)
    assert whole == await commands.in_line(outcome, kept[TextPart], 1, 5, reasons=True)
    made = await commands.RECENT.read(outcome, kept[TextPart])
    assert [one.row for one in whole] == list(made.outcome.rows)
    assert any(one.row.refusals for one in whole)


async def test_an_outcome_that_was_edited_is_not_read(kept: FakeStores, outcome: KeptOutcome) -> None:
    part = kept.database.collection("draw_files").docs[outcome.files["outcome.csv"][0]]
    part["text"] = part["text"].replace("\n1,", "\n9,")
    with pytest.raises(TextChanged):
        await commands.in_line(outcome, kept[TextPart], 1, 5)
    with pytest.raises(DrawFilesDamaged, match="outcome"):
        await commands.RECENT.read(replace(outcome, register=outcome.register * 2), kept[TextPart])


async def test_pages_follow_the_line_and_end(kept: FakeStores, outcome: KeptOutcome) -> None:
    pages: list[list[int]] = []
    cursor: str | None = None
    while len(pages) < 4:
        page = await commands.page(outcome, kept[TextPart], Paging(2, cursor))
        pages.append([one.row.place for one in page.items])
        if (cursor := page.next_cursor) is None:
            break
    assert pages == [[1, 2], [3, 4], [5]]


async def test_one_ticket_is_found_by_itself(kept: FakeStores, outcome: KeptOutcome, asked: list[Application]) -> None:
    (found,) = await commands.of_ticket(outcome, kept[TextPart], asked[3].ticket)
    assert (found.row.ticket, found.whose.application) == (asked[3].ticket, asked[3].id)
    with pytest.raises(TicketNotDrawn):
        await commands.of_ticket(outcome, kept[TextPart], ticket_of(77))


@pytest.mark.parametrize("written", ["०००१०००१०००१०००१", " 0001 0001 0001 0001 ", "0001000100010001"])
def test_a_ticket_may_be_written_in_devanagari_digits(written: str) -> None:
    assert domain.ticket_of(written) == "0001000100010001"


@pytest.mark.parametrize(
    "wrong", ["", "1", "000100010001000x", "00010001000100011", "²²²²²²²²²²²²²²²²", "-001000100010001"]
)
def test_what_is_no_ticket_is_said_to_be_none(wrong: str) -> None:
    with pytest.raises(BadTicket):
        domain.ticket_of(wrong)


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [(1, 1, "a"), (1, 9, "a"), (10, 10, "abc"), (11, 12, "c"), (9, 11, "abc"), (30, 40, "cd"), (99, 99, "d")],
)
def test_only_the_parts_in_which_a_place_may_stand_are_read(first: int, last: int, parts: str) -> None:
    """Rows of one place may go on in the next part, as those of place 10 do."""
    shelf = Shelf(parts=("a", "b", "c", "d"), firsts=(1, 10, 10, 31))
    assert "".join(shelf.covering(first, last)) == parts


def test_the_place_of_a_ticket_is_found_at_the_beginning_of_a_row_only() -> None:
    tickets = f"{ticket_of(1)},3\n{ticket_of(2)},12\n"
    assert domain.place_in(tickets, ticket_of(2)) == 12
    assert domain.place_in(tickets, ticket_of(1)) == 3
    assert domain.place_in(tickets, ticket_of(3)) is None
    assert domain.place_in("", ticket_of(3)) is None


async def test_what_is_kept_is_read_as_it_was(kept: FakeStores, call: Call, asked: list[Application]) -> None:
    inputs = await frozen(kept, call, asked, {1: (*CAMP, EXAM), 2: CAMP})
    assert KeptInputsDocument.state({"_id": inputs.id, "tenant": "27", **KeptInputsDocument.of(inputs)}) == inputs
    outcome = await computed(kept, ready(call, inputs))
    doc = {"_id": outcome.id, "tenant": "27", **KeptOutcomeDocument.of(outcome)}
    assert KeptOutcomeDocument.load({**doc, "schema": 2}) == outcome
    former = {name: value for name, value in doc.items() if name not in {"shelves", "weights"}}
    assert KeptOutcomeDocument.load({**former, "schema": 1}) == replace(outcome, shelves={}, weights={})
