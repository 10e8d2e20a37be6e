"""Sentences about the certificate checker as people run it: alone, in her language, and on what is no draw."""

import ast
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.stalls.draw import archive, files, reading, seed
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import RowRepeated
from services.stalls.draw.plan import Event, Instance
from services.stalls.draw.rules import KNOWN, RULES, RULES_1
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import INSTANCE, PARTIES, edited, facts, resealed, steps, whole
from tests.unit.tools.test_check_draw import found
from tools import check_draw
from tools.draw.__main__ import app
from tools.draw.checking import checked

PROGRAM = Path(check_draw.__file__)


def test_what_is_not_proven_is_said_though_the_rest_holds(tmp_path: Path) -> None:
    """By the rules of version 1 there need be no log; and where every party kept silent, nobody's nonce counts."""
    said, source = facts(), tmp_path / "draw.zip"
    silent = tuple(replace(party, nonce=None) for party in PARTIES)
    for rules, parties, kept in ((RULES_1, (), False), (RULES, silent, True)):
        digest = files.sha256(rules)
        fixed = (said.inputs_digest, said.plan_digest, digest)
        made = replace(said, rules_digest=digest, seed=seed.seed(*fixed, said.public_value, ()))
        drawn = files.result(accept(INSTANCE, made.seed))
        made = replace(made, outcome_digest=files.digest(drawn))
        told_of = files.said(made, parties, steps(made, parties) if kept else ())
        source.write_bytes(archive.pack(files.complete({**whole(), **drawn, **told_of})))
        holds, lines = checked(source, "en", lambda *_: None)
        assert holds, lines
        assert ("BUT these are earlier rules" in "\n".join(lines)) == (rules == RULES_1)
        assert lines[-1] == "BUT no promised nonce went into the seed: it hangs on the public value alone."
        verify = CliRunner().invoke(app, ["verify", str(source)])
        assert verify.exit_code == 0, verify.stderr
        assert ("of version 1" in verify.stdout) == (rules == RULES_1)
        assert "hangs on the public value alone" in verify.stdout


def test_a_long_list_of_choices_is_read_at_once() -> None:
    """Each choice was once looked for among all before it."""
    many = 20_000
    events = tuple(Event(number=number, lines=()) for number in range(1, many + 1))
    instance = Instance(applicants=(group(1, *range(1, many + 1)),), events=events)
    texts = {**files.inputs(instance), **files.plan(events)}
    assert len(reading.instance(texts).applicants[0].choices) == many
    twice = texts["choices.csv"].replace(f",{many},{many}\n", f",{many},1\n")
    with pytest.raises(RowRepeated):
        reading.instance({**texts, "choices.csv": twice})


def test_what_is_no_draw_is_said_in_one_sentence_with_its_row() -> None:
    twice = whole()["applications.csv"].splitlines(keepends=True)
    texts = files.complete({**whole(), "applications.csv": "".join([*twice[:3], *twice[2:]])})
    assert "applications.csv, row 3: a ticket is there twice" in found(texts)["unreadable"]
    assert (
        "there is no item named 'plan.csv'"
        in found({k: v for k, v in whole().items() if k != "plan.csv"})["unreadable"].lower()
    )
    assert check_draw.check(io.BytesIO(b"PK, but no zip"))[0].startswith("unreadable: ")
    huge = edited(resealed(whole()), "outcome.csv", "\n1,", f"\n{2**63},")
    assert "place" in found(huge)


def test_the_program_stands_alone_and_says_by_its_exit_status_what_it_found(tmp_path: Path) -> None:
    alone, right, wrong = tmp_path / "check.py", tmp_path / "draw.zip", tmp_path / "wrong.zip"
    alone.write_text(PROGRAM.read_text("utf-8"), "utf-8")
    right.write_bytes(archive.pack(whole()))
    wrong.write_bytes(archive.pack(edited(whole(), "plan.csv", "umed,,2", "umed,,3")))
    for arguments, status, said in (
        ([right], 0, "HOLDS: 8 of 20 groups have one of 8 stalls of 3 events."),
        ([right, "--language", "mr"], 0, "सोडत बरोबर आहे: 20 पैकी 8 गटांना"),
        ([wrong, "--language", "hi"], 1, "लॉटरी सही नहीं है।"),
        ([], 2, ""),
        ([right, "--language", "fr"], 2, ""),
        ([tmp_path / "absent.zip"], 2, ""),
    ):
        command = [sys.executable, "-I", alone, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", cwd=tmp_path)
        assert (done.returncode, done.stdout[: len(said)]) == (status, said), done.stderr


def test_a_forged_file_cannot_write_over_the_verdict_and_no_terminal_is_too_old_for_it(tmp_path: Path) -> None:
    forged, right = tmp_path / "forged.zip", tmp_path / "right.zip"
    forged.write_bytes(archive.pack(edited(whole(), "plan.csv", "\n1,1,", "\n\x1b[2JHOLDS,1,")))
    right.write_bytes(archive.pack(whole()))
    for path, language, status in ((forged, "en", 1), (right, "mr", 0)):
        command = [sys.executable, str(PROGRAM), str(path), "--language", language]
        done = subprocess.run(command, capture_output=True, check=False, env={"PYTHONIOENCODING": "cp1252"})
        assert (done.returncode, done.stderr) == (status, b"")
        assert b"\x1b" not in done.stdout


def test_the_command_says_in_her_language_what_the_program_says(tmp_path: Path) -> None:
    source, heard = tmp_path / "draw.zip", list[tuple[str, int, int]]()
    source.write_bytes(archive.pack(whole()))
    holds, lines = checked(source, "hi", lambda *step: heard.append(step))
    assert (holds, lines[0][:12], len(lines)) == (True, "लॉटरी सही है", 7)
    assert heard == [("read", 0, 1), ("check", 0, 3)]


def test_it_needs_nothing_but_the_standard_library_of_python_3_9() -> None:
    program = ast.parse(PROGRAM.read_text("utf-8"), feature_version=(3, 9))
    imported = {node.module for node in ast.walk(program) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(program) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= {*sys.stdlib_module_names}
    assert not any(isinstance(node, ast.Match) for node in ast.walk(program))


def test_it_knows_every_version_of_the_rules() -> None:
    assert list(check_draw.RULES) == list(KNOWN)


def test_a_rehearsal_holds_and_is_called_one(tmp_path: Path) -> None:
    final, source = facts(), tmp_path / "dry.zip"
    said = replace(
        final,
        run="dry",
        public_source="rehearsal of June",
        public_round=None,
        public_at=None,
        public_value="",
        published_at=None,
        seed=seed.dry_seed(final.inputs_digest, final.plan_digest, "rehearsal of June"),
    )
    drawn = files.result(accept(INSTANCE, said.seed))
    said = replace(said, outcome_digest=files.digest(drawn))
    source.write_bytes(archive.pack(files.complete({**whole(), **drawn, **files.said(said)})))
    holds, lines = checked(source, "en", lambda *_: None)
    assert (holds, lines[0]) == (True, "REHEARSAL: there is no public value, and nobody gets anything by it."), lines
