"""Sentences about `python -m tools.draw`: a stranger fetches a draw, runs it again, and finds her own place."""

import random
import subprocess
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from services.stalls.draw import archive, files, seed
from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.draw.sources import TextSource
from shared.errors import Problem
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import CLOSED, INSTANCE, SHOWN, edited, facts, resealed, told, whole
from tools.draw.__main__ import app
from tools.draw.tickets import mine
from tools.draw.verifying import verified

CALL = "0192f1c0-7c8e-7000-8000-2f6b3c1d9e55"
PACKED = archive.pack(whole())
ROWS = accept(INSTANCE, facts().seed).rows
DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


def draw(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def first_difference(texts: dict[str, str]) -> str:
    with pytest.raises(Problem) as found:
        verified(texts)
    return str(found.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    target = tmp_path / "draw.zip"
    target.write_bytes(PACKED)
    return target


def test_a_true_outcome_is_said_to_be_equal_with_its_digests(file: Path) -> None:
    found = draw("verify", file)
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("equal: 20 groups, 8 seated")
    for value in (facts().inputs_digest, facts().plan_digest, facts().seed, seed.RULES_DIGEST):
        assert value in found.stdout


@pytest.mark.parametrize(
    ("language", "equal", "compare", "seed_is"),
    [
        ("mr", "जुळते: 20 गट, 8 गटांना स्टॉल", "अर्ज मागवताना जाहीर केले होते", "seed (बीज): "),
        ("hi", "मेल खाता है: 20 समूह, 8 समूहों को स्टॉल", "आवेदन माँगते समय घोषित हुआ था", "seed (बीज): "),
        ("en", "equal: 20 groups, 8 seated", "announced when the call opened", "seed (what the lots are made of): "),
    ],
)
def test_the_whole_result_is_said_in_her_language(
    file: Path, language: str, equal: str, compare: str, seed_is: str
) -> None:
    found = draw("verify", file, "--language", language)
    assert (found.exit_code, found.stdout.splitlines()[0].startswith(equal)) == (0, True), found.output
    assert compare in found.stdout
    assert f"  {seed_is}{facts().seed}\n" in found.stdout
    assert all(line.count(": ") for line in found.stdout.splitlines() if line.startswith("  "))
    assert language == "en" or "Compare" not in found.stdout


def test_every_figure_of_the_draw_is_there_to_be_compared(file: Path) -> None:
    said = draw("verify", file).stdout
    for field in fields(files.Said):
        assert f"  {field.name} (" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"code": "OutcomeNotYet"}', "it looks like JSON, perhaps a refusal. Read it, and download again with"),
        (b"<html>", "This is no zip; download the draw again: "),
        (b"", "This is no zip; download the draw again: "),
    ],
)
def test_what_is_no_zip_says_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    target = tmp_path / "draw.zip"
    target.write_bytes(content)
    for command in (("verify", target), ("mine", target, "1" * 16)):
        found = draw(*command)
        assert (found.exit_code, found.stdout) == (1, "")
        assert said in found.stderr


