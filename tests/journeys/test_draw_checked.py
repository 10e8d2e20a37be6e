"""What anybody can do with a published draw: read it, draw it again, check one ticket, find what was tampered with."""

import asyncio
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.stalls.draw import claims, files, log
from tests.journeys.people import Market
from tests.journeys.stories import APPLICANTS, STALLS, Story
from tests.processes import ROOT

DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


async def test_anybody_reads_the_outcome_without_a_token_and_finds_no_group_in_it(story: Story) -> None:
    async with httpx.AsyncClient(base_url=str(story.fair.officer.client.base_url)) as anybody:
        answer = await anybody.get(f"{story.fair.path}/outcome")
        zipped = await anybody.get(f"{story.fair.path}/outcome/file")
        again = await anybody.get(f"{story.fair.path}/outcome/file")
        announced = await anybody.get(story.fair.path)
        for path in ("/applications", "/allotments"):
            assert (await anybody.get(path, params={"call": story.fair.id})).status_code == 401
    assert (announced.status_code, announced.json()["commitment"]) == (200, story.call["commitment"])
    assert [one["venue_name"] for one in answer.json()["events"]] == [
        one["venue_name"] for one in announced.json()["events"]
    ]
    assert "माळेगाव बाजारतळ | " in zipped.content.decode("utf-8", errors="replace")
    assert (answer.status_code, zipped.headers["content-type"]) == (200, "application/zip")
    assert again.content == zipped.content
    public = announced.text + answer.text + zipped.content.decode("utf-8", errors="replace")
    assert story.fair.officer.party not in public
    for group in story.groups:
        assert group.maker.group_id not in public
        assert group.application["id"] not in public
        assert (group.ticket in public) is (group in story.applicants)


async def test_a_choice_is_refused_with_counts_that_add_up_in_three_languages(story: Story) -> None:
    for language, word in (("mr", "स्टॉल"), ("hi", "स्टॉल"), ("en", "stall")):
        rows = (await story.fair.outcome(language))["items"]
        refusals = [refusal for row in rows for refusal in row["refusals"]]
        assert len(refusals) >= APPLICANTS - STALLS
        assert any(word in refusal["sentence"] for refusal in refusals)
        for one in refusals:
            assert one["stalls"] == one["other_products"] + one["other_reservation"] + one["better_place"]
            assert one["sentence"].endswith((".", "।"))


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.draw", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def pasted(line: str) -> str:
    """What a shell prints."""
    return subprocess.run(["/bin/bash", "-ec", line], capture_output=True, text=True, check=True).stdout.strip()


async def exported(story: Story, folder: Path) -> Path:
    """The public file, as anybody gets it."""
    target = folder / "draw.zip"
    known = story.fair.officer.client.base_url.copy_with(path="")
    done = await asyncio.to_thread(tool, "export", story.fair.id, str(target), "--gateway", str(known))
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
async def public_file(story: Story, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(await exported(story, tmp_path_factory.mktemp("public")))


async def test_the_published_file_is_drawn_again_and_is_equal(story: Story, public_file: str) -> None:
    done = await asyncio.to_thread(tool, "verify", public_file)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"equal: {APPLICANTS} groups, {STALLS} seated")
    for name in ("id", "commitment", "inputs_digest", "plan_digest", "seed", "outcome_digest"):
        assert story.call[name] in done.stdout


@pytest.mark.parametrize(
    ("language", "place"),
    [("mr", "स्थान {place} (एकूण {count})"), ("hi", "स्थान {place} (कुल {count})"), ("en", "place {place} of {count}")],
)
async def test_a_group_finds_her_place_and_checks_it_with_sha256sum_alone(
    story: Story, public_file: str, language: str, place: str
) -> None:
    group, got = (await story.allotments())[-1]
    typed = group.ticket.translate(DEVANAGARI)
    done = await asyncio.to_thread(tool, "mine", public_file, typed, "--language", language)
    assert done.returncode == 0, done.stderr
    assert place.format(place=got["place"], count=APPLICANTS) in done.stdout
    line = next(line for line in done.stdout.splitlines() if line.startswith("printf "))
    assert story.call["seed"] in line
    assert await asyncio.to_thread(pasted, line) in done.stdout.splitlines()


