"""What officers ask about a stall plan before they open a call. Nothing is kept of it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.calls.views import LineView
from services.stalls.draw import plan
from services.stalls.draw.roster import MOST_SHARES, Templated
from services.stalls.offers.views import MOST_LINES, Categories, EligibilityBody, LineBody, Word
from services.stalls.plans import domain
from services.stalls.plans.domain import Ground, Judged
from shared.contracts.catalog import Category
from shared.errors import Language
from shared.scope import OFFICERS, Caller, Role
from shared.web.asking import caller, language
from shared.web.localized import LgdCode

router = APIRouter(prefix="/v1", tags=["plans"])

MOST_SHARED_OUT = 1_000_000
Officer = Annotated[Caller, caller(*OFFICERS, Role.ADMIN)]
Tongue = Annotated[Language, language]
Stalls = Annotated[int, Field(strict=True, ge=1, le=plan.MOST_STALLS)]
Caps = dict[Category, Annotated[int, Field(strict=True, ge=0, le=plan.MOST_STALLS)]]


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


class CountPlan(BaseModel):
    """A template on a ground. `shared_out`: how many stalls its earlier events have shared out by the roster."""

    model_config = ConfigDict(extra="forbid")

    venue: Annotated[str, Field(min_length=1, max_length=64)]
    stalls: Stalls
    shared_out: Annotated[int, Field(strict=True, ge=0, le=MOST_SHARED_OUT)] = 0
    lines: Annotated[list[TemplateLineBody], Field(min_length=1, max_length=MOST_LINES)]
    caps: Caps = {}
    eligibility: EligibilityBody = EligibilityBody()

    def ground(self) -> Ground:
        return Ground(venue=self.venue, stalls=self.stalls, shared_out=self.shared_out)


class LintPlan(BaseModel):
    """`stalls`: of the ground, where it is known."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MOST_LINES)]
    stalls: Stalls | None = None
    caps: Caps = {}
    eligibility: EligibilityBody = EligibilityBody()


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


@router.post("/plans/counts")
async def count(body: CountPlan, _: Officer, tongue: Tongue) -> PlanView:
    """Make counts of a template's shares, by the published roster, and say what to look at again."""
    template = [line.templated() for line in body.lines]
    judged = domain.counted(template, body.ground(), dict(body.caps.items()), body.eligibility.eligibility())
    return PlanView.of(judged, tongue)


@router.post("/plans/lint")
async def lint(body: LintPlan, _: Officer, tongue: Tongue) -> PlanView:
    """Say what to look at again in a plan, in the reader's language."""
    lines = [line.line() for line in body.lines]
    judged = domain.judged(lines, body.stalls, dict(body.caps.items()), body.eligibility.eligibility())
    return PlanView.of(judged, tongue)
