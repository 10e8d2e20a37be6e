"""`make dashboards`: write deploy/ops/dashboards anew."""

import json
import sys
from pathlib import Path
from typing import Final

from prometheus_client.metrics import MetricWrapperBase

from tools.dashboards.panels import SOURCE, Json, panel
from tools.dashboards.rows import ROWS, SERVICES

FOLDER: Final = Path(__file__).resolve().parents[2] / "deploy" / "ops" / "dashboards"
WIDTH, HEIGHT, COLUMNS = 8, 8, 3
FIRING: Final = 'count by (severity, alertname, service) (ALERTS{alertstate="firing"%s})'


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in written().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"deploy/ops/dashboards/{name}\n")
    return 0


def written() -> dict[str, str]:
    """Every dashboard by the name of its file."""
    shown: dict[str, str | None] = {"whole": None, **{service: service for service in SERVICES}}
    boards = {f"{name}.json": dashboard(name, service) for name, service in shown.items()}
    return {name: json.dumps(board, ensure_ascii=False, indent=1) + "\n" for name, board in boards.items()}


def dashboard(name: str, service: str | None) -> Json:
    source = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
    return {
        "uid": f"bachat-haat-{name}",
        "title": f"Bachat Haat: {name}",
        "tags": ["bachat-haat"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [source]},
        "links": [{"type": "dashboards", "tags": ["bachat-haat"], "title": "others", "asDropdown": True}],
        "panels": [{**one, "id": number} for number, one in enumerate(panels(service), start=1)],
    }


def panels(service: str | None) -> list[Json]:
    """Firing alerts, then each row that this service has, as many panels beside each other as fit."""
    found, top = [{**firing(service), "gridPos": place(0, 0, WIDTH * COLUMNS)}], HEIGHT
    for row in ROWS:
        if service in (None, *row.services):
            found.append({"type": "row", "title": row.title, "collapsed": False, "gridPos": _line(top)})
            found += laid_out(row.metrics, service, top + 1)
            top += 1 + HEIGHT * -(-len(row.metrics) // COLUMNS)
    return found


def laid_out(metrics: tuple[MetricWrapperBase, ...], service: str | None, top: int) -> list[Json]:
    return [
        {**panel(metric, service), "gridPos": place(number % COLUMNS * WIDTH, top + number // COLUMNS * HEIGHT)}
        for number, metric in enumerate(metrics)
    ]


def place(left: int, top: int, width: int = WIDTH) -> Json:
    return {"x": left, "y": top, "w": width, "h": HEIGHT}


def _line(top: int) -> Json:
    return {"x": 0, "y": top, "w": WIDTH * COLUMNS, "h": 1}


def firing(service: str | None) -> Json:
    """What fires now; what to do about it stands in docs/operations.md."""
    only = f', service="{service}"' if service else ""
    asked = {"refId": "A", "datasource": SOURCE, "expr": FIRING % only, "format": "table", "instant": True}
    return {
        "type": "table",
        "title": "Firing alerts",
        "description": "What each one means and what to type stands in docs/operations.md.",
        "datasource": SOURCE,
        "targets": [asked],
    }


if __name__ == "__main__":
    raise SystemExit(main())
