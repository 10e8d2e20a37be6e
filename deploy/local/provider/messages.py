"""What a message must look like to be taken, as the Indian operators want it."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
NUMBER = re.compile(r"\+91[6-9][0-9]{9}")
VARIABLE_LIMIT = 40  # characters; the operators' rule for registered templates
LANGUAGES = ("mr", "hi", "en")
REQUIRED = {
    "client_ref": "RefMissing",
    "entity_id": "EntityMissing",
    "template_id": "TemplateMissing",
    "header": "HeaderMissing",
    "text": "TextMissing",
    "category": "CategoryMissing",
}


class Refusal(Exception):
    """The provider does not take this message: HTTP status, its own code, a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)


@dataclass(frozen=True)
class Message:
    """One SMS as it was handed over. `fingerprint` tells whether two bodies under one client_ref are the same."""

    client_ref: str
    entity_id: str
    template_id: str
    header: str
    to: str
    text: str
    language: str
    category: str
    fingerprint: str


def parsed(body: bytes) -> Message:
    """The message in a request body. Raises Refusal."""
    said = _object(body)
    for field, code in REQUIRED.items():
        if not isinstance(said.get(field), str) or not said[field].strip():
            raise Refusal(400, code, f"{field} must be a text that is not empty")
    if not NUMBER.fullmatch(str(said.get("to"))):
        raise Refusal(400, "InvalidNumber", "to must be an Indian mobile number: +91 and ten digits from 6, 7, 8 or 9")
    if said.get("language") not in LANGUAGES:
        raise Refusal(400, "UnknownLanguage", f"language must be one of {', '.join(LANGUAGES)}")
    _check_variables(said.get("variables") or [])
    fields = {name: said[name] for name in (*REQUIRED, "to", "language")}
    return Message(**fields, fingerprint=_fingerprint(said))


def parts_of(text: str) -> int:
    """How many SMS it takes: 160 Latin characters or 70 of any script; less in each part of a longer one."""
    one, each = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= one else -(-len(text) // each)


def masked(number: str) -> str:
    return "*" * (len(number) - 3) + number[-3:]


def _object(body: bytes) -> Json:
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # half a surrogate parses, but cannot be written down
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Refusal(400, "NotJson", "the body must be a JSON object in UTF-8")
    return said


def _check_variables(variables: object) -> None:
    values = variables.values() if isinstance(variables, dict) else variables if isinstance(variables, list) else ()
    for value in values:
        if len(str(value)) > VARIABLE_LIMIT:
            raise Refusal(
                400, "VariableTooLong", f"a variable has {len(str(value))} characters, {VARIABLE_LIMIT} is most"
            )


def _fingerprint(said: Json) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
