"""Texts in Marathi, Hindi and English, as requests bring them and answers show them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.localized import Localized
from shared.web.views import Paragraphs, Text

Line = Annotated[Text, Field(min_length=1, max_length=200)]
LongText = Annotated[Paragraphs, Field(min_length=1, max_length=4000)]


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
