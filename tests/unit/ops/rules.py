"""The alert rules and their tests as data, and what an expression asks of Prometheus."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

from shared import metrics

ROOT = Path(__file__).parents[3]
OF_EVERY_TARGET = {"service", "instance", "job"}
OF_PROMETHEUS = {
    "up": set[str](),
    "process_start_time_seconds": set[str](),
    "kube_job_status_failed": {"job_name"},
}
"""What Prometheus, a client library and kube-state-metrics answer by themselves."""
WORDS = {
    *("and", "or", "unless", "by", "on", "sum", "max", "rate", "increase", "changes", "absent", "time"),
    *("histogram_quantile", "max_over_time", "label_replace"),
}
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True)
class Asked:
    """Series an expression reads with the labels it selects them by, and labels it groups by."""

    series: dict[str, set[str]]
    groups: set[str]


@cache
def registry() -> dict[str, set[str]]:
    """Every series our processes answer, with its labels."""
    found: dict[str, set[str]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            name, labels = next(iter(metric.describe())).name, set(metric._labelnames)
            found |= {f"{name}{suffix}": labels | more for suffix, more in suffixes(metric)}
    return found


def suffixes(metric: MetricWrapperBase) -> list[tuple[str, set[str]]]:
    if isinstance(metric, Histogram):
        return [("_bucket", {"le"}), ("_sum", set()), ("_count", set())]
    return [("_total" if isinstance(metric, Counter) else "", set())]


def alerts() -> list[dict[str, Any]]:
    return [rule for path in sorted((ROOT / "deploy/ops/rules").glob("*.yaml")) for rule in rules_of(path)]


def rules_of(path: Path) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(path.read_text("utf-8"))["groups"] for rule in group["rules"]]


@cache
def expectations() -> list[dict[str, Any]]:
    """Every alert_rule_test of every test file."""
    files = sorted((ROOT / "deploy/ops/tests").glob("*.yaml"))
    tests = [test for path in files for test in yaml.safe_load(path.read_text("utf-8"))["tests"]]
    return [asked for test in tests for asked in test["alert_rule_test"]]


def asked_by(expression: str) -> Asked:
    """What stands between brackets and quotes is no name of a series."""
    grouped = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")
    groups = {label for found in grouped.findall(expression) for label in NAME.findall(found)}
    rest = re.sub(r"\[[^\]]*\]|\boffset \w+", "", grouped.sub("", expression))
    series: dict[str, set[str]] = {}
    for name, selector in re.findall(rf"({NAME.pattern})\s*(\{{[^}}]*\}})?", re.sub(r'"[^"]*"', '""', rest)):
        if name not in WORDS:
            series.setdefault(name, set()).update(NAME.findall(selector))
    return Asked(series, groups)
