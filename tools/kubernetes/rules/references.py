"""What a document names is there: volumes of mounts, ports of probes, the pods that a monitor is to scrape."""

from collections.abc import Iterator

from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.workloads import Workload, of_services, selects, workloads

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def mounts_have_volumes(overlay: Overlay) -> Iterator[str]:
    """And a volume made of a ConfigMap has one; Secrets may come from an operator."""
    for workload in workloads(overlay):
        volumes = {each["name"]: each for each in workload.spec.get("volumes", [])}
        claimed = {each["metadata"]["name"] for each in workload.document["spec"].get("volumeClaimTemplates", [])}
        mounted = {mount["name"] for container in workload.containers for mount in container.get("volumeMounts", [])}
        yield from (f"{workload.title}: no volume {name} is there" for name in sorted(mounted - {*volumes, *claimed}))
        for volume in volumes.values():
            name = volume.get("configMap", {}).get("name")
            if name and not _is_there("ConfigMap", name, workload, overlay):
                yield f"{workload.title}: its volume {volume['name']} asks for ConfigMap/{name}, which is not there"


def probes_ask_open_ports(overlay: Overlay) -> Iterator[str]:
    for workload in workloads(overlay):
        for container in workload.containers:
            opened = {port.get("name") for port in container.get("ports", [])}
            asked = {container.get(name, {}).get("httpGet", {}).get("port") for name in PROBES} - {None}
            for port in sorted(str(each) for each in asked if isinstance(each, str) and each not in opened):
                yield f"{workload.title}: a probe asks port {port}, which {container['name']} does not open"


def monitors_scrape_every_process(overlay: Overlay) -> Iterator[str]:
    """Where an overlay has monitors or alerts, no process of a service goes unwatched."""
    monitors = overlay.of("PodMonitor")
    for workload in of_services(overlay) if monitors or overlay.of("PrometheusRule") else []:
        if not any(_scrapes(monitor, workload) for monitor in monitors):
            yield f"{workload.title}: no PodMonitor scrapes it"


def _scrapes(monitor: Json, workload: Workload) -> bool:
    spec = monitor["spec"]
    opened = {port.get("name") for container in workload.containers for port in container.get("ports", [])}
    namespaces = spec.get("namespaceSelector", {})
    seen = namespaces.get("matchNames", [monitor["metadata"].get("namespace", "")])
    return (
        selects(spec["selector"], workload.labels)
        and (namespaces.get("any", False) or workload.namespace in seen)
        and all(endpoint.get("port") in opened for endpoint in spec["podMetricsEndpoints"])
    )


def _is_there(kind: str, name: str, workload: Workload, overlay: Overlay) -> bool:
    found = [each["metadata"] for each in overlay.of(kind)]
    return any(each["name"] == name and each.get("namespace", "") == workload.namespace for each in found)
