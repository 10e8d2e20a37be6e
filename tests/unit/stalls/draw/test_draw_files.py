"""Sentences about the public file: one content has one text, and every kind of damage has its own name."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from services.stalls.draw import archive, claims, files, reading
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import (
    ArchiveDamaged,
    ArchiveTooLarge,
    CellUnusable,
    ColumnsDiffer,
    DigestDiffers,
    FileAbsent,
    FileCutShort,
    FileDamaged,
    FileUnexpected,
    NumberNegative,
    NumberTooLarge,
    PlanNotAsOffered,
    RowNotCanonical,
    RowOutOfOrder,
    RowRepeated,
    RowUnknown,
)
from services.stalls.draw.plan import Instance
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.draw.instances import SOME, group, instances, seeds
from tests.unit.stalls.draw.sample import EVENTS, INSTANCE, edited, facts, whole

Texts = dict[str, str]
FIRST = "0000000001000003"


def read(texts: Texts) -> None:
    instance = reading.instance(texts)
    claims.said(texts), claims.parties(texts), claims.log(texts)
    reading.outcome(texts, instance)


def refusal(texts: Texts, read: Callable[[Texts], object] = read) -> Problem:
    with pytest.raises(Problem) as found:
        read(texts)
    assert all(found.value.sentence(language) for language in LANGUAGES)
    return found.value


def without_row(texts: Texts, name: str, row: int) -> Texts:
    lines = texts[name].split("\n")
    return {**texts, name: "\n".join([*lines[:row], *lines[row + 1 :]])}


def with_rows(texts: Texts, name: str, *order: int) -> Texts:
    head, *lines = texts[name].splitlines(keepends=True)
    return {**texts, name: "".join([head, *(lines[at] for at in order)])}


@SOME
@given(instances(), seeds)
def test_what_is_written_is_read_back(instance: Instance, seed: str) -> None:
    texts = {**files.inputs(instance), **files.plan(instance.events), **files.result(accept(instance, seed))}
    assert reading.instance(texts) == instance
    assert reading.outcome(texts, instance) == accept(instance, seed)
    assert reading.events(texts) == instance.events


def test_the_facts_of_a_draw_are_read_back_to_the_millisecond() -> None:
    assert claims.said(files.said(facts())) == facts()
    assert "published_at,2026-11-23T10:00:00.250Z\n" in files.said(facts())["draw.csv"]


def test_columns_lines_and_words_stand_as_they_are_documented() -> None:
    texts = whole()
    assert texts["applications.csv"].splitlines()[:3] == [
        "ticket,tier,district,block,stages,tags,categories,upgrade",
        "0000000001000003,1,490,4201,,,food,",
        "0000000002000006,0,490,4201,,,masks paper,",
    ]
    assert texts["applications.csv"].splitlines()[7] == "0000000007000021,1,490,4201,,,food,yes"
    assert texts["choices.csv"].splitlines()[5:8] == [
        "0000000003000009,1,3",
        "0000000003000009,2,2",
        "0000000003000009,3,1",
    ]
    assert texts["plan.csv"].splitlines()[1:4] == [
        "1,1,open,food,food,umed,,2",
        "1,2,open,masks paper,,,,1",
        "1,3,sc,*,*,,,1",
    ]
    assert texts["events.csv"].splitlines()[1:] == [
        '1,5,"जि. प. शाळा, कात्रज: 29 नोव्हेंबर, ""रविवार"""',
        '2,3,"आठवडी बाजार, मंचर"',
        "3,0,मैदान रद्द",
    ]


def test_applicants_and_events_are_written_sorted_whatever_their_order() -> None:
    turned = Instance(applicants=INSTANCE.applicants[::-1], events=EVENTS[::-1])
    assert files.inputs(turned) == files.inputs(INSTANCE)
    assert files.plan(turned.events) == files.plan(EVENTS)


