"""The registry of problem codes. Callers decide by them, so none vanishes, is renamed, or changes its status."""

import json
import pkgutil
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.local.gateway.replies import REPLIES
from shared.errors import Problem
from tools.contracts.files import CODES, ROOT, Files, as_json, read

Codes = dict[str, dict[str, Any]]


def every_problem() -> list[type[Problem]]:
    """All that can be told to a caller: whatever `shared` and the services can raise, sorted by code."""
    for package in ("shared", "services"):
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    return sorted(_below(Problem), key=lambda kind: kind.__name__)


def _below(kind: type[Problem]) -> Iterator[type[Problem]]:
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] in {"shared", "services"}:  # a test may have made its own
            yield child
        yield from _below(child)


def sentences(kind: type[Problem]) -> dict[str, str]:
    """Its own sentence in each language; an inherited one does not count."""
    own = vars(kind)
    return {"en": (own.get("__doc__") or "").strip(), "mr": own.get("mr", ""), "hi": own.get("hi", "")}


def params_of(sentence: str) -> list[str]:
    return sorted({field for _, field, _, _ in string.Formatter().parse(sentence) if field})


def registry(kinds: list[type[Problem]]) -> Codes:
    """What the services say, and what the gateway says before they are asked."""
    ours = {kind.__name__: {"status": kind.status, "params": params_of(sentences(kind)["en"])} for kind in kinds}
    return dict(sorted((_gateway() | ours).items()))


def _gateway() -> Codes:
    return {reply.code: {"status": reply.status, "params": []} for reply in REPLIES}


def documents(kinds: list[type[Problem]]) -> Files:
    return {CODES: as_json(registry(kinds))}


def faults(kinds: list[type[Problem]], root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the problems themselves, and with what was promised before."""
    names = [kind.__name__ for kind in kinds]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: two problems share this code"
    for kind in kinds:
        yield from _language_faults(kind)
    now = registry(kinds)
    for code, said in _gateway().items():
        if now[code]["status"] != said["status"]:
            yield f"{code}: the gateway answers {said['status']}, a service {now[code]['status']}"
    for code, was in json.loads(read(CODES, root) or "{}").items():
        if code not in now:
            yield f"{code}: callers know this code; bring it back"
        elif now[code]["status"] != was["status"]:
            yield f"{code}: its status was {was['status']} and is {now[code]['status']}"


def _language_faults(kind: type[Problem]) -> Iterator[str]:
    said = sentences(kind)
    for language, sentence in said.items():
        if not sentence:
            yield f"{kind.__name__}: no sentence of its own in {language}"
        elif params_of(sentence) != params_of(said["en"]):
            yield f"{kind.__name__}: {language} has the parameters {params_of(sentence)}, not {params_of(said['en'])}"