@pytest.mark.parametrize("name", sorted(whole()))
@given(at=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_changed_byte_in_any_file_is_found(name: str, at: int) -> None:
    content = whole()[name].encode()
    at %= len(content)
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    try:
        texts = {**whole(), name: archive.text(name, changed)}
    except Problem:
        return
    assert first_difference(texts)


def test_a_changed_byte_between_the_files_is_found_too() -> None:
    for at in random.Random(2026).sample(range(len(PACKED)), 200):
        changed = PACKED[:at] + bytes([PACKED[at] ^ 0xFF]) + PACKED[at + 1 :]
        with pytest.raises(Problem):
            verified(archive.unpack(changed))


def test_a_seat_given_to_another_is_found_though_every_digest_was_made_anew() -> None:
    """An outcome edited in the database: the worst place gets the stall of the best."""
    best, worst = ROWS[0], ROWS[-1]
    assert worst.event is None
    robbed = replace(best, event=None, stall=None, choice=None)
    favoured = replace(worst, event=best.event, stall=best.stall, choice=2, waiting=(), refusals=worst.refusals[:1])
    said = first_difference(told(facts(), outcome=Outcome(rows=(robbed, *ROWS[1:-1], favoured))))
    assert said.startswith(f"outcome.csv, row 1, ticket {best.ticket}: event is empty in the file, {best.event} by ")


def test_a_reason_that_was_made_nicer_is_found_though_every_digest_was_made_anew() -> None:
    row = next(row for row in ROWS if row.refusals and row.refusals[0].better_place)
    nicer = replace(row.refusals[0], better_place=0, other_products=row.refusals[0].stalls, other_reservation=0)
    rows = tuple(replace(row, refusals=(nicer, *row.refusals[1:])) if other == row else other for other in ROWS)
    assert first_difference(told(facts(), outcome=Outcome(rows=rows))).startswith("refusals.csv, row ")


def test_a_row_too_few_or_too_many_is_found_though_every_digest_was_made_anew() -> None:
    lines = whole()["refusals.csv"].splitlines(keepends=True)
    fewer = resealed({**whole(), "refusals.csv": "".join(lines[:-1])})
    ticket = lines[-1].split(",")[1]
    where = f"refusals.csv, row {len(lines) - 1}, ticket {ticket}: "
    assert first_difference(fewer).startswith(f"{where}the draw gives this row, but the file ends before it.")
    more = resealed({**whole(), "refusals.csv": "".join([*lines, lines[-1]])})
    assert first_difference(more).startswith(
        f"refusals.csv, row {len(lines)}, ticket {ticket}: the draw gives no such row."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "event is empty in the file, {event} by the draw. So the outcome in this file is not what the draw"),
        ("mr", "मैदान (event) फाइलमध्ये रिकामे, सोडतीनुसार {event}. म्हणजे या फाइलमधील निकाल सोडतीतून निघणारा निकाल नाही."),
        ("hi", "मैदान (event) फ़ाइल में खाली, लॉटरी के अनुसार {event}। यानी इस फ़ाइल का परिणाम लॉटरी से निकलने वाला परिणाम नहीं"),
    ],
)
def test_a_changed_outcome_names_the_ticket_and_says_plainly_that_it_is_not_the_draw_s(
    tmp_path: Path, language: str, said: str
) -> None:
    target = tmp_path / "edited.zip"
    robbed = replace(ROWS[0], event=None, stall=None, choice=None)
    target.write_bytes(archive.pack(told(facts(), outcome=Outcome(rows=(robbed, *ROWS[1:])))))
    found = draw("verify", target, "--language", language)
    assert (found.exit_code, found.stdout) == (1, "")
    assert said.format(event=ROWS[0].event) in found.stderr
    assert ROWS[0].ticket in found.stderr


def test_inputs_changed_after_the_close_do_not_fit_the_seed() -> None:
    lower = tuple(replace(applicant, tier=0) for applicant in INSTANCE.applicants)
    changed = replace(INSTANCE, applicants=lower)
    assert first_difference(told(facts(), changed)).startswith("draw.csv, row 12, inputs_digest: ")
    digest = files.digest(files.inputs(changed))
    assert first_difference(told(replace(facts(), inputs_digest=digest), changed)).startswith(
        "draw.csv, row 15, seed: "
    )


def test_a_nonce_that_was_not_committed_to_is_found() -> None:
    other = files.complete(edited(whole(), "parties.csv", "of 22 November", "of 23 November"))
    assert first_difference(other).startswith("parties.csv, row 1, nonce: its SHA-256 is ")


def test_a_public_value_from_before_the_close_or_before_its_time_is_found() -> None:
    early = replace(facts(), public_at=CLOSED, published_at=CLOSED)
    assert first_difference(told(early)).startswith("draw.csv, row 9, public_at: ")
    assert first_difference(told(replace(facts(), published_at=CLOSED))).startswith("draw.csv, row 11, published_at: ")
    late = replace(facts(), closed_at=SHOWN + timedelta(seconds=1))
    assert first_difference(told(late)).startswith("draw.csv, row 11, published_at: "), (
        "who closes late knows the value"
    )


