"""A CRD's structural schema as JSON Schema in which an unknown field fails, as with `kubectl --validate=strict`."""

from typing import Any

from tools.kubernetes.overlays import Json

ALLS = ("allOf", "anyOf", "oneOf")
LEFT_OUT = ("description", "example", "default", "nullable", "format", "title", "externalDocs")
OPEN = ("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")


def closed(schema: Json) -> Json:
    """The schema of a value; objects take no other fields than those it names, unless it says so."""
    made = _converted(schema, closed)
    if "properties" in made and "additionalProperties" not in made and not any(schema.get(name) for name in OPEN):
        made["additionalProperties"] = False
    return made


def _open(schema: Json) -> Json:
    """Inside allOf, anyOf, oneOf and not, a schema only narrows what the one around it names."""
    return _converted(schema, _open)


def _converted(schema: Json, inner: Any) -> Json:
    made = {name: value for name, value in schema.items() if not name.startswith("x-") and name not in LEFT_OUT}
    if "properties" in made:
        made["properties"] = {name: inner(each) for name, each in made["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(made.get(name), dict):
            made[name] = inner(made[name])
    for name in ALLS:
        if name in made:
            made[name] = [_open(each) for each in made[name]]
    if "not" in made:
        made["not"] = _open(made["not"])
    return _typed(schema, made)


def _typed(schema: Json, made: Json) -> Json:
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("anyOf", None)
        made["type"] = ["integer", "string"]
    if schema.get("nullable") and "type" in made:
        kinds = made["type"] if isinstance(made["type"], list) else [made["type"]]
        made["type"] = [*kinds, "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made
