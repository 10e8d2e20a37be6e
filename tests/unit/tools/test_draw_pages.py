"""Sentences about the one-page explanations: what they show is what the tool prints."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shared.errors import Language
from tests.processes import ROOT
from tests.unit.tools.example import TICKET, public_file
from tools.draw.__main__ import app

PAGES: dict[Language, str] = {"mr": "draw-mr.md", "hi": "draw-hi.md", "en": "draw.md"}
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("asked", [("verify",), ("mine", TICKET)])
def test_a_page_shows_what_is_printed_in_its_language(
    tmp_path: Path, language: Language, asked: tuple[str, ...]
) -> None:
    file = tmp_path / "draw.zip"
    file.write_bytes(public_file(language))
    done = CliRunner().invoke(app, [asked[0], str(file), *asked[1:], "--language", language])
    assert done.exit_code == 0, done.output
    page = (ROOT / "docs" / PAGES[language]).read_text("utf-8")
    assert f"```\n{DIGEST.sub('…', done.stdout)}```\n" in page


@pytest.mark.parametrize("language", PAGES)
def test_a_page_calls_the_tool_in_its_language_and_saves_no_refusal(language: Language) -> None:
    page = (ROOT / "docs" / PAGES[language]).read_text("utf-8")
    commands = [line for line in page.splitlines() if line.startswith((".venv/bin/python", "curl "))]
    assert len(commands) == 7
    for line in commands:
        if line.startswith("curl "):
            assert line.startswith("curl -f ")
        else:
            assert language == "en" or line.endswith(f"--language {language}")
