"""A byte changed anywhere in the file of a draw is found by verify or check, also behind digests made anew."""

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.stalls.draw import archive, claims, files, seed
from services.stalls.draw.log import opened
from tests.unit.stalls.draw.sample import PARTIES, steps, whole
from tools import check_draw
from tools.draw.__main__ import app

WHOLE = whole()
TABLES = sorted(set(files.COLUMNS))
FIELDS = [
    (name, column, row)
    for name in TABLES
    for column in range(len(files.COLUMNS[name]))
    for row in ([1, 2] if name != "draw.csv" else range(1, WHOLE[name].count("\n")))
]
OTHERS = {"yes": "", "": "1", "*": "paper", "open": "sc", "final": "dry", "timer": "admin 0123456789ab"}


def bent(cell: str) -> str:
    """As like to it as can be: a digit or a letter more or less."""
    if cell in OTHERS:
        return OTHERS[cell]
    last = cell[-1]
    if last.isdigit():
        return cell[:-1] + str((int(last) + 1) % 10)
    return cell[:-1] + chr(ord(last) ^ 1)


def tampered(name: str, column: int, row: int) -> dict[str, str]:
    table = list(csv.reader(io.StringIO(WHOLE[name])))
    table[row][column] = bent(table[row][column])
    return {**WHOLE, name: files.table(name, table[1:], table[0])}


def named(texts: dict[str, str], folder: Path) -> str:
    """What verify and check say of it; nothing if both find nothing."""
    target = folder / "draw.zip"
    target.write_bytes(archive.pack(texts))
    verify = CliRunner().invoke(app, ["verify", str(target)])
    return (verify.stderr if verify.exit_code else "") + "\n".join(check_draw.check(str(target)))


def sealed_anew(texts: dict[str, str]) -> dict[str, str]:
    """All that a forger can make to fit without another outcome: roots, seed, log and manifest."""
    inputs, plan, outcome = (
        files.digest({name: texts[name] for name in names}) for names in (files.INPUTS, files.PLAN, files.OUTCOME)
    )
    said = replace(claims.said(texts), inputs_digest=inputs, plan_digest=plan, outcome_digest=outcome)
    made = seed.seed(
        said.inputs_digest, said.plan_digest, said.rules_digest, said.public_value, opened(claims.parties(texts))
    )
    said = replace(said, seed=made)
    return files.complete({**texts, **files.said(said, PARTIES, steps(said))})


@pytest.mark.parametrize(("name", "column", "row"), FIELDS)
def test_a_changed_cell_is_found_and_its_file_named(name: str, column: int, row: int, tmp_path: Path) -> None:
    assert name in named(tampered(name, column, row), tmp_path)


@pytest.mark.parametrize(("name", "column", "row"), [field for field in FIELDS if field[0] != files.MANIFEST])
def test_a_changed_cell_is_found_behind_a_new_manifest(name: str, column: int, row: int, tmp_path: Path) -> None:
    assert named(files.complete(tampered(name, column, row)), tmp_path)


@pytest.mark.parametrize(
    ("name", "column", "row"), [field for field in FIELDS if field[0] in {*files.INPUTS, *files.PLAN, *files.OUTCOME}]
)
def test_a_changed_cell_is_found_behind_new_roots_seed_log_and_manifest(
    name: str, column: int, row: int, tmp_path: Path
) -> None:
    """Even a note that changes nothing gives another seed, and with it another line."""
    assert named(sealed_anew(tampered(name, column, row)), tmp_path)


def test_other_rules_are_found_behind_new_roots(tmp_path: Path) -> None:
    rules = WHOLE["rules.txt"].replace("at most 7", "at most 8")
    assert "rules.txt" in named(files.complete({**WHOLE, "rules.txt": rules}), tmp_path)


def test_a_row_left_out_or_put_in_twice_or_out_of_order_is_found(tmp_path: Path) -> None:
    for name in TABLES:
        head, first, second, *more = WHOLE[name].splitlines(keepends=True)
        for rows in (
            [first, *more],
            [first, first, second, *more],
            [second, first, *more],
            [first, second, *more[:-1]],
        ):
            texts = {**WHOLE, name: head + "".join(rows)}
            assert texts == WHOLE or name in named(texts, tmp_path), (name, rows[:3])
            if name != files.MANIFEST and texts != WHOLE:
                assert named(files.complete(texts), tmp_path), (name, rows[:3])


def test_a_file_left_out_or_put_in_is_found(tmp_path: Path) -> None:
    for name in WHOLE:
        assert name in named({other: text for other, text in WHOLE.items() if other != name}, tmp_path)
    assert "more.csv" in named({**WHOLE, "more.csv": "a,b\n"}, tmp_path)


def test_a_byte_flipped_anywhere_in_the_zip_is_found(tmp_path: Path) -> None:
    packed, target = archive.pack(WHOLE), tmp_path / "draw.zip"
    for at in random.Random(2026).sample(range(len(packed)), 150):
        target.write_bytes(packed[:at] + bytes([packed[at] ^ 0x41]) + packed[at + 1 :])
        verify = CliRunner().invoke(app, ["verify", str(target)])
        assert verify.exit_code == 1 or check_draw.check(str(target)), at


def test_what_was_not_touched_holds_for_both(tmp_path: Path) -> None:
    assert named(WHOLE, tmp_path) == ""
    assert named(sealed_anew(WHOLE), tmp_path) == ""
