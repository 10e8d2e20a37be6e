"""What `make run` prints can be pasted."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import fair, report
from deploy.local.sample import sample
from tests.journeys.people import Market, Shop
from tests.processes import ROOT, until


@pytest.fixture
async def number(market: Market) -> str:
    """Of the buyer whose token is printed, in a market where there is something to buy."""
    await market.shop()
    buyer, number = market.buyer(sub=None), market.number()
    await buyer.leaves_number(buyer.party, "mr", number)
    return number


@pytest.fixture
def calls(market: Market, number: str) -> list[str]:
    about = sample(market.system.known)
    assert about
    known = market.system.known.model_copy(update={"tokens": about.tokens})
    known.save(market.system.folder)
    return [
        line.strip()
        for line in report.calls(known, about).partition("A stall draw")[0].splitlines()
        if line.startswith(("  curl", "  sleep", "  tail"))
    ]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A shell in which curl fails when the answer is an error, and in which there is one."""
    (tmp_path / ".curlrc").write_text("fail-with-body\n", encoding="ascii")
    named = {**os.environ, "CURL_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    if not shutil.which("curl"):
        stand_in = tmp_path / "curl"
        stand_in.write_text(
            f'#!/bin/sh\nexec {sys.executable} -m tests.journeys.stand_in_curl "$@"\n', encoding="utf-8"
        )
        stand_in.chmod(0o755)
        named["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    return named


def pasted(call: str, environment: dict[str, str]) -> str:
    """What it prints; -e: the `; echo` behind a curl would hide that it failed."""
    done = subprocess.run(
        ["/bin/bash", "-eo", "pipefail", "-c", call],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, f"{call}\n{done.stdout}{done.stderr}"
    return done.stdout


async def test_every_printed_call_works_as_it_stands(
    market: Market, number: str, calls: list[str], environment: dict[str, str]
) -> None:
    *asked, messages = calls
    assert [call.split()[0] for call in calls] == ["curl"] * 5 + ["sleep", "curl", "tail"]
    on_sale, named, counts, order, venue, orders, _ = [json.loads(pasted(call, environment)) for call in asked]
    assert on_sale["items"]
    assert named["items"]
    assert counts["total"] > 0
    assert order["id"] in [item["id"] for item in orders["items"]]
    assert venue["id"]
    await market.texts(number, 1)
    last = json.loads(pasted(messages, environment).splitlines()[-1])
    assert last["text"].startswith("बचत हाट: ")
    assert order["id"][-6:].upper() in last["text"]


async def stalls_know(market: Market, shop: Shop) -> None:
    async def heard() -> bool:
        return await market.system.document("stalls", "known_products", _id=shop.product_id) is not None

    await until(heard, what="stalls has heard of the product")


async def test_the_printed_story_of_a_draw_can_be_pasted_from_the_call_to_the_ticket(
    market: Market, environment: dict[str, str]
) -> None:
    shops = [await market.shop() for _ in range(2)]
    for shop in shops:
        await stalls_know(market, shop)
    about = sample(market.system.known)
    assert about
    known = market.system.known.model_copy(update={"tokens": about.tokens})
    known.save(market.system.folder)
    said = pasted("\n".join(call for _, call in fair.story(known, about, open_seconds=10)), environment)

    answers = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    drawn = next(answer for answer in answers if answer.get("status") in ("drawn", "published"))
    assert drawn["applications"] == len(about.makers)
    assert "equal" in said
    shown = re.findall(r"^([0-9a-f]{64}) ", said, re.MULTILINE)
    assert shown, "the sum of seed and ticket"
    assert said.count(shown[-1]) >= 2, "mine shows the same number"
