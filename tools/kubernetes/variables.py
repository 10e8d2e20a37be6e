"""What a container is told: its variables by name, from itself and from the ConfigMaps and Secrets of the overlay."""

from collections.abc import Iterator, Mapping

from shared.settings import Profile
from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.workloads import Workload, of_services

Told = dict[str, str | None]
HIDDEN = None
"""The value of a variable that comes from a Secret."""


def told_to(workload: Workload, container: Json, overlay: Overlay) -> Told:
    """Every variable and its value; a later one replaces an earlier one, as in Kubernetes."""
    return dict(_told(workload, container, overlay))


def profile_of(overlay: Overlay) -> Profile:
    """What the services of the overlay are told as PROFILE."""
    for workload in of_services(overlay):
        for program in workload.programs:
            if told_to(workload, program.container, overlay).get("PROFILE") == "local":
                return "local"
    return "production"


def keys(source: Json, workload: Workload, overlay: Overlay) -> Mapping[str, str | None] | None:
    """What one entry of `envFrom` brings; None where the overlay has no such source."""
    if "configMapRef" in source:
        return _data("ConfigMap", source["configMapRef"]["name"], workload, overlay)
    name = source["secretRef"]["name"]
    given = _data("Secret", name, workload, overlay)
    return given if given is not None else _external(name, workload, overlay)


def configured(name: str, workload: Workload, overlay: Overlay) -> Mapping[str, str | None]:
    """A ConfigMap of the workload's namespace; empty where there is none."""
    return _data("ConfigMap", name, workload, overlay) or {}


def _told(workload: Workload, container: Json, overlay: Overlay) -> Iterator[tuple[str, str | None]]:
    for source in container.get("envFrom", []):
        for key, value in (keys(source, workload, overlay) or {}).items():
            yield f"{source.get('prefix', '')}{key}", value
    for variable in container.get("env", []):
        asked = variable.get("valueFrom", {}).get("configMapKeyRef")
        kept = configured(asked["name"], workload, overlay).get(asked["key"]) if asked else HIDDEN
        yield variable["name"], variable.get("value", kept)


def _data(kind: str, name: str, workload: Workload, overlay: Overlay) -> Mapping[str, str | None] | None:
    for document in overlay.of(kind):
        if document["metadata"]["name"] == name and _namespace(document) == workload.namespace:
            hidden = dict.fromkeys([*document.get("data", {}), *document.get("stringData", {})], HIDDEN)
            return hidden if kind == "Secret" else document.get("data", {})
    return None


def _external(name: str, workload: Workload, overlay: Overlay) -> Mapping[str, str | None] | None:
    """The keys of a Secret that External Secrets will make."""
    for document in overlay.of("ExternalSecret"):
        target = document["spec"].get("target", {}).get("name", document["metadata"]["name"])
        if target == name and _namespace(document) == workload.namespace:
            return dict.fromkeys([each["secretKey"] for each in document["spec"].get("data", [])], HIDDEN)
    return None


def _namespace(document: Json) -> str:
    return str(document["metadata"].get("namespace", ""))
