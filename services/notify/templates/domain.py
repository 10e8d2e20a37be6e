"""Templates: the registered words, and how their blanks are filled in each language."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from services.notify.contacts.domain import Purpose
from shared.clock import INDIA
from shared.errors import LANGUAGES, Invalid, Language
from shared.money import grouped, rupees

REGISTERED = Path(__file__).with_name("registered.toml")
LONGEST_VARIABLE = 40  # characters; the operators' rule for registered templates
MOST_DATES = 3  # then the first and the last are shorter
SHORT_ID = 6
DAYS: Mapping[Language, str] = {"mr": "दिवस", "hi": "दिन", "en": "days"}
VIRAMA_CLASS = 9  # Unicode's combining class of the sign that joins two consonants
JOINERS = frozenset("\u200c\u200d")

SubjectKind = Literal["order", "application", "allotment"]
ORDER: SubjectKind = "order"

Value = str | int | list[str] | dict[str, str]
"""As a row keeps it. A list: days (ISO 8601); a dict: one text by language."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One registered text: `id` is the operators' number for it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    key: str
    purpose: Purpose
    variables: frozenset[str]
    wordings: Mapping[Language, Wording]


@dataclass(frozen=True, slots=True)
class Register:
    """What is registered for this sender: `entity_id` is her number there, `header` the six letters shown."""

    entity_id: str
    header: str
    templates: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one party; `about` is the id of what it is about."""

    recipient: str
    kind: SubjectKind
    about: str
    template: str
    params: Mapping[str, Value]


class NoTemplateFits(Invalid):
    """The message does not fit the registered template {template}: {fault}. Register a text for it."""

    mr = "हा संदेश नोंदणीकृत {template} या मसुद्यात बसत नाही: {fault}. त्यासाठी मजकूर नोंदवा."
    hi = "यह संदेश पंजीकृत मसौदे {template} में नहीं बैठता: {fault}। इसके लिए पाठ पंजीकृत करें।"


@cache
def register() -> Register:
    said = tomllib.loads(REGISTERED.read_text(encoding="utf-8"))
    templates = {key: template_of(key, row) for key, row in said.items() if isinstance(row, dict)}
    return Register(said["entity_id"], said["header"], templates)


def template_of(key: str, row: Mapping[str, Any]) -> Template:
    wordings = {language: Wording(**row[language]) for language in LANGUAGES}
    return Template(key, Purpose(row["purpose"]), frozenset(row["variables"]), wordings)


def short_id(id_: str) -> str:
    """What a person reads of an id."""
    return id_[-SHORT_ID:].upper()


def shown(name: str, value: Value, language: Language) -> str:
    if isinstance(value, list):
        return dates([date.fromisoformat(day) for day in value], language)
    if isinstance(value, dict):
        return fitting(next(value[one] for one in (language, *LANGUAGES) if one in value))
    if isinstance(value, int):
        return rupees(value, language) if name == "total" else grouped(value)
    if name == "confirm_by":
        return f"{datetime.fromisoformat(value).astimezone(INDIA):%d-%m %H:%M}"
    return short_id(value) if name == ORDER else value


def dates(days: Sequence[date], language: Language) -> str:
    """`22-11, 23-11-2026`; of more than fit the first, the last and how many."""
    *before, last = [f"{day:%d-%m}" for day in days[:-1]] + [f"{days[-1]:%d-%m-%Y}"]
    if len(days) <= MOST_DATES:
        return ", ".join([*before, last])
    return f"{before[0]} - {last} ({len(days)} {DAYS[language]})"


def fitting(text: str, room: int = LONGEST_VARIABLE) -> str:
    """On one line, NFC, cut with … between words, or between letters where a word fills more than half of the room."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(line) <= room:
        return line
    end = room - 1
    while end and within_a_letter(line, end):
        end -= 1
    space = line.rfind(" ", room // 2, end + 1)
    return line[: space if space > 0 else end].rstrip(" ,;:-–(") + "…"


def within_a_letter(text: str, at: int) -> bool:
    """Whether a cut before `at` would part a vowel sign, a half consonant or what a joiner holds together.

    Before a space nothing is parted: the word ends there, however it is written.
    """
    before, after = text[at - 1], text[at]
    if after.isspace():
        return False
    joined = before in JOINERS or unicodedata.combining(before) == VIRAMA_CLASS
    return joined or after in JOINERS or unicodedata.category(after).startswith("M")


def template_for(message: Message) -> Template:
    """The template whose variables the message fills, in every language. Raises NoTemplateFits."""
    template = register().templates.get(message.template)
    if template is None:
        raise NoTemplateFits(template=message.template, fault="it is not registered")
    values = values_of(message)
    if values.keys() != template.variables:
        raise NoTemplateFits(template=template.key, fault=f"its variables are {', '.join(sorted(template.variables))}")
    for name, value in values.items():
        if any(len(shown(name, value, language)) > LONGEST_VARIABLE for language in LANGUAGES):
            raise NoTemplateFits(template=template.key, fault=f"{name} is longer than {LONGEST_VARIABLE} characters")
    return template


def values_of(message: Message) -> dict[str, Value]:
    return {ORDER: message.about, **message.params} if message.kind == ORDER else dict(message.params)


def rendered(message: Message, language: Language) -> Wording:
    """The registered wording with its blanks filled. Raises NoTemplateFits."""
    wording = template_for(message).wordings[language]
    values = {name: shown(name, value, language) for name, value in values_of(message).items()}
    return Wording(wording.id, wording.text.format(**values))
