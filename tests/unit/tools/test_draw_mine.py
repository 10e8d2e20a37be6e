"""Sentences about `mine`: one pass over a draw of any size finds a group's rows; what is damaged is not believed."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.stalls.draw import archive, files, reading
from services.stalls.draw.accept import accept
from services.stalls.draw.choose import fits
from services.stalls.draw.damage import ColumnsDiffer, DigestDiffers, FileCutShort, FileUnexpected, RowNotCanonical
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from services.stalls.draw.sources import TextSource
from shared.errors import LANGUAGES, Language, Problem
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import INSTANCE, PARTIES, facts, told, whole
from tests.unit.tools.test_draw_sample import SAMPLE
from tools.draw.streams import Streams
from tools.draw.tickets import Mine, NoSuchTicket, TicketWithoutZeros, mine

MANY = 3_000
SEATED = next(row for row in accept(INSTANCE, facts().seed).rows if row.event)


class Crumbs(TextSource):
    """Three bytes at a time: every row lies across some edge."""

    def chunks(self, name: str) -> Iterator[bytes]:
        for chunk in super().chunks(name):
            for at in range(0, len(chunk), 3):
                yield chunk[at : at + 3]


def found(texts: dict[str, str], ticket: str) -> Mine:
    return mine(TextSource(texts), ticket)


@pytest.mark.parametrize("row", accept(INSTANCE, facts().seed).rows, ids=lambda row: str(row.place))
def test_her_rows_are_those_of_the_draw_wherever_a_chunk_ends(row: object) -> None:
    mine_ = mine(Crumbs(whole()), row.ticket)  # type: ignore[attr-defined]
    seat = mine_.seat and replace(row, event=mine_.seat[0], stall=mine_.seat[1], choice=mine_.seat[2])  # type: ignore[type-var]
    assert (seat or row) == row
    assert (mine_.place, mine_.waiting, mine_.refusals) == (row.place, row.waiting, row.refusals)  # type: ignore[attr-defined]
    assert mine_.count == len(INSTANCE.applicants)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_promised_a_nonce_and_who_kept_silent_is_said(language: Language) -> None:
    said = list(found(whole(), SEATED.ticket).lines(language))[-len(PARTIES) :]
    silent = {
        "mr": "वेळेत उघडला नाही, म्हणून वगळला",
        "hi": "समय पर नहीं खोला, इसलिए हटाया गया",
        "en": "not opened in time, so struck out",
    }
    for line, party in zip(said, PARTIES, strict=True):
        assert line.startswith(f"{party.number}. {party.name}: ")
        assert party.commitment in line
        assert (party.nonce or silent[language]) in line


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("mr", "हा सराव आहे, खरी सोडत नाही"),
        ("hi", "यह अभ्यास है, असली लॉटरी नहीं"),
        ("en", "This is a rehearsal (dry run), not the draw"),
    ],
)
def test_of_a_rehearsal_it_is_said_first(language: Language, said: str) -> None:
    texts = told(replace(facts(), run="dry", public_value="", public_at=None, published_at=None))
    assert next(iter(found(texts, SEATED.ticket).lines(language))).startswith(said)
    assert not any(line.startswith(said) for line in found(whole(), SEATED.ticket).lines(language))


def test_who_asked_for_a_better_choice_later_reads_it() -> None:
    asked, other = (next(a for a in INSTANCE.applicants if a.upgrade is wants) for wants in (True, False))
    assert any("should a better choice become free" in line for line in found(whole(), asked.ticket).lines("en"))
    assert not any("better choice become" in line for line in found(whole(), other.ticket).lines("en"))


@pytest.mark.parametrize(
    "ticket", ["0" * 16, "12", "", "१२", "9" * 16, "place", "000000000100000", "0000000001000003,1", "\uff10" * 16]
)
def test_a_number_that_is_no_ticket_is_said_so(ticket: str) -> None:
    with pytest.raises(NoSuchTicket):
        found(whole(), ticket)


def test_zeros_that_a_spreadsheet_dropped_are_missed_and_hyphens_are_not() -> None:
    short = SEATED.ticket.lstrip("0")
    assert len(short) < 16
    with pytest.raises(TicketWithoutZeros) as missed:
        found(whole(), short)
    assert all(SEATED.ticket in missed.value.sentence(language) for language in LANGUAGES)
    dashed = "-".join(SEATED.ticket[at : at + 4] for at in range(0, 16, 4))
    assert found(whole(), dashed).ticket == SEATED.ticket


def test_a_waiting_list_on_which_there_is_nothing_to_hope_for_is_said_to_be_one() -> None:
    """By the whole plan: a stall that is not for her now may be when nobody of its first kind is left."""
    texts = archive.unpack(SAMPLE.read_bytes())
    instance = reading.instance(texts)
    people, events = ({one.ticket: one for one in instance.applicants}, {one.number: one for one in instance.events})
    of_hope: dict[bool, tuple[str, int, int]] = {}
    for row in reading.outcome(texts, instance).rows:
        for event, position in row.waiting:
            hope = any(_may(people[row.ticket], line) for line in events[event].lines)
            of_hope.setdefault(hope, (row.ticket, event, position))
    for hope, (ticket, event, position) in of_hope.items():
        start = f"Number {position} on the waitlist: event {event} "
        (said,) = (one for one in found(texts, ticket).lines("en") if one.startswith(start))
        assert ("no stall for your group" in said) is not hope
    assert len(of_hope) == 2


def _may(her: Applicant, line: Line) -> bool:
    return fits(line.fallback, her) or (line.stage in {"open", *her.stages} and fits(line.categories, her))


def test_the_last_tier_is_seven_stalls_or_more() -> None:
    seven = replace(found(whole(), SEATED.ticket), tier=7)
    assert "Stalls of the last 12 months: 7 or more." in next(iter(seven.lines("en")))
    assert "7 किंवा जास्त." in next(iter(seven.lines("mr")))


@pytest.mark.parametrize("name", [name for name in whole() if name != files.MANIFEST])
def test_a_file_that_is_not_what_the_manifest_says_is_not_believed(name: str) -> None:
    texts = whole()
    lines = texts[name].splitlines(keepends=True)
    changed = {**texts, name: "".join([*lines[:-1], lines[-1].replace("\n", " \n")])}
    with pytest.raises((DigestDiffers, RowNotCanonical)):
        found(changed, SEATED.ticket)


def test_damage_has_its_own_sentences() -> None:
    texts = whole()
    with pytest.raises(FileCutShort):
        found({**texts, "refusals.csv": texts["refusals.csv"][:-3]}, SEATED.ticket)
    with pytest.raises(FileCutShort):
        found({**texts, "outcome.csv": ""}, SEATED.ticket)
    with pytest.raises(ColumnsDiffer):
        found({**texts, "outcome.csv": texts["outcome.csv"].replace("place", "spot", 1)}, SEATED.ticket)
    with pytest.raises(FileUnexpected):
        found({**texts, "names.csv": "name\n"}, SEATED.ticket)
    with pytest.raises(RowNotCanonical):
        found({**texts, "choices.csv": texts["choices.csv"] + "1" * (1 << 18)}, SEATED.ticket)


@pytest.mark.parametrize(
    ("old", "new"),
    [(",1,", ",x,"), (f",{SEATED.ticket},", f",{SEATED.ticket},,"), (SEATED.ticket, f'"{SEATED.ticket}"')],
)
def test_a_row_that_no_draw_writes_is_refused_though_the_manifest_was_made_anew(old: str, new: str) -> None:
    texts = whole()
    rows = (
        line.replace(old, new, 1) if SEATED.ticket in line else line for line in texts["outcome.csv"].splitlines(True)
    )
    with pytest.raises(Problem):
        found(files.complete({**texts, "outcome.csv": "".join(rows)}), SEATED.ticket)


def test_it_tells_how_far_it_is_and_ends_where_the_file_does() -> None:
    told_: list[tuple[str, int, int]] = []
    mine(TextSource(whole()), SEATED.ticket, lambda *step: told_.append(step))
    assert {stage for stage, _, _ in told_} == {"read"}
    assert [done for _, done, _ in told_] == sorted(done for _, done, _ in told_)
    assert told_[-1][1] <= told_[-1][2]


def test_it_keeps_her_rows_and_not_those_of_thousands() -> None:
    people = tuple(group(number, 1, tier=number % 8) for number in range(1, MANY + 1))
    instance = Instance(applicants=people, events=(Event(number=1, lines=(Line(count=9),)),))
    source = TextSource(told(facts(instance), instance))
    files_ = Streams(source)
    tracemalloc.start()
    try:
        rows, count = files_.of("refusals.csv", people[-1].ticket)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(rows), count) == (1, MANY - 9)
    assert most < 4 * source.size("refusals.csv"), "a chunk and its rest, no row of others as an object"
