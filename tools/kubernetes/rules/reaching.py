"""Whom a process has to reach, its own network policies let it reach: told a server, it may also speak to it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.variables import told_to
from tools.kubernetes.workloads import Program, Workload, concerns, of_services, ports_out, workloads

MONGODB = 27017
DEFAULT = {"http": 80, "https": 443}
ASKED: dict[str, tuple[str, ...]] = {
    "KAFKA_BOOTSTRAP_SERVERS": ("relay", "consume", "stream"),
    "JWKS_URL": ("api",),
    "SMS_PROVIDER_URL": ("consume",),
}
"""The roles that speak to the server a setting names; MongoDB, whose address is a secret, is asked by all."""


def processes_reach_what_they_are_told(overlay: Overlay) -> Iterator[str]:
    for workload in of_services(overlay):
        allowed = ports_out(workload, overlay)
        if MONGODB not in allowed:
            yield f"{workload.title}: no NetworkPolicy lets it reach MongoDB ({MONGODB})"
        for program in workload.programs:
            for name, ports in _needed(workload, program, overlay):
                if not ports & allowed:
                    yield f"{workload.title}: no NetworkPolicy lets it reach {name} ({_told(ports)})"


def _needed(workload: Workload, program: Program, overlay: Overlay) -> Iterator[tuple[str, set[Any]]]:
    """Each setting that names a server, and the ports of which one has to be open; what cannot be read is left out."""
    told = told_to(workload, program.container, overlay)
    for name, roles in ASKED.items():
        if (value := told.get(name)) and set(roles) & set(program.arguments):
            for host, port in _servers(value):
                yield name, _behind(host, port, workload, overlay) or {port}


def _servers(value: str) -> Iterator[tuple[str, int]]:
    if "//" in value:
        url = urlsplit(value)
        yield str(url.hostname), url.port or DEFAULT.get(url.scheme, 443)
        return
    for server in value.split(","):
        host, _, port = server.rpartition(":")
        yield host, int(port)


def _behind(host: str, port: int, workload: Workload, overlay: Overlay) -> set[Any]:
    """The pods' ports behind a Service of the overlay, by number and name: policies speak of those."""
    name, _, rest = host.partition(".")
    namespace = rest.partition(".")[0] or workload.namespace
    found: set[Any] = set()
    for service in overlay.of("Service"):
        if service["metadata"]["name"] == name and service["metadata"].get("namespace", "") == namespace:
            targets = {each.get("targetPort", port) for each in service["spec"]["ports"] if each["port"] == port}
            found |= targets | _opened(service, targets, overlay)
    return found


def _opened(service: Json, targets: set[Any], overlay: Overlay) -> set[Any]:
    """The same ports as the containers that the Service selects have them."""
    selector = {"matchLabels": service["spec"].get("selector", {})}
    pods = [each for each in workloads(overlay) if concerns(service, each, selector)]
    ports = [port for pod in pods for container in pod.containers for port in container.get("ports", [])]
    meant = [port for port in ports if targets & {port.get("name"), port["containerPort"]}]
    return {port["containerPort"] for port in meant} | {port["name"] for port in meant if "name" in port}


def _told(ports: set[Any]) -> str:
    return " or ".join(sorted(map(str, ports)))
