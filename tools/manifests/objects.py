"""Kubernetes objects as plain data, and their YAML."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

Json = dict[str, Any]
MARK = "# Made by `make manifests` from {source}; change that."


class _Dumper(yaml.SafeDumper):
    """Lists indented below their key, no anchors, as the hand-written files are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Several lines as a block, one as it is."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def made(api: str, kind: str, name: str, *, labels: Mapping[str, str] | None = None, **rest: Any) -> Json:
    """An object; `rest` is what stands beside its metadata, such as `spec`."""
    metadata: Json = {"name": name} | ({"labels": dict(labels)} if labels else {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def written(source: str, objects: Iterable[Json]) -> str:
    """One YAML file, headed by where it comes from."""
    documents = (
        yaml.dump(each, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
        for each in objects
    )
    return MARK.format(source=source) + "\n" + "---\n".join(documents)
