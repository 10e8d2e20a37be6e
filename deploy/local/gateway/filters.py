"""What a request passes through: token, rate limit, body limit. Also what is taken from it at the door."""

from typing import Any

from deploy.local.gateway.routes import BODY_LIMIT_BYTES, ISSUER, RATE_CLASSES, RateClass, Route

Json = dict[str, Any]
HTTP = "type.googleapis.com/envoy.extensions.filters.http"
JWT, LIMIT, BUFFER, ROUTER = (
    "envoy.filters.http.jwt_authn",
    "envoy.filters.http.local_ratelimit",
    "envoy.filters.http.buffer",
    "envoy.filters.http.router",
)
CLAIM_HEADERS = {"x-user-id": "sub", "x-user-role": "role", "x-user-state": "state"}
REQUIREMENT = "token"
METADATA = "market"
TOKENS_REMEMBERED = 10_000  # verified once, then compared; expiry is looked at every time
USERS_REMEMBERED = 20_000  # least recently seen buckets are dropped beyond this; each holds some 300 bytes
ALWAYS = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}


def chain(issuer: str, jwks: str, audience: str, rate: int | None) -> list[Json]:
    """The filters of an ordinary request, in order: who is not known is refused before her body is read."""
    return [*_admission(issuer, jwks, audience, rate), _body_limit(), _router()]


def upgraded_chain(issuer: str, jwks: str, audience: str, rate: int | None) -> list[Json]:
    """The same for a WebSocket, which has no body to collect."""
    return [*_admission(issuer, jwks, audience, rate), _router()]


def per_route(route: Route) -> Json:
    """Whether this row needs a token, and what it may bring; every row says so itself, none inherits it."""
    needs: Json = {"requirement_name": REQUIREMENT} if route.auth == "required" else {"disabled": True}
    token = {JWT: {"@type": f"{HTTP}.jwt_authn.v3.PerRouteConfig", **needs}}
    if route.rate.body_bytes == BODY_LIMIT_BYTES:
        return token
    room = {"max_request_bytes": route.rate.body_bytes}
    return {**token, BUFFER: {"@type": f"{HTTP}.buffer.v3.BufferPerRoute", "buffer": room}}


def metadata_of(route: Route) -> Json:
    """What the rate limit reads from the row that matched: its class."""
    return {"filter_metadata": {METADATA: {"class": route.rate.name}}}


def stripped_at_the_door() -> list[Json]:
    """Headers a client may not set, gone before anything reads them."""
    return [{"remove_on_match": {"key_matcher": {"prefix": "x-user-"}}}, {"remove": "x-request-id"}]


def _admission(issuer: str, jwks: str, audience: str, rate: int | None) -> list[Json]:
    return [_token(issuer, jwks, audience), _rate_limit(rate)]


def _token(issuer: str, jwks: str, audience: str) -> Json:
    provider = {
        "issuer": issuer,
        "audiences": [audience],
        "forward": True,  # the services verify it again
        "require_expiration": True,
        "from_headers": [{"name": "Authorization", "value_prefix": "Bearer "}],
        "claim_to_headers": [{"header_name": name, "claim_name": claim} for name, claim in CLAIM_HEADERS.items()],
        "jwt_cache_config": {"jwt_cache_size": TOKENS_REMEMBERED},
        "remote_jwks": {
            "http_uri": {"uri": jwks, "cluster": ISSUER, "timeout": "2s"},
            "cache_duration": "60s",
            "async_fetch": {},
            "retry_policy": {"num_retries": 20, "retry_back_off": {"base_interval": "0.1s", "max_interval": "1s"}},
        },
    }
    needed = {REQUIREMENT: {"provider_name": "market"}}
    return _filter(JWT, "jwt_authn.v3.JwtAuthentication", providers={"market": provider}, requirement_map=needed)


def _rate_limit(rate: int | None) -> Json:
    return _filter(
        LIMIT,
        "local_ratelimit.v3.LocalRateLimit",
        stat_prefix="rate",
        token_bucket=_bucket(1_000_000),  # for what no row limits; every row does
        always_consume_default_token_bucket=False,
        filter_enabled=ALWAYS,
        filter_enforced=ALWAYS,
        enable_x_ratelimit_headers="DRAFT_VERSION_03",
        max_dynamic_descriptors=USERS_REMEMBERED,
        response_headers_to_add=[{"header": {"key": "retry-after", "value": "1"}}],
        rate_limits=[{"actions": [_class(), _user()]}, {"actions": [_class()]}],
        descriptors=[_limit(known, rate or known.per_second) for known in RATE_CLASSES],
    )


def _class() -> Json:
    where = {"key": METADATA, "path": [{"key": "class"}]}
    return {"metadata": {"descriptor_key": "class", "metadata_key": where, "source": "ROUTE_ENTRY"}}


def _user() -> Json:
    return {"request_headers": {"header_name": "x-user-id", "descriptor_key": "user"}}


def _limit(known: RateClass, per_second: int) -> Json:
    each_user = [{"key": "user"}] if known.each == "user" else []
    return {"entries": [{"key": "class", "value": known.name}, *each_user], "token_bucket": _bucket(per_second)}


def _bucket(per_second: int) -> Json:
    return {"max_tokens": per_second, "tokens_per_fill": per_second, "fill_interval": "1s"}


def _body_limit() -> Json:
    return _filter(BUFFER, "buffer.v3.Buffer", max_request_bytes=BODY_LIMIT_BYTES)


def _router() -> Json:
    return _filter(ROUTER, "router.v3.Router", suppress_envoy_headers=True)


def _filter(name: str, kind: str, **config: object) -> Json:
    return {"name": name, "typed_config": {"@type": f"{HTTP}.{kind}", **config}}
