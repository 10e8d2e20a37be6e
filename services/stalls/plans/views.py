"""Lines of a template, as officers write them, and a plan with what is to be said about it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.stalls.calls.views import LineView
from services.stalls.draw import plan
from services.stalls.draw.roster import MOST_SHARES, Templated
from services.stalls.offers.views import Categories, Word
from services.stalls.plans.domain import Judged
from shared.errors import Language
from shared.web.localized import LgdCode


class TemplateLineBody(BaseModel):
    """`count` stalls in any case, and of those that are left this share: percent, or any parts of a whole."""

    model_config = ConfigDict(extra="forbid")

    stage: Annotated[Word, Field(examples=["open", "st"])] = plan.OPEN
    categories: Categories | None = None
    fallback: Categories | None = None
    tags: Annotated[frozenset[Word], Field(max_length=20)] = frozenset()
    district: LgdCode | None = None
    count: Annotated[int, Field(strict=True, ge=0, le=plan.MOST_STALLS)] = 0
    share: Annotated[int, Field(strict=True, ge=0, le=MOST_SHARES)] = 0

    def templated(self) -> Templated:
        told = dict(self)
        share = told.pop("share")
        return Templated(line=plan.Line(**told), share=share)


class AdviceView(BaseModel):
    """What to look at again: `line` counts from 1, null is the whole plan."""

    code: str = Field(examples=["WiderLineFirst"])
    line: int | None
    detail: str


class PlanView(BaseModel):
    """As a call takes it, with what is to be said about it."""

    lines: list[LineView]
    advice: list[AdviceView]

    @classmethod
    def of(cls, judged: Judged, tongue: Language) -> "PlanView":
        advice = [AdviceView(code=one.code, line=one.line, detail=one.sentence(tongue)) for one in judged.advice]
        return cls(lines=[LineView.model_validate(line) for line in judged.lines], advice=advice)
