"""Sentences about the one-page explanations: what they show is what the tool prints."""

import re
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from typer.testing import CliRunner

from services.stalls.wiring import SERVICE
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


def heading(line: str) -> str:
    """The anchor of a heading, as Markdown makes it."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")


@pytest.mark.parametrize("page", [*PAGES.values(), "draw-officer.md", "draw-mathematics.md", "examples/README.md"])
def test_what_a_page_of_the_draw_points_to_is_there(page: str) -> None:
    path = ROOT / "docs" / page
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.is_file(), link
        headings = {heading(line) for line in target.read_text("utf-8").splitlines() if line.startswith("#")}
        assert not anchor or anchor in headings, link


def test_every_test_that_the_mathematician_is_shown_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "draw-mathematics.md").read_text("utf-8")))
    folders = ("tests/properties", "tests/unit/stalls/draw")
    there = {name for folder in folders for path in (ROOT / folder).glob("test_*.py") for name in defined(path)}
    assert len(named) > 20
    assert named <= there


def defined(path: Path) -> list[str]:
    return re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)


def test_every_route_that_the_officer_is_shown_is_there() -> None:
    said = (ROOT / "docs" / "draw-officer.md").read_text("utf-8").replace("/CALL", "/{call_id}")
    routes = [route for router in SERVICE.routers for route in served(router)]
    there = {(method, route.path) for route in routes for method in route.methods or ()}
    asked = set(re.findall(r"`(GET|POST) (/v1/[^`?\s]+)`", said))
    assert len(asked) > 5
    assert asked <= there


def served(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]
