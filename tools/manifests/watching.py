"""PrometheusRules and dashboards, as `deploy/ops` has them, in the form their operators read."""

from pathlib import Path

import yaml

from tools.manifests.objects import Json, made

API = "monitoring.coreos.com/v1"
RULES = {"app.kubernetes.io/part-of": "bachat-haat"}
DASHBOARDS = {"app.kubernetes.io/part-of": "bachat-haat", "grafana_dashboard": "1"}


def rules(folder: Path) -> list[Json]:
    """One object for each file of rules."""
    return [_rules(path) for path in sorted(folder.glob("*.yaml"))]


def dashboards(folder: Path) -> list[Json]:
    """One ConfigMap for each dashboard: together they could be larger than one may be (1 MiB)."""
    return [_dashboard(path) for path in sorted(folder.glob("*.json"))]


def _rules(path: Path) -> Json:
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    return made(API, "PrometheusRule", f"bachat-haat-{path.stem}", labels=RULES, spec={"groups": groups})


def _dashboard(path: Path) -> Json:
    data = {path.name: path.read_text(encoding="utf-8")}
    return made("v1", "ConfigMap", f"dashboard-{path.stem}", labels=DASHBOARDS, data=data)