def test_a_digest_is_over_the_manifest_s_lines() -> None:
    texts = whole()
    lines = [line for line in texts["manifest.csv"].splitlines(keepends=True) if line.startswith(files.INPUTS)]
    assert len(lines) == 2
    assert files.digest({name: texts[name] for name in files.INPUTS}) == files.sha256("".join(lines))
    assert files.digest(files.inputs(INSTANCE)) == facts().inputs_digest


def test_the_zip_is_the_same_bytes_every_time_and_opens_anywhere() -> None:
    packed = archive.pack(whole())
    assert packed == archive.pack(dict(reversed(whole().items())))
    assert archive.unpack(packed) == whole()
    with zipfile.ZipFile(io.BytesIO(packed)) as zipped:
        assert zipped.testzip() is None
        assert zipped.namelist() == sorted(whole())


DAMAGES = [
    pytest.param(lambda t: {n: x for n, x in t.items() if n != "plan.csv"}, FileAbsent, id="a file is gone"),
    pytest.param(lambda t: {**t, "outcome.csv": t["outcome.csv"][:-40]}, FileCutShort, id="cut in a row"),
    pytest.param(lambda t: without_row(t, "outcome.csv", 20), FileCutShort, id="the last row is gone"),
    pytest.param(lambda t: without_row(t, "outcome.csv", 3), RowOutOfOrder, id="a row of the outcome is gone"),
    pytest.param(lambda t: without_row(t, "choices.csv", 1), RowOutOfOrder, id="a choice is gone"),
    pytest.param(lambda t: without_row(t, "applications.csv", 4), RowUnknown, id="an application is gone"),
    pytest.param(lambda t: without_row(t, "draw.csv", 4), RowOutOfOrder, id="a fact is gone"),
    pytest.param(lambda t: without_row(t, "draw.csv", 16), FileCutShort, id="the last fact is gone"),
    pytest.param(lambda t: without_row(t, "plan.csv", 2), RowOutOfOrder, id="a plan line is gone"),
    pytest.param(lambda t: without_row(t, "plan.csv", 4), PlanNotAsOffered, id="fewer stalls than the event says"),
    pytest.param(lambda t: with_rows(t, "events.csv", 1, 0, 2), RowOutOfOrder, id="events turned round"),
    pytest.param(lambda t: with_rows(t, "events.csv", 0, 1, 1, 2), RowRepeated, id="an event twice"),
    pytest.param(lambda t: with_rows(t, "applications.csv", 0, 0), RowRepeated, id="an application twice"),
    pytest.param(lambda t: with_rows(t, "applications.csv", 1, 0), RowOutOfOrder, id="applications turned round"),
    pytest.param(lambda t: with_rows(t, "outcome.csv", 1, 0), RowOutOfOrder, id="places turned round"),
    pytest.param(lambda t: edited(t, "choices.csv", f"{FIRST},2,2", f"{FIRST},2,1"), RowRepeated, id="a choice twice"),
    pytest.param(lambda t: edited(t, "choices.csv", f"{FIRST},2,2", f"{FIRST},2,9"), RowUnknown, id="unknown event"),
    pytest.param(lambda t: edited(t, "plan.csv", "2,1,open", "7,1,open"), RowUnknown, id="a plan of no event"),
    pytest.param(lambda t: edited(t, "choices.csv", FIRST, "9" * 16), RowUnknown, id="a choice of nobody"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,3"), PlanNotAsOffered, id="more counts than stalls"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,-2"), NumberNegative, id="a negative count"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,513"), CellUnusable, id="513 stalls"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,02"), CellUnusable, id="a leading zero"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,२"), CellUnusable, id="Devanagari digits"),
    pytest.param(lambda t: edited(t, "plan.csv", "umed,,2", "umed,,2.0"), CellUnusable, id="a float"),
    pytest.param(lambda t: edited(t, "plan.csv", "masks paper", "paper masks"), CellUnusable, id="words unsorted"),
    pytest.param(lambda t: edited(t, "plan.csv", "masks paper", "masks  paper"), CellUnusable, id="two spaces"),
    pytest.param(lambda t: edited(t, "plan.csv", "open,food", "open,"), CellUnusable, id="a line for no product"),
    pytest.param(lambda t: edited(t, "plan.csv", "open,food", "Open,food"), CellUnusable, id="a stage in capitals"),
    pytest.param(lambda t: edited(t, "events.csv", "2,3", f"{2**63},3"), NumberTooLarge, id="an event 2^63"),
    pytest.param(lambda t: edited(t, "applications.csv", FIRST, FIRST[1:]), CellUnusable, id="a ticket too short"),
    pytest.param(lambda t: edited(t, "applications.csv", f"{FIRST},1", f"{FIRST},8"), CellUnusable, id="tier 8"),
    pytest.param(lambda t: edited(t, "applications.csv", "food,\n", ",\n"), CellUnusable, id="she sells nothing"),
    pytest.param(lambda t: edited(t, "applications.csv", "food,\n", "food,,x\n"), RowNotCanonical, id="a cell more"),
    pytest.param(
        lambda t: edited(t, "applications.csv", "food,\n", '"food",\n'), RowNotCanonical, id="quoted for nothing"
    ),
    pytest.param(lambda t: edited(t, "applications.csv", "food,\n", "food,\r\n"), RowNotCanonical, id="DOS line end"),
    pytest.param(lambda t: edited(t, "applications.csv", "food,\n", "food,\n\n"), RowNotCanonical, id="an empty line"),
    pytest.param(lambda t: edited(t, "applications.csv", "food,\n", 'fo"od,\n'), RowNotCanonical, id="a stray quote"),
    pytest.param(lambda t: edited(t, "applications.csv", "tier", "Tier"), ColumnsDiffer, id="another column"),
    pytest.param(lambda t: {**t, "refusals.csv": ""}, FileCutShort, id="nothing at all"),
    pytest.param(lambda t: edited(t, "draw.csv", "draw/2", "draw/1"), CellUnusable, id="another format"),
    pytest.param(lambda t: edited(t, "applications.csv", ",yes\n", ",no\n"), CellUnusable, id="neither yes nor empty"),
    pytest.param(lambda t: edited(t, "draw.csv", "run,final", "run,trial"), CellUnusable, id="a run of no kind"),
    pytest.param(lambda t: edited(t, "draw.csv", "round,4821", "round,-1"), NumberNegative, id="a negative round"),
    pytest.param(lambda t: edited(t, "parties.csv", '3,"दैनिक', '4,"दैनिक'), RowOutOfOrder, id="a party is gone"),
    pytest.param(lambda t: edited(t, "parties.csv", '"दैनिक, पुणे"', "=1+1"), CellUnusable, id="a party's name a formula"),
    pytest.param(lambda t: without_row(t, "log.csv", 3), RowOutOfOrder, id="an entry is gone"),
    pytest.param(lambda t: edited(t, "log.csv", "value_named", "value_guessed"), CellUnusable, id="a step of no kind"),
    pytest.param(lambda t: edited(t, "log.csv", "timer", "Priya"), CellUnusable, id="an actor by her name"),
    pytest.param(lambda t: edited(t, "draw.csv", "T12:30", "T25:30"), CellUnusable, id="hour 25"),
    pytest.param(lambda t: edited(t, "draw.csv", facts().seed, facts().seed.upper()), CellUnusable, id="HEX"),
    pytest.param(lambda t: edited(t, "parties.csv", "the officer", "आमचा"), CellUnusable, id="a nonce beyond ASCII"),
]


