"""Envoy's routes, one for each row of the table."""

import re
from collections.abc import Sequence
from typing import Any

from deploy.local.gateway import filters
from deploy.local.gateway.routes import Route

Json = dict[str, Any]
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def virtual_host(routes: Sequence[Route]) -> Json:
    """All rows in their order (the first that matches is taken), behind the gateway's own health answer."""
    health: Json = {
        "match": {"path": "/healthz"},
        "direct_response": {"status": 200, "body": {"inline_string": '{"status":"ok"}\n'}},
        "response_headers_to_add": [{"header": {"key": "content-type", "value": "application/json"}}],
    }
    return {"name": "market", "domains": ["*"], "routes": [health, *(_route(row) for row in routes)]}


def _route(row: Route) -> Json:
    action: Json = {
        "cluster": row.service,
        "timeout": f"{row.timeout_seconds}s",
        "retry_policy": _retries(),
    }
    if row.rewrite:
        action["prefix_rewrite"] = row.rewrite
    said = {"metadata": filters.metadata_of(row), "typed_per_filter_config": filters.per_route(row)}
    return {"name": row.path, "match": _match(row), "route": action, **said}


def _match(row: Route) -> Json:
    where = _place(row)
    if row.methods:
        anyone_of = {"safe_regex": {"regex": "|".join(row.methods)}}
        where["headers"] = [{"name": ":method", "string_match": anyone_of}]
    return where


def _place(row: Route) -> Json:
    if "{" in row.path:
        return {"safe_regex": {"regex": "[^/]+".join(re.escape(part) for part in PLACEHOLDER.split(row.path))}}
    return {"path" if row.exact else "path_separated_prefix": row.path}


def _retries() -> Json:
    """Only what never reached the service is sent again: some 3 s, the time a killed process takes to come back."""
    return {
        "retry_on": "connect-failure",
        "num_retries": 6,
        "retry_back_off": {"base_interval": "0.1s", "max_interval": "1s"},
    }
