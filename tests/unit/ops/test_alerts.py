"""Alerts, their tests, the metrics they read and what a person on call finds about them belong together."""

import re
from collections import Counter
from typing import Any

import pytest

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared.service import Watch
from tests.unit.ops.rules import OF_EVERY_TARGET, OF_PROMETHEUS, ROOT, alerts, asked_by, expectations, registry

ALERTS = alerts()
NAMES = [alert["alert"] for alert in ALERTS]
GUIDE = (ROOT / "docs/operations.md").read_text("utf-8")
SERVICES = (CATALOG, ORDERS, STALLS, NOTIFY)


def each() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("alert", ALERTS, ids=NAMES)


def test_no_two_alerts_have_one_name() -> None:
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []


@each()
def test_an_alert_says_what_is_wrong_how_bad_it_is_and_where_to_read_on(alert: dict[str, Any]) -> None:
    told = alert["annotations"]
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert told["summary"]
    assert told["description"].endswith(".")
    assert told["runbook_url"] == f"docs/operations.md#{alert['alert'].lower()}"


@each()
def test_an_alert_is_tested_to_fire_and_to_stay_quiet(alert: dict[str, Any]) -> None:
    asked = [one for one in expectations() if one["alertname"] == alert["alert"]]
    assert {bool(one["exp_alerts"]) for one in asked} == {True, False}


def test_no_test_asks_about_an_alert_that_does_not_exist() -> None:
    assert {one["alertname"] for one in expectations()} <= set(NAMES)


@each()
def test_an_alert_reads_only_what_our_processes_answer(alert: dict[str, Any]) -> None:
    asked, known = asked_by(alert["expr"]), registry() | OF_PROMETHEUS
    assert asked.series
    assert set(asked.series) <= set(known)
    for series, labels in asked.series.items():
        assert labels <= known[series] | OF_EVERY_TARGET, series
    assert asked.groups <= OF_EVERY_TARGET.union(*(known[series] for series in asked.series))


def test_a_name_or_label_that_nobody_answers_is_found() -> None:
    asked = asked_by('sum by (service, colour) (rate(bachat_gone_total{topic="x", size="3"}[5m])) > on (service) up')
    assert asked.series == {"bachat_gone_total": {"topic", "size"}, "up": set()}
    assert asked.groups == {"service", "colour"}


def test_every_alert_has_its_section_in_the_guide_and_every_section_its_alert() -> None:
    """Sections of alerts are the third-level headings of one word."""
    sections = re.findall(r"^### ([A-Z][A-Za-z]+)$", GUIDE, re.MULTILINE)
    assert sorted(sections) == sorted(NAMES)


@each()
def test_a_section_says_what_it_means_how_bad_it_is_where_to_look_what_to_type_and_when_it_is_over(
    alert: dict[str, Any],
) -> None:
    section = GUIDE.split(f"\n### {alert['alert']}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    said = re.findall(r"^\*\*([A-Za-z ]+)\.\*\*", section, re.MULTILINE)
    assert said == ["What it means", "How bad", "Look at", "Do", "Over when"]
    assert "`" in section


@pytest.mark.parametrize(
    "watch", [watch for service in SERVICES for watch in service.watches], ids=lambda watch: str(watch.name)
)
def test_every_watch_of_a_service_has_an_alert(watch: Watch) -> None:
    assert [alert["alert"] for alert in ALERTS if f'{{watch="{watch.name}"}}' in alert["expr"]] != []
