"""HTTPRoutes from the gateway's table: one for each service, kind of entry and rate: policies choose them by these."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from deploy.local.gateway.hosts import PLACEHOLDER
from deploy.local.gateway.routes import ISSUER, Route
from tools.manifests.objects import Json, made

API = "gateway.networking.k8s.io/v1"
AUTH = "bachat-haat.in/auth"
RATE = "bachat-haat.in/rate"
MOST_RULES = 16  # of one HTTPRoute, says Gateway API


def routes(table: Sequence[Route]) -> list[Json]:
    """Every row but the issuer's page, which only a development cluster has. Raises ValueError for too many in one."""
    rows = sorted((row for row in table if row.service != ISSUER), key=_name)
    return [_route(name, list(same)) for name, same in groupby(rows, key=_name)]


def page_of_the_issuer(table: Sequence[Route]) -> list[Json]:
    """What the development issuer shows at the gateway."""
    rows = [row for row in table if row.service == ISSUER]
    return [_route(_name(row), [row]) for row in rows]


def _name(row: Route) -> str:
    return f"{row.service}-{row.rate.name}" + ("" if row.auth == "required" else f"-{row.auth}")


def _route(name: str, rows: Sequence[Route]) -> Json:
    if len(rows) > MOST_RULES:
        raise ValueError(f"{name} has {len(rows)} rules, an HTTPRoute takes {MOST_RULES}")
    labels = {AUTH: rows[0].auth, RATE: rows[0].rate.name}
    spec = {"parentRefs": [{"name": "market"}], "rules": [_rule(row) for row in rows]}
    return made(API, "HTTPRoute", name, labels=labels, spec=spec)


def _rule(row: Route) -> Json:
    rule: Json = {"matches": list(_matches(row))}
    if row.rewrite:
        to = {"type": "ReplaceFullPath", "replaceFullPath": row.rewrite}
        rule["filters"] = [{"type": "URLRewrite", "urlRewrite": {"path": to}}]
    return rule | {
        "backendRefs": [{"name": row.service, "port": 80}],
        "timeouts": {"request": f"{row.timeout_seconds}s"},
    }


def _matches(row: Route) -> Iterable[Json]:
    path = {"type": _type(row), "value": _value(row)}
    return ({"path": path} | ({"method": method} if method else {}) for method in row.methods or (None,))


def _type(row: Route) -> str:
    if "{" in row.path:
        return "RegularExpression"
    return "Exact" if row.exact else "PathPrefix"


def _value(row: Route) -> str:
    if "{" not in row.path:
        return row.path
    return "[^/]+".join(re.escape(part) for part in PLACEHOLDER.split(row.path))
