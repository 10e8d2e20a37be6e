"""What may happen to a published version: breaking changes of every kind, and the harmless one."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import ClassVar, Literal

import pytest
from pydantic import BaseModel, Field

from shared.contracts import FACTS
from shared.contracts.orders import OrderCancelled, OrderLine
from shared.events import Fact
from tools.contracts.compatibility import breaks
from tools.contracts.schemas import Schema, schema_of


class Line(BaseModel):
    sku: str
    quantity: int = Field(gt=0, le=1_000)


class BasketChecked(Fact):
    """As it was published."""

    topic: ClassVar[str] = "orders.baskets"
    name: ClassVar[str] = "basket-checked"

    buyer: str
    outcome: Literal["full", "partial"]
    checked_at: datetime
    note: str | None = None
    lines: tuple[Line, ...] = Field(min_length=1)


OLD = schema_of(BasketChecked)


def without(field: str) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        del schema["properties"][field]
        if field in schema["required"]:
            schema["required"].remove(field)

    return change


def renamed(schema: Schema) -> None:
    schema["properties"]["customer"] = schema["properties"].pop("buyer")
    schema["required"][schema["required"].index("buyer")] = "customer"


def newly_required(schema: Schema) -> None:
    schema["properties"]["seller"] = {"type": "string"}
    schema["required"].append("seller")


def field(name: str, **changes: object) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"][name].update(changes)


def in_line(name: str, **changes: object) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"]["lines"]["items"]["properties"][name].update(changes)


BREAKING = {
    "a field removed": (without("buyer"), "buyer is gone"),
    "an optional field removed": (without("note"), "note is gone"),
    "a field renamed": (renamed, "buyer is gone"),
    "a new field everybody must send": (newly_required, "seller is new and required"),
    "a required field made optional": (lambda s: s["required"].remove("buyer"), "buyer was required and is optional"),
    "an optional field made required": (lambda s: s["required"].append("note"), "note was optional and is required"),
    "a field of another type": (field("buyer", type="integer"), "buyer: type was 'string'"),
    "a time that is any text": (lambda s: s["properties"]["checked_at"].pop("format"), "checked_at: format was"),
    "a value taken from an enum": (field("outcome", enum=["full"]), "outcome: enum was"),
    "a value added to an enum": (field("outcome", enum=["full", "partial", "none"]), "outcome: enum was"),
    "a shorter list": (field("lines", maxItems=10), "lines: maxItems was None"),
    "an empty list": (lambda s: s["properties"]["lines"].pop("minItems"), "lines: minItems was 1"),
    "a lower bound moved": (in_line("quantity", exclusiveMinimum=5), "lines[].quantity: exclusiveMinimum was 0"),
    "an upper bound moved": (in_line("quantity", maximum=10), "lines[].quantity: maximum was 1000"),
    "a pattern": (in_line("sku", pattern="^[A-Z]+$"), "lines[].sku: pattern was None"),
    "null not allowed any more": (
        lambda s: s["properties"]["note"].update(anyOf=[{"type": "string"}]),
        "note: it could be one of 2 types and can be one of 1",
    ),
    "another default": (field("note", default="-"), "note: default was None"),
    "a list of anything": (lambda s: s["properties"]["lines"].pop("items"), "lines: what the list holds"),
}


@pytest.mark.parametrize("kind", BREAKING)
def test_a_breaking_change_is_refused_in_words(kind: str) -> None:
    change, complaint = BREAKING[kind]
    new = deepcopy(OLD)
    change(new)
    assert any(complaint in line for line in breaks(OLD, new)), list(breaks(OLD, new))


class BasketCheckedWithHelper(BasketChecked):
    helper: str | None = None
    lines: tuple[Line, ...] = Field(min_length=1, description="in the order of the basket")


class LineWithHint(Line):
    hint: Literal["low", "plenty"] = "plenty"


class BasketCheckedWithHints(BasketChecked):
    lines: tuple[LineWithHint, ...] = Field(min_length=1)


@pytest.mark.parametrize("grown", [BasketCheckedWithHelper, BasketCheckedWithHints])
def test_a_new_optional_field_is_allowed_at_any_depth(grown: type[Fact]) -> None:
    new = schema_of(grown)
    assert new != OLD
    assert list(breaks(OLD, new)) == []


def test_a_real_fact_cannot_lose_the_price_of_its_lines() -> None:
    new = deepcopy(schema_of(OrderCancelled))
    line = new["properties"]["lines"]["items"]
    del line["properties"]["unit_price_paise"]
    assert list(breaks(schema_of(OrderCancelled), new)) == ["lines[].unit_price_paise is gone (removed or renamed)"]
    assert "unit_price_paise" in OrderLine.model_fields


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.type())
def test_a_fact_is_compatible_with_itself(fact: type[Fact]) -> None:
    assert list(breaks(schema_of(fact), schema_of(fact))) == []
