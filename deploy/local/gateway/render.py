"""From the route table to a whole Envoy configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.gateway import filters, replies
from deploy.local.gateway.clusters import address_of, cluster
from deploy.local.gateway.hosts import virtual_host
from deploy.local.gateway.routes import ISSUER, ROUTES, SERVICES, Route

Json = dict[str, Any]
MANAGER = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
MUTATION = "type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"
REQUEST_ID = "type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig"
FILE_LOG = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog"
CONNECTIONS = (
    "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"
)
CONNECTIONS_AT_ONCE = 4096
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Gateway:
    """What the gateway of one run needs to know. `services` are name → host:port; `rate` replaces every class's."""

    port: int
    admin_port: int
    issuer: str
    jwks: str
    services: Mapping[str, str]
    audience: str = "bachat-haat"
    rate: int | None = None
    access_log: str = "/dev/stdout"
    host: str = LOOPBACK


def render(gateway: Gateway, routes: Sequence[Route] = ROUTES) -> Json:
    """The Envoy bootstrap for a table. Raises ValueError for a service that is missing, unknown or not host:port."""
    missing = [name for name in SERVICES if name not in gateway.services]
    unknown = [name for name in gateway.services if name not in SERVICES]
    if missing or unknown:
        raise ValueError(f"each of {', '.join(SERVICES)} needs an address; missing: {missing}, unknown: {unknown}")
    clusters = [cluster(name, address) for name, address in sorted(gateway.services.items())]
    return {
        "admin": {"address": _address(gateway.admin_port)},
        "overload_manager": {"resource_monitors": [_connection_limit()]},
        "static_resources": {
            "listeners": [_listener(gateway, routes)],
            "clusters": [*clusters, cluster(ISSUER, address_of(gateway.jwks))],
        },
    }


def _connection_limit() -> Json:
    limit = {"@type": CONNECTIONS, "max_active_downstream_connections": CONNECTIONS_AT_ONCE}
    return {"name": "envoy.resource_monitors.global_downstream_max_connections", "typed_config": limit}


def _listener(gateway: Gateway, routes: Sequence[Route]) -> Json:
    settings = {**_manager(gateway), "route_config": {"name": "routes", "virtual_hosts": [virtual_host(routes)]}}
    manager = {"name": "envoy.filters.network.http_connection_manager", "typed_config": settings}
    return {
        "name": "gateway",
        "address": _address(gateway.port, gateway.host),
        "filter_chains": [{"filters": [manager]}],
    }


def _manager(gateway: Gateway) -> Json:
    tokens = (gateway.issuer, gateway.jwks, gateway.audience, gateway.rate)
    return {
        "@type": MANAGER,
        "stat_prefix": "gateway",
        "server_name": "bachat-haat",
        "use_remote_address": True,
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "common_http_protocol_options": {"headers_with_underscores_action": "DROP_HEADER"},
        "request_headers_timeout": "10s",
        "early_header_mutation_extensions": [_at_the_door()],
        "request_id_extension": {"typed_config": {"@type": REQUEST_ID, "pack_trace_reason": False}},
        "always_set_request_id_in_response": True,
        "upgrade_configs": [{"upgrade_type": "websocket", "filters": filters.upgraded_chain(*tokens)}],
        "http_filters": filters.chain(*tokens),
        "local_reply_config": replies.local_reply_config(),
        "access_log": [_access_log(gateway.access_log)],
    }


def _at_the_door() -> Json:
    mutations = {"@type": MUTATION, "mutations": filters.stripped_at_the_door()}
    return {"name": "envoy.http.early_header_mutation.header_mutation", "typed_config": mutations}


def _access_log(path: str) -> Json:
    """A line of JSON a request: the route and not the path (it may hold a phone number), no header with a token."""
    line = {
        "time": "%START_TIME%",
        "request_id": "%STREAM_ID%",
        "method": "%REQ(:METHOD)%",
        "route": "%ROUTE_NAME%",
        "status": "%RESPONSE_CODE%",
        "why": "%RESPONSE_CODE_DETAILS%",
        "service": "%UPSTREAM_CLUSTER%",
        "user": "%REQ(X-USER-ID)%",
        "role": "%REQ(X-USER-ROLE)%",
        "duration_ms": "%DURATION%",
        "bytes_in": "%BYTES_RECEIVED%",
        "bytes_out": "%BYTES_SENT%",
    }
    written: Json = {"@type": FILE_LOG, "path": path, "log_format": {"json_format": line}}
    return {"name": "envoy.access_loggers.file", "typed_config": written}


def _address(port: int, host: str = LOOPBACK) -> Json:
    return {"socket_address": {"address": host, "port_value": port}}
