"""What officers ask about a stall plan before they open a call. Nothing is kept of it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.draw import plan
from services.stalls.offers.views import MOST_LINES, EligibilityBody, LineBody
from services.stalls.plans import domain
from services.stalls.plans.domain import Ground
from services.stalls.plans.views import PlanView, TemplateLineBody
from shared.contracts.catalog import Category
from shared.errors import Language
from shared.scope import OFFICERS, Caller, Role
from shared.web.asking import caller, language

router = APIRouter(prefix="/v1", tags=["plans"])

MOST_SHARED_OUT = 1_000_000
Officer = Annotated[Caller, caller(*OFFICERS, Role.ADMIN)]
Tongue = Annotated[Language, language]
Stalls = Annotated[int, Field(strict=True, ge=1, le=plan.MOST_STALLS)]
Caps = dict[Category, Annotated[int, Field(strict=True, ge=0, le=plan.MOST_STALLS)]]


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
