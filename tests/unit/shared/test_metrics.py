"""Names of metrics are a contract with dashboards and alerts."""

import re
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

DEFINED = {name: metric for name, metric in vars(metrics).items() if isinstance(metric, MetricWrapperBase)}
SOURCES = [*Path("shared").rglob("*.py"), *Path("services").rglob("*.py")]


def described(metric: MetricWrapperBase) -> tuple[str, str]:
    family = next(iter(metric.describe()))
    return family.name, family.documentation


def test_every_metric_is_ours_by_name_and_says_what_it_measures() -> None:
    for metric in DEFINED.values():
        name, words = described(metric)
        assert re.fullmatch(r"bachat_[a-z_]+", name)
        assert words.endswith(".")


def test_no_metric_is_made_outside_the_one_file() -> None:
    makes = re.compile(rf"\b({'|'.join(kind.__name__ for kind in (Counter, Gauge, Histogram))})\(\s*[\"']")
    assert [path for path in SOURCES if makes.search(path.read_text()) and path != Path("shared/metrics.py")] == []


def test_every_metric_that_is_used_exists() -> None:
    used = {name for path in SOURCES for name in re.findall(r"\bmetrics\.([A-Z_]+)", path.read_text())}
    assert used <= set(DEFINED)


def test_no_label_can_hold_an_id() -> None:
    allowed = {
        "route",
        "method",
        "status",
        "topic",
        "partition",
        "outcome",
        "kind",
        "provider",
        "channel",
        "state",
        "reason",
        "part",
        "watch",
        "step",
    }
    assert {label for metric in DEFINED.values() for label in metric._labelnames} <= allowed
