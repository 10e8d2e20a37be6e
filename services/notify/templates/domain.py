"""Templates: who is told what about an order, and in which registered words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.notify.contacts.domain import Purpose
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderRefused
from shared.errors import LANGUAGES, Invalid, Language
from shared.money import rupees

REGISTERED = Path(__file__).with_name("registered.toml")
LONGEST_VARIABLE = 40  # characters; the operators' rule for registered templates
SHORT_ID = 6

Value = str | int


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
    """One thing to tell one party about an order."""

    recipient: str
    order_id: str
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


def short_id(order_id: str) -> str:
    """What a person reads of an order's id."""
    return order_id[-SHORT_ID:].upper()


def shown(name: str, value: Value, language: Language) -> str:
    if name == "order":
        return short_id(str(value))
    return rupees(int(value), language) if name == "total" else str(value)


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
    return {"order": message.order_id, **message.params}


def rendered(message: Message, language: Language) -> Wording:
    """The registered wording with its blanks filled. Raises NoTemplateFits."""
    wording = template_for(message).wordings[language]
    values = {name: shown(name, value, language) for name, value in values_of(message).items()}
    return Wording(wording.id, wording.text.format(**values))


def on_confirmed(order_id: str, fact: OrderConfirmed) -> tuple[Message, ...]:
    total = {"total": fact.total_paise}
    return (
        Message(fact.buyer, order_id, "order-confirmed-buyer", total),
        Message(fact.seller, order_id, "order-confirmed-group", total),
    )


def on_refused(order_id: str, fact: OrderRefused) -> tuple[Message, ...]:
    """One short line is told with its figures; what is more than that stands in the order itself."""
    if len(fact.short) == 1:
        figures = {"asked": fact.short[0].quantity, "left": fact.short[0].stock_left}
        return (Message(fact.buyer, order_id, "order-refused-short", figures),)
    return (Message(fact.buyer, order_id, "order-refused", {}),)


def on_accepted(order_id: str, fact: OrderAccepted) -> tuple[Message, ...]:
    return (Message(fact.buyer, order_id, "order-accepted-buyer", {}),)


def on_cancelled(order_id: str, fact: OrderCancelled) -> tuple[Message, ...]:
    """The reason is free text, which no registered template takes: each side is told who cancelled."""
    return (
        Message(fact.buyer, order_id, f"order-cancelled-by-{fact.by}-buyer", {}),
        Message(fact.seller, order_id, f"order-cancelled-by-{fact.by}-group", {}),
    )
