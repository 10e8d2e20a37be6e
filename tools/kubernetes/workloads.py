"""What runs in a rendered overlay: workloads, their pods, and which of our programs a container starts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tools.kubernetes.overlays import Json, Overlay, title

KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
LASTING = ("Deployment", "StatefulSet")
IMAGE = re.compile(r"(?:^|/)bachat-haat/([a-z0-9-]+)(?=[:@]|$)")
SERVICE = "services."
ENTRYPOINT = ["python", "-m"]
"""Of every image of ours: a container's arguments begin with the module to run."""


@dataclass(frozen=True)
class Program:
    """What a container of ours starts, `python -m module arguments…`; `image` is without registry and tag."""

    container: Json
    image: str
    module: str
    arguments: tuple[str, ...]

    @property
    def service(self) -> str | None:
        """The service whose roles it runs; None for the tools and the development parties."""
        return self.module.removeprefix(SERVICE) if self.module.startswith(SERVICE) else None


@dataclass(frozen=True)
class Workload:
    """A Deployment or its like, by what its pods are."""

    document: Json

    @property
    def title(self) -> str:
        return title(self.document)

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    @property
    def namespace(self) -> str:
        return str(self.document["metadata"].get("namespace", ""))

    @property
    def lasting(self) -> bool:
        return self.document["kind"] in LASTING

    @property
    def replicas(self) -> int:
        return int(self.document["spec"].get("replicas", 1))

    @property
    def pod(self) -> Json:
        """The pod template."""
        spec = self.document["spec"]
        template = spec["jobTemplate"]["spec"]["template"] if self.document["kind"] == "CronJob" else spec["template"]
        return cast("Json", template)

    @property
    def labels(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", self.pod.get("metadata", {}).get("labels", {}))

    @property
    def spec(self) -> Json:
        return cast("Json", self.pod["spec"])

    @property
    def containers(self) -> list[Json]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def programs(self) -> list[Program]:
        return [program for container in self.containers if (program := program_of(container))]

    @property
    def service(self) -> str | None:
        return next((program.service for program in self.programs if program.service), None)

    @property
    def roles(self) -> tuple[str, ...]:
        return next((program.arguments for program in self.programs if program.service), ())


def workloads(overlay: Overlay) -> list[Workload]:
    return [Workload(document) for document in overlay.of(*KINDS)]


def of_services(overlay: Overlay) -> list[Workload]:
    """Those that run roles of a service."""
    return [workload for workload in workloads(overlay) if workload.service]


def program_of(container: Json) -> Program | None:
    """None for images of others, and where no module is named."""
    words = [*container.get("command", ENTRYPOINT), *container.get("args", [])]
    image = IMAGE.search(container.get("image", ""))
    if not image or words[:2] != ENTRYPOINT or not words[2:]:
        return None
    return Program(container, image.group(1), words[2], tuple(words[3:]))


def selects(selector: Any, labels: Mapping[str, str]) -> bool:
    """A label selector as Kubernetes reads it; an empty one selects everything."""
    wanted = (selector or {}).get("matchLabels", {})
    return all(labels.get(name) == value for name, value in wanted.items()) and all(
        _holds(each, labels) for each in (selector or {}).get("matchExpressions", [])
    )


def concerns(document: Json, workload: Workload, selector: Json | None) -> bool:
    """Whether a document with this selector speaks of the workload's pods."""
    return document["metadata"].get("namespace", "") == workload.namespace and selects(selector, workload.labels)


def _holds(expression: Json, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values", [])
    answers = {"In": value in values, "NotIn": value not in values}
    return {**answers, "Exists": value is not None, "DoesNotExist": value is None}[expression["operator"]]


def policies_of(workload: Workload, overlay: Overlay) -> list[Json]:
    """Every NetworkPolicy that selects it."""
    return [each for each in overlay.of("NetworkPolicy") if concerns(each, workload, each["spec"].get("podSelector"))]


def ports_out(workload: Workload, overlay: Overlay) -> set[Any]:
    """Numbers and names of the ports that its policies open outwards."""
    rules = [rule for policy in policies_of(workload, overlay) for rule in policy["spec"].get("egress", [])]
    return {port["port"] for rule in rules for port in rule.get("ports", []) if "port" in port}


def strings(value: Any) -> Iterator[str]:
    """Every text anywhere in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
