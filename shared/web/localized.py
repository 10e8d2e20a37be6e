"""Texts in Marathi, Hindi and English, as requests bring them and answers show them."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.localized import Localized, ascii_digits
from shared.web.views import Paragraphs, Text

Line = Annotated[Text, Field(min_length=1, max_length=200)]
LongText = Annotated[Paragraphs, Field(min_length=1, max_length=4000)]


def _digits(value: Any) -> Any:
    return ascii_digits(value) if isinstance(value, str) else value


Digits = BeforeValidator(_digits)
"""Before a text of digits: ४९० is read as 490. Bound it: `Annotated[str, Digits, Field(pattern=...)]`."""
LgdCode = Annotated[str, Digits, Field(pattern=r"^[1-9][0-9]{0,5}$", description="LGD code", examples=["490"])]


class LocalizedLine(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    mr: Line | None = None
    hi: Line | None = None
    en: Line | None = None

    def localized(self) -> Localized:
        return Localized(mr=self.mr, hi=self.hi, en=self.en)


class LocalizedParagraphs(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    mr: LongText | None = None
    hi: LongText | None = None
    en: LongText | None = None

    def localized(self) -> Localized:
        return Localized(mr=self.mr, hi=self.hi, en=self.en)