@pytest.mark.parametrize(("damage", "problem"), DAMAGES)
def test_damage_is_refused_by_name(damage: Callable[[Texts], Texts], problem: type[Problem]) -> None:
    read(whole())
    assert type(refusal(damage(whole()))) is problem


def test_a_reason_that_does_not_add_up_is_refused() -> None:
    texts = whole()
    head, first, *rest = texts["refusals.csv"].splitlines(keepends=True)
    place, ticket, rank, event, stalls, *counts = first.split(",")
    wrong = ",".join([place, ticket, rank, event, str(int(stalls) + 1), *counts])
    found = refusal({**texts, "refusals.csv": "".join([head, wrong, *rest])})
    assert (found.params["row"], found.params["field"]) == (1, "stalls")


def test_the_sentence_names_file_row_and_field() -> None:
    found = refusal(edited(whole(), "plan.csv", "umed,,2", "umed,,-2"))
    assert str(found) == "plan.csv, row 1, stalls: -2 is negative; expected: 1…512."
    assert found.sentence("mr") == "plan.csv, ओळ 1, stalls: -2 ही ऋण संख्या आहे; अपेक्षित: 1…512."


def test_a_file_that_is_not_what_the_manifest_says_is_found() -> None:
    reading.checked(whole())
    changed = edited(whole(), "refusals.csv", ",2,", ",3,")
    assert type(refusal(changed, reading.checked)) is DigestDiffers
    assert type(refusal(files.complete({**whole(), "more.csv": "a\n"}), reading.checked)) is FileUnexpected
    assert type(refusal({**whole(), "manifest.csv": "file,sha256\n"}, reading.checked)) is FileAbsent


