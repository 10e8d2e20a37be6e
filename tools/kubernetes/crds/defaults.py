"""The defaults an API server fills in before it asks the rules."""

import copy
from typing import Any

from tools.kubernetes.overlays import Json


def filled(schema: Json, value: Any) -> Any:
    """A copy of the value with every default of the schema."""
    made = copy.deepcopy(value)
    _fill(schema, made)
    return made


def _fill(schema: Json, value: Any) -> None:
    if isinstance(value, dict):
        _fill_object(schema, value)
    elif isinstance(value, list) and "items" in schema:
        for each in value:
            _fill(schema["items"], each)


def _fill_object(schema: Json, value: Json) -> None:
    known = schema.get("properties", {})
    for name, inner in known.items():
        if "default" in inner and _is_absent(inner, value, name):
            value[name] = copy.deepcopy(inner["default"])
        if name in value:
            _fill(inner, value[name])
    if isinstance(others := schema.get("additionalProperties"), dict):
        for name in value.keys() - known.keys():
            _fill(others, value[name])


def _is_absent(schema: Json, value: Json, name: str) -> bool:
    """A null counts as absent where the field may not be null."""
    return name not in value or (value[name] is None and not schema.get("nullable"))
