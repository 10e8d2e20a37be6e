"""What a close writes down: of each group no more than the plan asks, in batches that add up to one file."""

from dataclasses import replace

import pytest

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call
from services.stalls.credits.domain import Standing
from services.stalls.draw import files, reading
from services.stalls.draw.disclosure import Asked
from services.stalls.draw.plan import Line
from services.stalls.draw.seed import is_cell
from services.stalls.freezes import domain
from services.stalls.outcomes.domain import registered
from services.stalls.venues.domain import Reason
from shared.localized import Localized
from tests.unit.stalls.frozen_fair import batch, written
from tests.unit.stalls.small_fair import FIRST_DAY, applied, group, opened

CAMP = (Reason(code="ReliefCampDay", day=FIRST_DAY),)


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


def test_batches_add_up_to_the_files_of_all(call: Call, asked: list[Application]) -> None:
    of = Asked(domain.events_of(call, {}))
    whole = domain.rows_of(batch(asked), of, titled=True)
    first, rest = (domain.rows_of(batch(asked[at]), of, titled=not at.start) for at in (slice(0, 2), slice(2, 5)))
    assert {name: first[name] + rest[name] for name in whole} == whole
    instance = reading.instance({**whole, **files.plan(domain.events_of(call, {}))})
    assert [one.ticket for one in instance.applicants] == [one.ticket for one in asked]


def test_a_digest_from_the_hashes_of_files_is_the_digest_of_the_files(call: Call, asked: list[Application]) -> None:
    texts = written(call, asked)
    hashes = {name: files.sha256(text) for name, text in texts.items()}
    for names in (files.INPUTS, files.PLAN):
        assert domain.digest_of(hashes, names) == files.digest({name: texts[name] for name in names})


def test_the_register_says_whose_ticket_it_is_with_the_tier_of_the_close(asked: list[Application]) -> None:
    standing = Standing(tier=3, ever=True)
    some = replace(batch(asked), standing={one.group: standing for one in asked})
    rows = domain.rows_of(some, Asked(()), titled=True)[domain.REGISTER]
    of_town = registered(rows)[asked[2].ticket]
    assert (of_town.application, of_town.group, of_town.block, of_town.tier) == (asked[2].id, "group-3", None, 3)


def test_a_register_from_before_it_kept_tiers_is_read(asked: list[Application]) -> None:
    old = f"ticket,application,group,district,block\n{asked[0].ticket},{asked[0].id},group-1,490,4512\n"
    assert registered(old)[asked[0].ticket].tier == 0


def test_a_ground_that_was_struck_out_has_no_stalls(call: Call, asked: list[Application]) -> None:
    struck, other = reading.events(written(call, asked, {1: CAMP}))
    assert (struck.lines, other.lines) == ((), call.events[1].lines)


def test_the_public_file_says_which_ground_on_which_days_and_in_codes_why_it_was_struck_out(
    call: Call, asked: list[Application]
) -> None:
    struck, other = reading.events(written(call, asked, {1: CAMP}))
    assert struck.note == "शारदा प्रांगण 1 | 2026-12-13, 2026-12-14 | struck: ReliefCampDay 2026-12-13"
    assert other.note == "शारदा प्रांगण 2 | 2026-12-13, 2026-12-14"


def test_a_name_that_no_cell_can_hold_is_shortened_and_never_stops_a_close(call: Call) -> None:
    long = Localized(mr="मैदान\u0378 " * 300)
    note = domain.note(replace(call.events[0], venue_name=long), {1: CAMP * 40})
    assert is_cell(note)
    assert (len(note), note[:12]) == (1000, "मैदान मैदान ")
