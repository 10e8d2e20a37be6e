"""The JSON Schema of a fact, free of what the generator adds and no reader needs."""

from typing import Any

from pydantic import BaseModel

from shared.events import Fact, schema_url

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ANNOTATIONS = frozenset({"$id", "$schema", "description", "examples", "title"})


def inlined(schema: Schema) -> Schema:
    """The same schema with every `$ref` written out and no generated titles."""
    plain: Schema = _plain(schema, schema.get("$defs", {}))
    return plain


def _plain(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_plain(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]] | _rest(node), definitions)
    plain = {
        key: _plain(value, definitions) for key, value in node.items() if key not in {"$defs", "title", "properties"}
    }
    if "properties" in node:  # its keys are field names, also when a field is called `title`
        plain["properties"] = {name: _plain(field, definitions) for name, field in node["properties"].items()}
    return plain


def _rest(node: Schema) -> Schema:
    return {key: value for key, value in node.items() if key != "$ref"}


def schema_of(fact: type[Fact]) -> Schema:
    """What stands at the fact's `dataschema` address."""
    id_ = schema_url(fact.topic, fact.name, fact.major)
    return {"$schema": DRAFT, "$id": id_, "title": fact.__name__, **inlined(fact.model_json_schema())}


def fields_of(schema: Schema) -> set[str]:
    """Every field name at any depth."""
    found = set(schema.get("properties", {}))
    below = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    if "items" in schema:
        below.append(schema["items"])
    return found.union(*(fields_of(each) for each in below))


def headers_schema(envelope: type[BaseModel]) -> Schema:
    """The envelope as Kafka headers: each attribute a text named `ce_…`."""
    schema = inlined(envelope.model_json_schema())
    properties = {"content-type": {"const": "application/json"}}
    properties |= {f"ce_{name}": _as_text(field) for name, field in schema["properties"].items()}
    required = ["content-type", *(f"ce_{name}" for name in schema["required"])]
    return {"type": "object", "description": schema["description"], "properties": properties, "required": required}


def _as_text(field: Schema) -> Schema:
    said = {
        key: value
        for key, value in field.items()
        if key in {"description", "pattern", "format", "minLength", "maxLength"}
    }
    number = {"pattern": "^[1-9][0-9]*$"} if field.get("type") == "integer" else {}
    return {"type": "string", **number, **said}
