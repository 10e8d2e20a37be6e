"""The cluster's gateway sends every request where the laptop's does."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
import yaml

from deploy.local.gateway.replies import REPLIES
from deploy.local.gateway.routes import RATE_CLASSES, ROUTES, Route
from tools.manifests.files import MANIFESTS
from tools.manifests.routes import AUTH, RATE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
FILES = ("base/platform/routes.yaml", "components/development/routes.yaml")
AN_ID = "0199a000-0000-7000-8000-000000000001"


class Way(NamedTuple):
    """Where a request goes, who may go there, how often, how long it is waited for, and what path is asked there."""

    service: str
    auth: str
    rate: str
    seconds: float
    path: str


class Rule(NamedTuple):
    match: dict[str, Any]
    way: Way


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(_rules())


def _rules() -> Iterator[Rule]:
    for name in FILES:
        for route in yaml.safe_load_all((MANIFESTS / name).read_text(encoding="utf-8")):
            labels = route["metadata"]["labels"]
            for rule in route["spec"]["rules"]:
                (backend,) = rule["backendRefs"]
                seconds = float(rule["timeouts"]["request"].removesuffix("s"))
                way = Way(backend["name"], labels[AUTH], labels[RATE], seconds, _rewritten(rule))
                yield from (Rule(match, way) for match in rule["matches"])


def _rewritten(rule: dict[str, Any]) -> str:
    return next((str(each["urlRewrite"]["path"]["replaceFullPath"]) for each in rule.get("filters", [])), "")


def takes(match: dict[str, Any], method: str, path: str) -> bool:
    where = match["path"]
    value = where["value"]
    fits: bool = {
        "Exact": path == value,
        "PathPrefix": path == value or path.startswith(f"{value}/"),
        "RegularExpression": re.fullmatch(value, path) is not None,
    }[where["type"]]
    return fits and bool(match.get("method", method) == method)


def rank(rule: Rule) -> tuple[int, int, bool]:
    """Envoy Gateway's order: exact, expression, prefix; of each the longer first, one with a method before others."""
    where = rule.match["path"]
    kind = ("PathPrefix", "RegularExpression", "Exact").index(where["type"])
    return kind, len(where["value"]), "method" in rule.match


def on_the_cluster(method: str, path: str) -> Way | None:
    found = [rule for rule in rules() if takes(rule.match, method, path)]
    if not found:
        return None
    way = max(found, key=rank).way
    return way._replace(path=way.path or path)


def on_the_laptop(method: str, path: str) -> Way | None:
    row = next((row for row in ROUTES if _row_takes(row, method, path)), None)
    return Way(row.service, row.auth, row.rate.name, row.timeout_seconds, row.rewrite or path) if row else None


def _row_takes(row: Route, method: str, path: str) -> bool:
    if row.methods and method not in row.methods:
        return False
    if "{" in row.path:
        return re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/]+", row.path), path) is not None
    return path == row.path or (not row.exact and path.startswith(f"{row.path}/"))


PATHS = sorted(
    {path for row in ROUTES for path in (row.path.replace("{id}", AN_ID), f"{row.path.replace('{id}', AN_ID)}/खाली")}
    | {"/", "/v1", "/v1/unknown", "/v1/ordersx", "/healthz", "/openapi/catalog.json/x", f"/v1/calls/{AN_ID}/draw"}
)


@pytest.mark.parametrize("path", PATHS)
def test_every_request_goes_the_same_way_on_both_gateways(path: str) -> None:
    for method in METHODS:
        assert on_the_cluster(method, path) == on_the_laptop(method, path), f"{method} {path}"


def test_each_rate_of_the_table_has_one_policy_with_its_number() -> None:
    policies = list(yaml.safe_load_all((MANIFESTS / "base/platform/policies.yaml").read_text(encoding="utf-8")))
    traffic = {each["metadata"]["name"]: each["spec"] for each in policies if each["kind"] == "BackendTrafficPolicy"}

    assert traffic.keys() == {rate.name for rate in RATE_CLASSES}
    for rate in RATE_CLASSES:
        (rule,) = traffic[rate.name]["rateLimit"]["local"]["rules"]
        assert rule["limit"] == {"requests": rate.per_second, "unit": "Second"}
        assert ("clientSelectors" in rule) == (rate.each == "user")


def test_only_what_never_reached_a_service_is_sent_again() -> None:
    policies = yaml.safe_load_all((MANIFESTS / "base/platform/policies.yaml").read_text(encoding="utf-8"))
    tried = [each["spec"]["retry"]["retryOn"] for each in policies if each["kind"] == "BackendTrafficPolicy"]

    assert tried == [{"triggers": ["connect-failure"]}] * len(RATE_CLASSES)


def test_a_token_is_asked_for_exactly_where_the_table_asks_for_one() -> None:
    policies = yaml.safe_load_all((MANIFESTS / "base/platform/policies.yaml").read_text(encoding="utf-8"))
    (token,) = (each for each in policies if each["kind"] == "SecurityPolicy")

    assert [each["matchLabels"] for each in token["spec"]["targetSelectors"]] == [{AUTH: "required"}]
    assert {each["header"] for each in token["spec"]["jwt"]["providers"][0]["claimToHeaders"]} == {
        "x-user-id",
        "x-user-role",
        "x-user-state",
    }


def test_what_the_gateway_refuses_itself_has_the_code_of_the_laptops() -> None:
    policies = yaml.safe_load_all((MANIFESTS / "base/platform/policies.yaml").read_text(encoding="utf-8"))
    for policy in (each["spec"] for each in policies if each["kind"] == "BackendTrafficPolicy"):
        said = [json.loads(each["response"]["body"]["inline"]) for each in policy["responseOverride"]]
        assert {each["status"]: each["code"] for each in said} == {reply.status: reply.code for reply in REPLIES}
        assert {each["source"] for each in policy["responseOverride"]} == {"Local"}
