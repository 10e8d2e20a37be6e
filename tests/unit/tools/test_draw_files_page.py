"""Sentences about docs/draw-files.md: what it says of the file of a draw is what the program writes."""

import hashlib
import re
from dataclasses import fields
from pathlib import Path

import pytest

from services.stalls.draw import files
from tests.unit.stalls.draw.sample import whole

PAGE = Path(__file__).parents[3].joinpath("docs/draw-files.md").read_text(encoding="utf-8")


def columns_of(name: str) -> list[str]:
    """The first column of the table that follows the file's name in bold."""
    rows = PAGE.partition(f"**{name}**")[2].partition("\n|---|---|\n")[2].split("\n\n")[0].splitlines()
    return [column for row in rows for column in re.findall(r"`([a-z_0-9]+)`", row.split("|")[1])]


@pytest.mark.parametrize("name", sorted(set(files.COLUMNS) - {"draw.csv"}))
def test_every_column_is_documented_in_its_order(name: str) -> None:
    assert columns_of(name) == list(files.COLUMNS[name])


def test_every_key_of_draw_csv_is_documented_in_its_order() -> None:
    assert columns_of("draw.csv") == ["format", *(field.name for field in fields(files.Said))]
    assert f"`{files.FORMAT}`" in PAGE


def test_the_commands_for_digests_show_what_draw_csv_says() -> None:
    texts = whole()
    lines = texts["manifest.csv"].splitlines(keepends=True)
    found = re.findall(r"grep -E '(.+?)' manifest\.csv \| sha256sum +# (\w+)", PAGE)
    assert {key for _, key in found} == {"inputs_digest", "plan_digest", "outcome_digest"}
    for pattern, key in found:
        listed = "".join(line for line in lines if re.search(pattern, line))
        assert f"{key},{hashlib.sha256(listed.encode()).hexdigest()}\n" in texts["draw.csv"]
