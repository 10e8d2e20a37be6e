"""What the gateway does with the rows of its table: whom it lets in, how often, what it repeats, how it refuses."""

import json
from collections.abc import Sequence

from deploy.local.gateway.filters import CLAIM_HEADERS
from deploy.local.gateway.replies import MEDIA_TYPE, REPLIES, Reply
from deploy.local.gateway.routes import RateClass
from tools.manifests.objects import Json, made
from tools.manifests.routes import AUTH, RATE

API = "gateway.envoyproxy.io/v1alpha1"
SET_BY_THE_OVERLAY = "https://issuer.invalid"
USER = "x-user-id"


def policies(classes: Sequence[RateClass]) -> list[Json]:
    """One for tokens and one for each rate; each chooses its routes by label."""
    return [_token(), *(_traffic(rate) for rate in classes)]


def _token() -> Json:
    provider = {
        "name": "market",
        "issuer": SET_BY_THE_OVERLAY,
        "audiences": ["bachat-haat"],
        "remoteJWKS": {"uri": f"{SET_BY_THE_OVERLAY}/jwks.json", "cacheDuration": "60s"},
        "claimToHeaders": [{"claim": claim, "header": header} for header, claim in CLAIM_HEADERS.items()],
    }
    spec = {"targetSelectors": [_chosen(AUTH, "required")], "jwt": {"providers": [provider]}}
    return made(API, "SecurityPolicy", "token", spec=spec)


def _traffic(rate: RateClass) -> Json:
    spec = {
        "targetSelectors": [_chosen(RATE, rate.name)],
        "rateLimit": {"type": "Local", "local": {"rules": [_limit(rate)]}},
        "requestBuffer": {"limit": rate.body_bytes},
        "retry": {
            "numRetries": 6,
            "retryOn": {"triggers": ["connect-failure"]},
            "perRetry": {"backOff": {"baseInterval": "100ms", "maxInterval": "1s"}},
        },
        "responseOverride": [_refusal(reply) for reply in REPLIES],
        "timeout": {"tcp": {"connectTimeout": "1s"}, "http": {"connectionIdleTimeout": "60s"}},
    }
    return made(API, "BackendTrafficPolicy", rate.name, spec=spec)


def _limit(rate: RateClass) -> Json:
    each = {"clientSelectors": [{"headers": [{"name": USER, "type": "Distinct"}]}]} if rate.each == "user" else {}
    limit = {"requests": rate.per_second, "unit": "Second"}
    return {**each, "limit": limit, "xRateLimitHeaders": "DraftVersion03"}


def _refusal(reply: Reply) -> Json:
    """The gateway's own answer, in English: it knows no Accept-Language here. What a service says stays as it is."""
    said = {"type": "about:blank", "title": reply.title, "status": reply.status, "code": reply.code, "detail": reply.en}
    body = {"type": "Inline", "inline": json.dumps(said)}
    match = {"statusCodes": [{"type": "Value", "value": reply.status}]}
    return {"match": match, "source": "Local", "response": {"contentType": MEDIA_TYPE, "body": body}}


def _chosen(label: str, value: str) -> Json:
    return {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "matchLabels": {label: value}}
