"""Sentences about `python -m tools.draw`: a stranger fetches a draw, runs it again, and finds her own place."""

import json
import random
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from services.stalls.draw import archive, files, seed
from services.stalls.draw.accept import Outcome, accept
from shared.errors import Problem
from tests.unit.stalls.draw.sample import CLOSED, INSTANCE, NONCE, edited, facts, resealed, told, whole
from tools.draw.__main__ import app
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
    for value in (facts().commitment, facts().inputs_digest, facts().plan_digest, facts().seed, seed.RULES_DIGEST):
        assert value in found.stdout


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
    assert said == f"outcome.csv, row 1, event: '' cannot stand there; expected: {best.event}."


def test_a_reason_that_was_made_nicer_is_found_though_every_digest_was_made_anew() -> None:
    row = next(row for row in ROWS if row.refusals and row.refusals[0].better_place)
    nicer = replace(row.refusals[0], better_place=0, other_products=row.refusals[0].stalls, other_reservation=0)
    rows = tuple(replace(row, refusals=(nicer, *row.refusals[1:])) if other == row else other for other in ROWS)
    assert first_difference(told(facts(), outcome=Outcome(rows=rows))).startswith("refusals.csv, row ")


def test_a_row_too_few_or_too_many_is_found_though_every_digest_was_made_anew() -> None:
    lines = whole()["refusals.csv"].splitlines(keepends=True)
    fewer = resealed({**whole(), "refusals.csv": "".join(lines[:-1])})
    assert first_difference(fewer) == f"refusals.csv breaks off in row {len(lines) - 1}: the last line is not whole."
    more = resealed({**whole(), "refusals.csv": "".join([*lines, lines[-1]])})
    assert first_difference(more).startswith(f"refusals.csv, row {len(lines)}, place: ")


def test_inputs_changed_after_the_close_do_not_fit_the_seed() -> None:
    lower = tuple(replace(applicant, tier=0) for applicant in INSTANCE.applicants)
    changed = replace(INSTANCE, applicants=lower)
    assert first_difference(told(facts(), changed)).startswith("draw.csv, row 11, inputs_digest: ")
    digest = files.digest(files.inputs(changed))
    assert first_difference(told(replace(facts(), inputs_digest=digest), changed)).startswith(
        "draw.csv, row 14, seed: "
    )


def test_a_nonce_that_was_not_committed_to_is_found() -> None:
    assert first_difference(told(replace(facts(), nonce=f"{NONCE}!"))).startswith("draw.csv, row 5, commitment: ")


def test_a_public_value_from_before_the_close_or_before_its_time_is_found() -> None:
    early = replace(facts(), public_at=CLOSED, published_at=CLOSED)
    assert first_difference(told(early)).startswith("draw.csv, row 7, public_at: ")
    assert first_difference(told(replace(facts(), published_at=CLOSED))).startswith("draw.csv, row 10, published_at: ")


def test_other_rules_are_not_run() -> None:
    texts = edited(whole(), "rules.txt", "at most 7", "at most 9")
    assert first_difference(files.complete(texts)).startswith("rules.txt, row 4, -: ")


def test_verify_says_what_differs_in_her_language_with_exit_status_one(tmp_path: Path) -> None:
    target = tmp_path / "edited.zip"
    target.write_bytes(archive.pack(edited(whole(), "plan.csv", "umed,,2", "umed,,3")))
    found = draw("verify", target, "--language", "mr")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("plan.csv: त्याचा SHA-256 ")


@pytest.mark.parametrize("arguments", [(), ("verify", "no-such.zip"), ("mine",), ("export", "not-an-id", "draw.zip")])
def test_wrong_usage_is_exit_status_two(arguments: tuple[str, ...]) -> None:
    assert draw(*arguments).exit_code == 2


def test_every_command_has_an_example() -> None:
    for command in ("export", "verify", "mine"):
        assert f"tools.draw {command}" in draw(command, "--help").stdout


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
    assert found.stdout.startswith(f"तिकीट {ROWS[-1].ticket}: रांगेत 20 पैकी 20 वा क्रमांक.")
    assert "सोडतीत स्टॉल मिळाला नाही." in found.stdout
    for refusal in ROWS[-1].refusals:
        assert refusal.sentence("mr") in found.stdout
    for _, position in ROWS[-1].waiting:
        assert f", {position} वा क्रमांक." in found.stdout


def test_what_she_got_is_said_with_its_ground(file: Path) -> None:
    row = next(row for row in ROWS if row.event == 2)
    said = draw("mine", file, row.ticket, "--language", "hi").stdout
    assert f"मिला: बाज़ार 2 (आठवडी बाजार, मंचर), स्टॉल {row.stall} (पसंद {row.choice})।" in said


def test_an_unknown_ticket_is_one_sentence(file: Path) -> None:
    found = draw("mine", file, "0000000000000000")
    assert found.exit_code == 1
    assert found.stderr.startswith("There is no ticket 0000000000000000 in this draw")


@contextmanager
def gateway(status: int, body: bytes) -> Iterator[str]:
    """Answers the one path of the public file without a token, anything else with 404."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == f"/v1/calls/{CALL}/outcome/file" and not self.headers.get("Authorization")
            self.send_response(status if known else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_public_file_is_exported_byte_for_byte(tmp_path: Path) -> None:
    target = tmp_path / "draw.zip"
    with gateway(200, PACKED) as url:
        found = draw("export", CALL, target, "--gateway", url)
    assert found.exit_code == 0, found.output
    assert target.read_bytes() == PACKED
    assert [path.name for path in tmp_path.iterdir()] == ["draw.zip"]


def test_before_the_draw_the_server_s_sentence_is_passed_on_and_no_file_is_left(tmp_path: Path) -> None:
    told_by_server = json.dumps({"code": "NotDrawnYet", "detail": "The draw is on 23 November."}).encode()
    with gateway(409, told_by_server) as url:
        found = draw("export", CALL, tmp_path / "draw.zip", "--gateway", url)
    assert found.exit_code == 1
    assert found.stderr == "Not exported: 409 The draw is on 23 November.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_gateway_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    with gateway(200, b"") as url:
        pass
    found = draw("export", CALL, tmp_path / "draw.zip", "--gateway", url)
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Not exported: {url}")
