"""Who answers behind the gateway, and how connections to them are held."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
TYPE = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

LAST_PORT = 65535


def cluster(name: str, address: str) -> Json:
    """A cluster of one address, `host:port`. Raises ValueError where that is not what is given."""
    host, port = _split(address)
    endpoint = {"endpoint": {"address": {"socket_address": {"address": host, "port_value": port}}}}
    return {
        "name": name,
        "type": "STATIC" if _is_ip(host) else "STRICT_DNS",
        "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": _http()},
    }


def address_of(url: str) -> str:
    """`host:port` of an http URL. Raises ValueError for any other: the local run speaks plain HTTP on 127.0.0.1."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"{url!r} is not an http:// URL")
    return f"{parts.hostname}:{parts.port or 80}"


def _http() -> Json:
    """An idle connection is dropped before uvicorn drops it (5 s), else a request meets a closing one and gets 503."""
    return {
        "@type": TYPE,
        "common_http_protocol_options": {"idle_timeout": "3s"},
        "explicit_http_config": {"http_protocol_options": {}},
    }


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) <= LAST_PORT:
        raise ValueError(f"{address!r} is not HOST:PORT")
    return host, int(port)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
