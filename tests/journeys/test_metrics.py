"""After a day at the market every metric of the registry has moved as it should, in the process where it should."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from services.notify.notifications.domain import Status
from shared import metrics
from shared.contracts import TOPICS
from shared.web.requests import QUIET_ROUTES
from tests.journeys.figures import DUE, EXPECTED, OUTBOXES, PARTS, WATCHED, Labels, Shows
from tests.journeys.people import Market
from tests.journeys.stories import Story
from tests.processes import ROOT, until

OUTCOMES = {"applied", "duplicate", "skipped", "refused", "parked", "taken", "denied", "later"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
MOST_SERIES = 3_000
GUIDE = ROOT / "docs/operations.md"


def families() -> dict[str, str]:
    """Of the registry: each name, and the suffix of the sample that counts."""
    suffixes = {"counter": "_total", "histogram": "_count", "gauge": ""}
    found = [
        next(iter(metric.describe())) for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)
    ]
    return {family.name: suffixes[family.type] for family in found}


def processes(market: Market) -> dict[str, str]:
    return {**market.system.known.services, **market.system.known.workers}


async def scraped(market: Market) -> dict[str, list[Sample]]:
    """What Prometheus would read of every process, at about one moment."""
    async with httpx.AsyncClient() as prometheus:
        answers = await asyncio.gather(*(prometheus.get(f"{url}/metrics") for url in processes(market).values()))
    told = [[one for family in text_string_to_metric_families(said.text) for one in family.samples] for said in answers]
    return dict(zip(processes(market), told, strict=True))


@pytest.fixture(scope="session")
async def day(market: Market, story: Story) -> Story:
    """A fair with its draw; an order from first to last, one that is refused, and messages that arrive."""
    shop, buyer, number = await market.shop(), market.buyer(), market.number()
    await buyer.leaves_number(buyer.party, "mr", number)
    refused = (await buyer.order(shop.line(11))).json()
    await buyer.sees(refused["id"], "refused")
    order = (await buyer.order(shop.line(2))).json()
    await buyer.sees(order["id"], "confirmed")
    await shop.leader.does("POST", f"/orders/{order['id']}/accept")
    await market.texts(number, 3)
    for group, allotment in await story.allotments():
        if allotment["status"] == "allotted":
            await group.maker.leader.does("POST", f"/allotments/{allotment['id']}/confirm")
    return story


def test_the_table_has_every_metric_of_the_registry_and_no_other() -> None:
    assert set(EXPECTED) == set(families())


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected.moved_by])
def test_what_no_journey_moves_is_moved_by_a_test_that_exists(name: str) -> None:
    path, test = EXPECTED[name].moved_by.split("::")
    assert f"def {test}(" in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected.shows])
async def test_a_metric_shows_the_day_in_the_processes_where_it_should(market: Market, day: Story, name: str) -> None:
    missing: list[Shows] = []

    async def moved() -> bool:
        now, sample = await scraped(market), f"{name}{families()[name]}"
        missing[:] = [one for one in EXPECTED[name].shows if not holds(one, now[one.process], sample, prefix(market))]
        return not missing

    try:
        await until(moved, what=f"{name} shows the day")
    except AssertionError as error:
        raise AssertionError(f"{error}: {missing}") from error


def prefix(market: Market) -> str:
    return market.system.known.namespace


def holds(shows: Shows, samples: list[Sample], name: str, prefix: str) -> bool:
    wanted = in_this_run(shows.labels, prefix).items()
    values = [one.value for one in samples if one.name == name and wanted <= one.labels.items()]
    if shows.value is None:
        return sum(values) > 0
    return bool(values) and set(values) == {shows.value}


def in_this_run(labels: Labels, prefix: str) -> Labels:
    """Topics by the names they have here."""
    return {name: f"{prefix}{value}" if name == "topic" else value for name, value in labels.items()}


async def test_no_process_tells_a_figure_that_is_not_in_the_table(market: Market, day: Story) -> None:
    suffix = re.compile(r"_(total|count|sum|bucket)$")
    for process, samples in (await scraped(market)).items():
        ours = {suffix.sub("", one.name) for one in samples if one.name.startswith("bachat_")}
        assert ours <= set(EXPECTED), process
        assert len(samples) < MOST_SERIES, process


def bounds(market: Market) -> dict[str, set[str]]:
    """Every value that a label can ever have; a topic with its prefix."""
    documents = [json.loads(path.read_text("utf-8")) for path in (ROOT / "docs/openapi").glob("*.json")]
    kinds = {kind for of in (OUTBOXES, DUE) for some in of.values() for kind in some}
    return {
        "route": {*QUIET_ROUTES, "/openapi.json", "(none)", *(path for one in documents for path in one["paths"])},
        "method": METHODS,
        "status": {str(status) for status in range(200, 600)},
        "topic": {f"{prefix(market)}{topic}" for topic in TOPICS},
        "partition": {str(number) for number in range(48)},
        "outcome": OUTCOMES,
        "kind": kinds,
        "part": {part for parts in PARTS.values() for part in parts},
        "watch": {*WATCHED.values(), "unlike_the_log", "draw_still", "import_still"},
        "step": {"freeze", "seal", "check", "read", "line_up", "allocate", "reasons", "write", "keep", "line", "tell"},
        "provider": {"local-sms"},
        "channel": {"sms"},
        "state": {status.value for status in Status},
        "reason": {"NotEnoughStock"},
    }


async def test_a_label_has_one_of_few_values_and_none_is_an_id_or_a_number_of_a_phone(
    market: Market, day: Story
) -> None:
    known = bounds(market)
    for process, samples in (await scraped(market)).items():
        for one in samples:
            for label, value in one.labels.items():
                if one.name.startswith("bachat_") and label != "le":
                    assert value in known[label], f"{process}: {one.name} {label}"
                    assert not re.search(r"[0-9]{8}|[0-9a-f]{8}-[0-9a-f]{4}", value.removeprefix(prefix(market)))


def pasted() -> Iterator[str]:
    """The lines that the guide for a person on call has her paste to look around, each form of a tool's call once."""
    seen = set()
    for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            form = tuple(re.findall(r"tools\.\w+|--\w+|\b(?:list|parked|verify)\b", line)) or line
            if form not in seen:
                seen.add(form)
                yield line


async def test_what_the_guide_has_one_paste_runs_against_the_running_system(market: Market, day: Story) -> None:
    """One shell runs all of it; a command that does not exist or fails says so on its standard error."""
    given = {**os.environ, "BACHAT_DATA": str(market.system.folder), "NO_COLOR": "1"}
    script = "\n".join(pasted())
    said = await asyncio.to_thread(
        subprocess.run, ["bash"], input=script, text=True, capture_output=True, env=given, cwd=ROOT, check=False
    )
    assert said.stderr == ""
    assert said.stdout.count("│ ready ") == len(processes(market))
    assert "does not answer" not in said.stdout