def test_other_rules_are_not_run() -> None:
    texts = edited(whole(), "rules.txt", "at most 7", "at most 9")
    assert first_difference(files.complete(texts)).startswith("rules.txt, row 4: these are not the rules")


def test_verify_says_what_differs_in_her_language_with_exit_status_one(tmp_path: Path) -> None:
    target = tmp_path / "edited.zip"
    target.write_bytes(archive.pack(edited(whole(), "plan.csv", "umed,,2", "umed,,3")))
    found = draw("verify", target, "--language", "mr")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("plan.csv: त्याचा SHA-256 ")


def test_the_printed_line_really_runs_in_a_shell_and_shows_the_printed_number(file: Path) -> None:
    found = draw("mine", file, ROWS[3].ticket)
    assert found.exit_code == 0, found.output
    lines = found.stdout.splitlines()
    (line,) = [line for line in lines if line.startswith("printf ")]
    shown = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True).stdout
    assert lines[lines.index(line) + 1] == shown.rstrip("\n")
    assert lines[0] == f"Ticket {ROWS[3].ticket}: place 4 of 20 in line. Stalls of the last 12 months: 0."


def test_a_ticket_may_be_typed_in_devanagari_digits_with_spaces(file: Path) -> None:
    ticket = ROWS[-1].ticket.translate(DEVANAGARI)
    typed = " ".join(ticket[at : at + 4] for at in range(0, 16, 4))
    found = draw("mine", file, typed, "--language", "mr")
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith(f"तिकीट {ROWS[-1].ticket}: रांगेतील स्थान 20 (एकूण 20).")
    assert "सोडतीत स्टॉल मिळाला नाही." in found.stdout
    for refusal in ROWS[-1].refusals:
        assert refusal.sentence("mr") in found.stdout
    for _, position in ROWS[-1].waiting:
        assert f"प्रतीक्षा यादीतील क्रमांक {position}: मैदान " in found.stdout


def test_what_she_got_is_said_with_its_ground(file: Path) -> None:
    row = next(row for row in ROWS if row.event == 2)
    said = draw("mine", file, row.ticket, "--language", "hi").stdout
    assert f"मिला: मैदान 2 (आठवडी बाजार, मंचर), स्टॉल {row.stall} (पसंद {row.choice})।" in said


@pytest.mark.parametrize(
    ("language", "ground"),
    [
        ("mr", "मैदान 3 (मैदान रद्द, वगळले)"),
        ("hi", "मैदान 3 (मैदान रद्द, हटाया गया)"),
        ("en", "event 3 (मैदान रद्द, struck out)"),
    ],
)
def test_a_ground_that_was_struck_out_is_said_so_in_her_language(file: Path, language: str, ground: str) -> None:
    row = next(row for row in ROWS if any(refusal.event == 3 for refusal in row.refusals))
    assert ground in draw("mine", file, row.ticket, "--language", language).stdout


def test_ground_and_days_of_a_note_are_shown_and_its_codes_are_not() -> None:
    note = "आठवडी बाजारतळ, मंचर | 2026-12-06, 2026-12-07"
    why = "struck: ElectionConduct 2026-12-06"
    events = (Event(number=1, lines=(Line(count=1),), note=note), Event(number=2, lines=(), note=f"{note} | {why}"))
    instance = Instance(applicants=(group(1, 2, 1),), events=events)
    struck, got = None, None
    for line in mine(TextSource(told(facts(instance), instance)), instance.applicants[0].ticket).lines("mr"):
        got = line if line.startswith("मिळाले:") else got
        struck = line if line.startswith("पसंती 1") else struck
    assert got == "मिळाले: मैदान 1 (आठवडी बाजारतळ, मंचर, 2026-12-06, 2026-12-07), स्टॉल 1 (पसंती 2)."
    assert str(struck).startswith("पसंती 1, मैदान 2 (आठवडी बाजारतळ, मंचर, 2026-12-06, 2026-12-07, वगळले): ")


def test_an_unknown_ticket_is_one_sentence(file: Path) -> None:
    found = draw("mine", file, "0000000000000000")
    assert found.exit_code == 1
    assert found.stderr.startswith("There is no ticket 0000000000000000 in this draw")
