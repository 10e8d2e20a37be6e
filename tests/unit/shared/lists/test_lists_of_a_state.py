"""The reader over the generator's lists of a whole state: each planted fault of its kind, at its line, and no other."""

import inspect
from pathlib import Path

import pytest

from shared.contracts.catalog import Programme
from shared.errors import Invalid
from shared.lists import problems
from shared.lists.reading import open_list
from shared.lists.rows import BadRow
from tools.seed.state.answers import Answers
from tools.seed.state.making import FILES, made

OURS = {name for name, one in inspect.getmembers(problems, inspect.isclass) if issubclass(one, Invalid)}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answers]:
    folder = tmp_path_factory.mktemp("state")
    return folder, made("27", 0.001, 7, folder, lambda _, __: None)


@pytest.mark.parametrize("programme", ["umed", "nulm", "mavim"])
def test_every_row_is_read_and_every_fault_of_a_row_is_found(
    answers: tuple[Path, Answers], programme: Programme
) -> None:
    folder, expected = answers
    rows: dict[str, int] = {}
    bad: dict[str, dict[int, str]] = {}
    with open_list(folder / FILES[programme], FILES[programme], programme) as opened:
        for line in opened.rows():
            rows[line.file] = rows.get(line.file, 0) + 1
            if isinstance(line, BadRow):
                bad.setdefault(line.file, {})[line.line] = line.problem.code
    parts = {name: part for name, part in expected.files.items() if name.partition("!")[0] == FILES[programme]}
    assert rows == {name: part.rows for name, part in parts.items()}
    assert bad == {
        name: {line: rule for line, rule in part.bad.items() if rule in OURS} for name, part in parts.items()
    }
