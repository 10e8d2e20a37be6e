"""Sentences about `page`: what it counts is what the draw gave, and anybody can open and read it without internet."""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services.stalls.draw import archive
from services.stalls.draw.accept import accept
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.draw.sources import TextSource
from shared.errors import LANGUAGES, Language
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import EVENTS, INSTANCE, PARTIES, facts, told, whole
from tests.unit.tools.test_draw import draw
from tools.draw import page
from tools.draw.page_figures import Figures, counted
from tools.draw.page_views import FOLDED
from tools.draw.page_words import CODES, STEPS, WORDS
from tools.draw.streams import Streams

ROWS = accept(INSTANCE, facts().seed).rows
TITLES = {"mr": "स्टॉलची सोडत", "hi": "स्टॉल की लॉटरी", "en": "The draw of stalls"}
VOID = {"meta", "rect"}


class Tags(HTMLParser):
    """Every tag with its attributes; what was opened is closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: list[tuple[str, Mapping[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, *names: str) -> list[Mapping[str, str | None]]:
        return [attributes for tag, attributes in self.all if tag in names]


def figures(texts: Mapping[str, str]) -> Figures:
    return counted(Streams(TextSource(texts)))


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags


def shown(language: Language = "en", texts: Mapping[str, str] | None = None) -> str:
    return page.page(figures(texts or whole()), "draw.zip", language, "grounds.csv")


def many(events: int, note: str = "आठवडी बाजार") -> dict[str, str]:
    """Each ground has one stall and is listed by the group of its number; every third has no stalls."""
    grounds = tuple(
        Event(number=n, note=f"{note} {n}", lines=(Line(count=1),) if n % 3 else ()) for n in range(1, events + 1)
    )
    instance = Instance(applicants=tuple(group(n, n) for n in range(1, events + 1)), events=grounds)
    return told(facts(instance), instance)


def test_what_is_counted_is_what_the_draw_gave() -> None:
    found = figures(whole())
    seated = {row.ticket for row in ROWS if row.event}
    assert (found.groups.applied, found.groups.seated) == (len(ROWS), len(seated))
    for tag in ("umed",):
        of_it = [a for a in INSTANCE.applicants if tag in a.tags]
        share = found.tags[tag]
        assert (share.applied, share.seated, share.kept) == (len(of_it), sum(a.ticket in seated for a in of_it), 2)
    for district, share in found.districts.items():
        of_it = [a for a in INSTANCE.applicants if a.district == district]
        assert (share.applied, share.seated) == (len(of_it), sum(a.ticket in seated for a in of_it))
    for tier, share in found.tiers.items():
        assert share.applied == sum(a.tier == int(tier) for a in INSTANCE.applicants)
    for category, share in found.categories.items():
        assert share.applied == sum(category in a.categories for a in INSTANCE.applicants)
    assert dict(found.choices) == {
        rank: sum(row.choice == rank for row in ROWS) for rank in {row.choice for row in ROWS if row.choice}
    }


def test_the_last_place_of_a_ground_is_the_worst_that_got_a_stall_there() -> None:
    found = figures(whole())
    for event in EVENTS:
        ground, places = found.grounds[event.number], [row.place for row in ROWS if row.event == event.number]
        assert (ground.stalls, ground.taken, ground.last) == (event.stalls, len(places), max(places, default=0))
        assert ground.wanted == sum(event.number in a.choices for a in INSTANCE.applicants)
        assert ground.first == sum(a.choices[0] == event.number for a in INSTANCE.applicants)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opens_offline_without_a_script(language: Language) -> None:
    html = shown(language)
    tags = parsed(html)
    assert tags.named("script", "iframe", "link", "img") == []
    assert {str(link["href"]) for link in tags.named("a") if not str(link["href"]).startswith("#")} == {"grounds.csv"}
    assert not re.search(r"url\(|@import", html)
    assert "http://" not in html
    assert "https://" not in html
    assert not [name for _, attributes in tags.all for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_can_be_read_by_ear_and_by_keyboard(language: Language) -> None:
    html = shown(language)
    tags = parsed(html)
    assert tags.named("html") == [{"lang": language}]
    assert html.count("<h1>") == 1
    assert len(tags.named("caption")) == len(tags.named("table")) > 8
    assert all(attributes.get("scope") in {"col", "row"} for attributes in tags.named("th"))
    ids = [attributes["id"] for _, attributes in tags.all if "id" in attributes]
    assert len(ids) == len(set(ids))
    for picture in tags.named("svg"):
        assert picture["role"] == "img"
        assert set(str(picture["aria-labelledby"]).split()) <= set(ids)
    for link in tags.named("a"):
        assert not str(link["href"]).startswith("#") or str(link["href"])[1:] in ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_her_language_and_shows_what_decides(language: Language) -> None:
    html = shown(language)
    assert f"<h1>{TITLES[language]}</h1>" in html
    for value in (facts().seed, facts().inputs_digest, facts().plan_digest, *(one.commitment for one in PARTIES)):
        assert value in html
    for word in ("umed", "sc", "food", "masks"):
        assert CODES[word].said(language) in html
    for command in ("verify draw.zip", "tools/check_draw.py draw.zip", "mine draw.zip TICKET", "| sha256sum"):
        assert command in html


def test_every_word_of_a_page_is_there_in_three_languages() -> None:
    for known in (WORDS, STEPS, CODES):
        for key, said in known.items():
            assert all((said.mr, said.hi, said.en)), key


def test_what_a_note_says_is_text_and_no_tag() -> None:
    html = shown(texts=many(4, note="<script>alert('x')</script> & \"मैदान\""))
    assert parsed(html).named("script") == []
    assert "&lt;script&gt;" in html


def test_a_tag_that_nobody_knows_here_is_shown_as_the_file_has_it() -> None:
    people = tuple(replace(one, tags=frozenset({"beekeepers"})) for one in INSTANCE.applicants)
    instance = Instance(
        applicants=people, events=(Event(number=1, lines=(Line(count=2, tags=frozenset({"beekeepers"})),)),)
    )
    listed = tuple(replace(one, choices=(1,)) for one in people)
    instance = replace(instance, applicants=listed)
    assert "beekeepers" in shown(texts=told(facts(instance), instance))


def test_few_grounds_stand_on_the_page_more_are_folded_and_very_many_stand_in_a_table_of_their_own() -> None:
    few, some, very = (shown(texts=many(count)) for count in (3, 40, FOLDED + 1))
    assert parsed(few).named("details") == []
    assert len(parsed(some).named("details")) == 1
    assert some.count("आठवडी बाजार 40<") >= 1
    assert parsed(very).named("details") == []
    assert len(very) < 4 * len(few), "a state's page is no heavier than a block's"


def test_of_a_rehearsal_the_page_says_so() -> None:
    dry = told(replace(facts(), run="dry", public_value="", public_at=None, published_at=None))
    assert "This is a rehearsal (dry run)" in shown(texts=dry)
    assert "rehearsal" not in shown()


def test_a_folder_holds_the_page_in_three_languages_and_the_grounds_for_a_spreadsheet(tmp_path: Path) -> None:
    file, target = tmp_path / "draw.zip", tmp_path / "new" / "pages"
    file.write_bytes(archive.pack(whole()))
    found = draw("page", file, target, "--language", "mr")
    assert found.exit_code == 0, found.output
    names = {"index.html", "mr.html", "hi.html", "en.html", "grounds.csv"}
    assert {path.name for path in target.iterdir()} == names
    assert set(found.stdout.split()) == {str(target / name) for name in names}
    assert (target / "index.html").read_text("utf-8") == (target / "mr.html").read_text("utf-8")
    for one in LANGUAGES:
        links = {str(link["href"]) for link in parsed((target / f"{one}.html").read_text("utf-8")).named("a")}
        assert names - {"index.html"} <= links
    with (target / "grounds.csv").open(encoding="utf-8-sig", newline="") as rows:
        assert [row["note"] for row in csv.DictReader(rows)] == [event.note for event in EVENTS]


def test_one_file_is_one_page_with_its_grounds_beside_it_and_no_link_to_other_languages(tmp_path: Path) -> None:
    file, target = tmp_path / "my draw.zip", tmp_path / "my page.html"
    file.write_bytes(archive.pack(whole()))
    assert draw("page", file, target, "--language", "hi").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"my draw.zip", "my page.html", "my page.csv"}
    html = target.read_text("utf-8")
    assert [link["href"] for link in parsed(html).named("a") if not str(link["href"]).startswith("#")] == [
        "my%20page.csv"
    ]
    assert "verify &#39;my draw.zip&#39; --language hi" in html
