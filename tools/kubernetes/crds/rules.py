"""CEL rules (x-kubernetes-validations) of a CRD, on every value they speak of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import celpy
from celpy.adapter import json_to_cel

from tools.kubernetes.overlays import Json

ESCAPES = {"__": "__underscores__", "-": "__dash__", ".": "__dot__", "/": "__slash__"}
NEEDS_ESCAPE = re.compile(r"__|[-./]")
LITERALS = ("true", "false", "null", "in")
STATEMENTS = ("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package")
RESERVED = frozenset((*LITERALS, *STATEMENTS, "namespace", "return", "var", "void", "while"))


class Answer(StrEnum):
    """What became of one rule on one value."""

    HOLDS = "holds"
    BROKEN = "broken"
    OF_CHANGES = "speaks of changes"
    NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True)
class Asked:
    """`place` is a path from the document, `what` the rule or its message, `why` the reason when not evaluated."""

    answer: Answer
    place: str
    what: str
    why: str = ""


def asked(schema: Json, value: Any, place: str = "$") -> Iterator[Asked]:
    """Every rule of the schema on the value and what it holds."""
    for rule in schema.get("x-kubernetes-validations", []):
        yield _ask(rule, value, place)
    if isinstance(value, dict):
        others = schema.get("additionalProperties")
        for name, each in value.items():
            inner = schema.get("properties", {}).get(name, others if isinstance(others, dict) else {})
            yield from asked(inner, each, f"{place}.{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from asked(schema.get("items", {}), each, f"{place}[{number}]")


def _ask(rule: Json, value: Any, place: str) -> Asked:
    text = rule["rule"]
    said = " ".join(str(rule.get("message") or text).split())
    if re.search(r"\boldSelf\b", text):
        return Asked(Answer.OF_CHANGES, place, said)
    try:
        holds = bool(_program(text).evaluate({"self": json_to_cel(_escaped(value))}))
    except Exception as error:  # noqa: BLE001  whatever the interpreter cannot do is told, never taken as held
        return Asked(Answer.NOT_EVALUATED, place, " ".join(text.split()), f"{type(error).__name__}: {error.args[:1]}")
    return Asked(Answer.HOLDS if holds else Answer.BROKEN, place, said)


@lru_cache(maxsize=1024)
def _program(text: str) -> Any:
    environment = celpy.Environment()
    return environment.program(environment.compile(text))


def _escaped(value: Any) -> Any:
    """Field names as Kubernetes writes them in CEL: `__dash__`, `__namespace__`."""
    if isinstance(value, dict):
        return {_name(name): _escaped(each) for name, each in value.items()}
    return [_escaped(each) for each in value] if isinstance(value, list) else value


def _name(name: str) -> str:
    if name in RESERVED:
        return f"__{name}__"
    return NEEDS_ESCAPE.sub(lambda found: ESCAPES[found.group()[0]], name)
