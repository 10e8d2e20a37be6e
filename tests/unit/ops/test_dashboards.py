"""Dashboards are generated: fresh, whole, and with nothing that the registry does not have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics
from tests.unit.ops.rules import OF_EVERY_TARGET, ROOT, WORDS, registry
from tools.dashboards.__main__ import FOLDER, written
from tools.dashboards.rows import ROWS, SERVICES

FAMILIES = {
    next(iter(metric.describe())).name: metric
    for metric in vars(metrics).values()
    if isinstance(metric, MetricWrapperBase)
}
NAMES = ("whole", *SERVICES)


def board(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written()[f"{name}.json"])
    return found


def expressions(name: str) -> Iterator[str]:
    for panel in board(name)["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def families(name: str) -> set[str]:
    read = {series for expr in expressions(name) for series in re.findall(r"bachat_[a-z_]+", expr)}
    return {re.sub(r"_(total|bucket)$", "", series) for series in read}


def test_the_committed_dashboards_are_those_that_the_registry_gives() -> None:
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == written(), "run `make dashboards`"


def test_there_is_one_for_the_whole_and_one_for_each_service() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/wiring.py")}
    assert {name.removesuffix(".json") for name in written()} == {"whole", *services}


def test_every_metric_is_on_the_dashboard_of_the_whole_and_on_one_of_a_service() -> None:
    assert families("whole") == set(FAMILIES)
    assert set[str]().union(*map(families, SERVICES)) == set(FAMILIES)


def test_no_metric_stands_in_two_rows() -> None:
    placed = [metric for row in ROWS for metric in row.metrics]
    assert len(placed) == len(set(placed))


@pytest.mark.parametrize("name", NAMES)
def test_a_panel_reads_series_and_groups_by_labels_that_exist(name: str) -> None:
    for expr in expressions(name):
        series = set(re.findall(r"\b[a-z_]+\b(?=[{\[)])", expr)) & {*registry(), *re.findall(r"bachat_[a-z_]+", expr)}
        assert series <= set(registry())
        known = OF_EVERY_TARGET.union({"severity", "alertname"}, *(registry()[one] for one in series))
        grouped = {label for found in re.findall(r"by \(([^)]*)\)", expr) for label in found.split(", ")}
        assert grouped <= known, expr
        assert grouped.isdisjoint(WORDS)


@pytest.mark.parametrize("name", SERVICES)
def test_a_services_dashboard_shows_its_own_processes_only(name: str) -> None:
    for expr in expressions(name):
        assert f'service="{name}"' in expr


@pytest.mark.parametrize("name", NAMES)
def test_panels_say_what_they_show_in_the_words_and_units_of_the_registry(name: str) -> None:
    panels = [panel for panel in board(name)["panels"] if panel["type"] == "timeseries"]
    words = {next(iter(metric.describe())).documentation for metric in FAMILIES.values()}
    assert {panel["description"] for panel in panels} <= words
    seconds = {panel["title"] for panel in panels if panel["fieldConfig"]["defaults"]["unit"] == "s"}
    assert {"Request", "Outbox oldest"} <= seconds
    assert "Requests" not in seconds


@pytest.mark.parametrize("name", NAMES)
def test_no_panel_covers_another(name: str) -> None:
    taken = [
        (left, top)
        for panel in board(name)["panels"]
        for at in [panel["gridPos"]]
        for left in range(at["x"], at["x"] + at["w"])
        for top in range(at["y"], at["y"] + at["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(left for left, _ in taken) < 24
    assert len({panel["id"] for panel in board(name)["panels"]}) == len(board(name)["panels"])
