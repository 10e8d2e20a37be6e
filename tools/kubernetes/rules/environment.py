"""What containers are told: each variable is a setting of its program, and every setting it must have is there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.registry import settings_of
from tools.kubernetes.variables import configured, keys, told_to
from tools.kubernetes.workloads import Program, Workload, workloads

Fields = Mapping[str, FieldInfo]
NEVER = ("ALLOW_UNSAFE", "FAULT_POINTS", "CLOCK_OFFSET_SECONDS")
"""Settings of tests; on a cluster they would take the safety away."""


def variables_are_settings(overlay: Overlay) -> Iterator[str]:
    """In both directions: no variable that nobody reads, no required setting that nobody gives."""
    for workload, program, fields in _programs(overlay):
        told = told_to(workload, program.container, overlay)
        for name in sorted(told.keys() - {field.upper() for field in fields}):
            yield f"{workload.title}: {name} is no setting of {program.module}"
        needed = {name.upper() for name, field in fields.items() if field.is_required()}
        for name in sorted(needed - told.keys()):
            yield f"{workload.title}: the setting {name} of {program.module} is missing"


def values_are_taken(overlay: Overlay) -> Iterator[str]:
    """A value that can be read here passes the setting's own validation."""
    for workload, program, fields in _programs(overlay):
        told = told_to(workload, program.container, overlay)
        for name, field in fields.items():
            if (value := told.get(name.upper())) and (why := _refused(field, value, program.container)):
                yield f"{workload.title}: {name.upper()}={value!r}: {why}"


def services_are_heard(overlay: Overlay) -> Iterator[str]:
    """On every address of the pod, at a port that its container opens."""
    for workload, program, _ in _programs(overlay):
        told = told_to(workload, program.container, overlay)
        opened = {str(port["containerPort"]) for port in program.container.get("ports", [])}
        if program.service and told.get("HTTP_HOST") != "0.0.0.0":  # noqa: S104  a pod is reached from outside itself
            yield f"{workload.title}: HTTP_HOST has to be 0.0.0.0"
        if program.service and told.get("HTTP_PORT", "8000") not in opened:
            yield f"{workload.title}: HTTP_PORT is not a containerPort"


def nothing_unsafe_is_told(overlay: Overlay) -> Iterator[str]:
    for workload, program, _ in _programs(overlay):
        for name in NEVER:
            if name in told_to(workload, program.container, overlay):
                yield f"{workload.title}: {name} is for tests alone"


def sources_of_variables_are_there(overlay: Overlay) -> Iterator[str]:
    """A ConfigMap, and a Secret taken whole, has to be in the overlay: else nobody can say what it tells."""
    for workload, program, _ in _programs(overlay):
        for source in program.container.get("envFrom", []):
            if keys(source, workload, overlay) is None and not _optional(source):
                yield f"{workload.title}: takes all of {_reference(source)}, which the overlay does not bring"
        for variable in program.container.get("env", []):
            asked = variable.get("valueFrom", {}).get("configMapKeyRef")
            if asked and asked["key"] not in configured(asked["name"], workload, overlay):
                yield f"{workload.title}: {variable['name']}: no {asked['name']}/{asked['key']} is there"


def _refused(field: Any, value: str, container: Json) -> str:
    """Why a setting does not take a value; empty when it does. A file has to lie in what the container mounts."""
    try:
        TypeAdapter(Annotated[field.annotation, "as the settings declare it", *field.metadata]).validate_python(value)
    except ValidationError as error:
        fault = error.errors()[0]
        mounted = any(Path(value).is_relative_to(each["mountPath"]) for each in container.get("volumeMounts", []))
        return "" if fault["type"] == "path_not_file" and mounted else str(fault["msg"])
    return ""


def _reference(source: Json) -> str:
    kind = "ConfigMap" if "configMapRef" in source else "Secret"
    return f"{kind}/{(source.get('configMapRef') or source['secretRef'])['name']}"


def _optional(source: Json) -> bool:
    return bool((source.get("configMapRef") or source.get("secretRef") or {}).get("optional"))


def _programs(overlay: Overlay) -> Iterator[tuple[Workload, Program, Fields]]:
    """Every process that is told settings, and which it knows."""
    for workload in workloads(overlay):
        for program in workload.programs:
            if settings := settings_of(program.module):
                yield workload, program, settings.model_fields