def test_a_note_that_could_move_a_cursor_is_refused() -> None:
    texts = files.plan([replace(EVENTS[0], note="a\x1b[2J")])
    assert type(refusal(texts, reading.events)) is CellUnusable


def packed(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as zipped:
        for name, content in entries:
            zipped.writestr(name, content)
    return target.getvalue()


def test_what_is_not_the_zip_of_a_draw_is_refused() -> None:
    bomb = packed(("outcome.csv", b"0" * 10_000_000), compression=zipfile.ZIP_DEFLATED)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = packed(("draw.csv", b"a\n"), ("draw.csv", b"b\n"))
    for data in (
        b"",
        b"PK",
        b"not a zip at all",
        bomb,
        twice,
        packed(("draw.csv", b"a\n")),
        archive.pack(whole())[:-3],
    ):
        with pytest.raises(ArchiveDamaged):
            archive.unpack(data)


def test_a_zip_that_was_packed_again_says_so_in_her_language() -> None:
    again = packed(("draw.csv", b"a\n"))
    found = refusal({}, lambda _: archive.unpack(again))
    assert found.sentence("en") == "This is not the zip of a draw (packed again); download it again."
    assert "(पुन्हा बांधलेली)" in found.sentence("mr")


def test_a_zip_has_a_largest_size() -> None:
    with pytest.raises(ArchiveTooLarge):
        archive.unpack(archive.pack(whole()), most_bytes=1000)


def test_text_that_is_not_utf_8_in_normal_form_c_is_refused() -> None:
    with pytest.raises(FileDamaged) as found:
        archive.text("draw.csv", "शाळा".encode("utf-16"))
    assert found.value.params == {"file": "draw.csv", "byte": 0}
    with pytest.raises(FileDamaged) as found:
        archive.text("draw.csv", "ab\u0928\u093c".encode())
    assert found.value.params["byte"] == 4


def test_a_ticket_is_written_with_its_zeros() -> None:
    assert "\n0000000000000007,0," in files.inputs(Instance(applicants=(group(7),), events=()))["applications.csv"]


def nested(kernel: bytes, entries: int) -> bytes:
    """A zip whose stored entries lie in each other: every one holds all that follow it."""
    parts, listed = [kernel], []
    for number in reversed(range(entries)):
        name, body = f"{number:05}".encode(), b"".join(reversed(parts))
        sums = (zlib.crc32(body), len(body), len(body))
        parts.append(struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, *sums, len(name), 0) + name)
        listed.append((name, sums))
    blob, directory, offset = b"".join(reversed(parts)), b"", 0
    for name, sums in reversed(listed):
        fixed = (20, 20, 0, 0, 0, 33, *sums, len(name), 0, 0, 0, 0, 0, offset)
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fixed) + name
        offset += 30 + len(name)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(blob), 0)
    return blob + directory + end


def test_entries_that_lie_in_each_other_are_refused_before_they_are_read() -> None:
    bomb = nested(b"a" * 500_000, 40)
    tracemalloc.start()
    with pytest.raises(ArchiveDamaged):
        archive.unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * len(bomb)
