"""Which file is made from what."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from deploy.local.gateway.routes import RATE_CLASSES, ROUTES
from tools.manifests import databases, policies, routes, scaling, topics, watching
from tools.manifests.objects import Json, written

ROOT: Final = Path(__file__).resolve().parents[2]
MANIFESTS: Final = ROOT / "deploy" / "k8s"
OPS: Final = ROOT / "deploy" / "ops"
TABLE: Final = "deploy/local/gateway/routes.py"
CONTRACTS: Final = "shared/contracts and services/*/wiring.py"

FILES: Final[Mapping[str, tuple[str, Callable[[], list[Json]]]]] = {
    "base/platform/routes.yaml": (TABLE, lambda: routes.routes(ROUTES)),
    "base/platform/policies.yaml": (TABLE, lambda: policies.policies(RATE_CLASSES)),
    "components/development/routes.yaml": (TABLE, lambda: routes.page_of_the_issuer(ROUTES)),
    "components/kafka-strimzi/topics.yaml": ("shared/contracts", topics.topics),
    "components/kafka-strimzi/users.yaml": (CONTRACTS, topics.users),
    "components/mongo-percona/databases.yaml": ("services/*/wiring.py", databases.databases),
    "components/autoscaling-keda/scaledobjects.yaml": ("services/*/wiring.py", scaling.scaled_objects),
    "components/observability/rules.yaml": ("deploy/ops/rules", lambda: watching.rules(OPS / "rules")),
    "components/observability/dashboards.yaml": (
        "deploy/ops/dashboards",
        lambda: watching.dashboards(OPS / "dashboards"),
    ),
}


def texts() -> dict[Path, str]:
    """Every made file and what must stand in it."""
    return {MANIFESTS / name: written(source, make()) for name, (source, make) in FILES.items()}


def stale() -> list[Path]:
    """Made files that say something else than the code does now."""
    return [path for path, text in texts().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
