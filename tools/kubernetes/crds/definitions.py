"""The CustomResourceDefinitions of a folder, by the kind they define."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tools.kubernetes.crds.structure import closed
from tools.kubernetes.overlays import Json, parse

Kind = tuple[str, str]
"""apiVersion and kind."""


@dataclass(frozen=True)
class Definition:
    """One version of a kind; `schema` as its CRD writes it."""

    schema: Json

    @cached_property
    def validator(self) -> Any:
        root = closed(self.schema)
        typed = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}
        return Draft202012Validator({**root, "properties": {**root.get("properties", {}), **typed}})


def kind_of(document: Json) -> Kind:
    return document["apiVersion"], document["kind"]


def read(folder: Path) -> dict[Kind, Definition]:
    """Every served version in the *.yaml files of a folder, lists included; nothing where there is no folder."""
    found: dict[Kind, Definition] = {}
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            for document in parse(file.read()):
                for each in document.get("items", [document]):
                    found |= _versions(each["spec"]) if each.get("kind") == "CustomResourceDefinition" else {}
    return found


def _versions(spec: Json) -> dict[Kind, Definition]:
    kind = spec["names"]["kind"]
    served = [version for version in spec["versions"] if version.get("served")]
    return {(f"{spec['group']}/{each['name']}", kind): Definition(each["schema"]["openAPIV3Schema"]) for each in served}
