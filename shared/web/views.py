"""What requests and answers are made of."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from shared.reads import Page

V = TypeVar("V", bound="View")

JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ shape Marathi and Hindi conjuncts
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CENTURIES = ("20", "21")  # at the edges of the calendar a time in India is none
UNREADABLE = {"Cc", "Cs", "Co"}  # control characters, halves of surrogate pairs, private use


class View(BaseModel):
    """An answer, filled from a state by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class PageView(BaseModel, Generic[V]):
    """One page of a list; `next_cursor` asks for the next one and is null on the last."""

    items: list[V]
    next_cursor: str | None


def page_view(view: type[V], page: Page[Any]) -> PageView[V]:
    return PageView[view](items=[view.model_validate(item) for item in page.items], next_cursor=page.next_cursor)  # type: ignore[valid-type]


def _readable(letter: str, breaks: str) -> str:
    """What stands for one character of a text: itself, a space, or nothing where it shows nothing."""
    kind = unicodedata.category(letter)
    if letter in breaks or letter in JOINERS:
        return letter
    if kind.startswith("Z") or letter in "\t\r\n":
        return " "
    if kind in UNREADABLE:
        raise PydanticCustomError(
            "unreadable", "has a character that cannot be shown: U+{code}", {"code": f"{ord(letter):04X}"}
        )
    return "" if kind == "Cf" else letter


def _edges(text: str) -> str:
    return text.strip(" \n" + JOINERS)


def clean(value: Any, breaks: str = "") -> Any:
    """A text in NFC, without invisible characters (the joiners aside) and blank edges; other types as they are."""
    if not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value.strip()
    return _edges(unicodedata.normalize("NFC", "".join(_readable(letter, breaks) for letter in value)))


def clean_lines(value: Any) -> Any:
    return clean(value.replace("\r\n", "\n") if isinstance(value, str) else value, breaks="\n")


Text = Annotated[str, BeforeValidator(clean)]
"""One line a person wrote. Bound it: `Annotated[Text, Field(min_length=1, max_length=80)]` counts what is left."""

Paragraphs = Annotated[str, BeforeValidator(clean_lines)]
"""As Text, with line breaks."""


def iso_day(value: Any) -> Any:
    """Only 2026-11-22 as text: pydantic takes seconds since 1970 for a date too."""
    if type(value) is date or (isinstance(value, str) and DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "is not a date")


Day = Annotated[date, BeforeValidator(iso_day)]
"""A day in India, in ASCII digits."""


def instant_text(value: Any) -> Any:
    """Only a text such as 2026-11-22T18:00:00+05:30: pydantic takes seconds since 1970 for a time too."""
    if isinstance(value, str) and value.isascii() and "T" in value.upper() and value[:2] in CENTURIES:
        return value
    raise PydanticCustomError("datetime_parsing", "is not a time")


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


Instant = Annotated[AwareDatetime, BeforeValidator(instant_text), AfterValidator(whole_second)]
"""A time to the second, in ASCII digits, with its offset; kept in UTC."""
