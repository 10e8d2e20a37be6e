"""One metric as one panel: its title, unit and words are those of the registry."""

from typing import Any, Final

from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

Json = dict[str, Any]

PREFIX: Final = "bachat_"
SOURCE: Final = {"type": "prometheus", "uid": "${source}"}
HIDDEN: Final = {"partition", "method"}  # lines nobody could tell apart
QUANTILES: Final = (0.5, 0.95, 0.99)
LEAST: Final = ("_ready", "_ok")
MOST: Final = ("_seconds", "_height", "_head")


def panel(metric: MetricWrapperBase, service: str | None) -> Json:
    """A time series. `service`: only its processes; None: a line for each service."""
    family = next(iter(metric.describe()))
    return {
        "type": "timeseries",
        "title": title(family.name),
        "description": family.documentation,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": unit(metric, family.name), "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": expr, "legendFormat": legend}
            for number, (expr, legend) in enumerate(queries(metric, family.name, service))
        ],
    }


def title(name: str) -> str:
    """`bachat_outbox_oldest_seconds` → Outbox oldest: the unit stands at the axis."""
    words = name.removeprefix(PREFIX).removesuffix("_seconds").removesuffix("_timestamp")
    return words.replace("_", " ").capitalize()


def unit(metric: MetricWrapperBase, name: str) -> str:
    if name.endswith("_seconds"):
        return "s"
    return "ops" if isinstance(metric, Counter) else "short"


def queries(metric: MetricWrapperBase, name: str, service: str | None) -> list[tuple[str, str]]:
    """Expressions with their legends."""
    chosen = f'{{service="{service}"}}' if service else ""
    labels = [*([] if service else ["service"]), *(label for label in metric._labelnames if label not in HIDDEN)]  # noqa: SLF001 - told nowhere else
    legend = " ".join(f"{{{{{label}}}}}" for label in labels)
    if isinstance(metric, Histogram):
        return [_quantile(name, chosen, labels, legend, quantile) for quantile in QUANTILES]
    if isinstance(metric, Counter):
        return [(f"sum{_by(labels)} (rate({name}_total{chosen}[$__rate_interval]))", legend)]
    if name.endswith("_timestamp_seconds"):
        return [(f"time() - max{_by(labels)} ({name}{chosen})", legend)]
    return [(f"{_summary(name)}{_by(labels)} ({name}{chosen})", legend)]


def _quantile(name: str, chosen: str, labels: list[str], legend: str, quantile: float) -> tuple[str, str]:
    rates = f"sum{_by([*labels, 'le'])} (rate({name}_bucket{chosen}[$__rate_interval]))"
    return f"histogram_quantile({quantile}, {rates})", f"{quantile:.0%} {legend}".strip()


def _summary(name: str) -> str:
    """What one number for several processes is: the worst of them, or all together."""
    if name.endswith(LEAST):
        return "min"
    return "max" if name.endswith(MOST) else "sum"


def _by(labels: list[str]) -> str:
    return f" by ({', '.join(labels)})" if labels else ""