async def test_places_are_the_order_of_the_numbers_that_sha256sum_shows(story: Story) -> None:
    line = "printf '%s:%s' {} {} | sha256sum"
    numbers = []
    for row in (await story.fair.outcome())["items"]:
        shown = await asyncio.to_thread(pasted, line.format(story.call["seed"], row["ticket"]))
        numbers.append((row["tier"], shown))
    assert numbers == sorted(numbers)


async def test_one_ticket_is_looked_up_in_devanagari_digits_too(story: Story) -> None:
    ticket = story.applicants[0].ticket
    found = await story.fair.outcome(ticket=ticket.translate(DEVANAGARI))
    assert [row["ticket"] for row in found["items"]] == [ticket]


async def part_of(market: Market, story: Story, name: str) -> tuple[str, str]:
    """Where that file of the draw is kept, and its text."""
    kept = await market.system.document("stalls", "outcomes", _id=story.fair.id) or {}
    [part] = next(row["parts"] for row in kept["files"] if row["file"] == name)
    text = await market.system.document("stalls", "draw_files", _id=part) or {}
    return part, str(text["text"])


def with_stalls_exchanged(outcome: str) -> str:
    """The stalls of the last two who hold one change hands; their places stay."""
    head, *rows = [line.split(",") for line in outcome.splitlines()]
    *_, one, other = [row for row in rows if row[2]]
    one[2:], other[2:] = other[2:], one[2:]
    return "\n".join(",".join(row) for row in (head, *rows)) + "\n"


def as_if_true(texts: dict[str, str]) -> dict[str, str]:
    """Every digest that the file holds of itself made anew, in its log too."""
    digest = files.digest({name: texts[name] for name in files.OUTCOME})
    said, (*before, drawn) = replace(claims.said(texts), outcome_digest=digest), claims.log(texts)
    entries = log.added(before, drawn.at, drawn.step, drawn.by, log.finished(said.seed, digest))
    told = files.said(said, claims.parties(texts), entries)
    return files.complete({**{name: text for name, text in texts.items() if name != files.MANIFEST}, **told})


@pytest.mark.parametrize("thorough", [False, True])
async def test_an_outcome_edited_in_the_database_is_found_and_its_row_is_named(
    market: Market, story: Story, tmp_path: Path, thorough: bool
) -> None:
    names = (*files.INPUTS, *files.PLAN, *files.SAID, *files.OUTCOME, files.MANIFEST)
    parts = {name: await part_of(market, story, name) for name in names}
    texts = {name: text for name, (_, text) in parts.items()}
    edited = {**texts, "outcome.csv": with_stalls_exchanged(texts["outcome.csv"])}
    kept = await market.system.document("stalls", "outcomes", _id=story.fair.id) or {}
    weights = kept["weights"]
    if thorough:
        edited = as_if_true(edited)
        weights = [{**one, "crc32": zlib.crc32(edited[one["file"]].encode())} for one in weights]
    try:
        for name, text in edited.items():
            await market.system.edit("stalls", "draw_files", parts[name][0], text=text)
        await market.system.edit("stalls", "outcomes", story.fair.id, weights=weights)
        file = await exported(story, tmp_path)
        done = await asyncio.to_thread(tool, "verify", str(file))
    finally:
        await market.system.edit("stalls", "outcomes", story.fair.id, weights=kept["weights"])
        for part, text in parts.values():
            await market.system.edit("stalls", "draw_files", part, text=text)
    assert done.returncode == 1
    pairs = zip(texts["outcome.csv"].splitlines(), edited["outcome.csv"].splitlines(), strict=True)
    row = next(number for number, (a, b) in enumerate(pairs) if a != b)
    assert done.stderr.startswith(f"outcome.csv, row {row}, ")
