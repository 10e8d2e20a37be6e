"""What a plan comes to on a ground, and what is to be said about it to those who may apply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from services.stalls.calls.domain import check_plan
from services.stalls.draw.lint import Advice, Hopefuls, lint, of_shares
from services.stalls.draw.plan import Line
from services.stalls.draw.roster import Templated, lines
from services.stalls.offers.domain import Eligibility
from services.stalls.tags.domain import TAGS
from shared.contracts.catalog import Category, Programme

STAGES = ("sc", "st", "vja", "ntb", "ntc", "ntd", "sbc", "obc", "sebc", "ews")
"""The vertical reservations of Maharashtra. A plan may name others; then it is asked whether that was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`shared_out`: how many stalls its earlier events have shared out by the roster; `stalls`: of this event."""

    venue: str
    stalls: int
    shared_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    lines: tuple[Line, ...]
    advice: tuple[Advice, ...]


def counted(template: Sequence[Templated], ground: Ground, caps: Mapping[str, int], eligibility: Eligibility) -> Judged:
    """Raises PlanExceedsStalls, NoShares, SharesTooFine, and what `judged` does."""
    made = lines(template, ground.stalls, ground.venue, ground.shared_out)
    found = judged(made, ground.stalls, caps, eligibility)
    return replace(found, advice=(*of_shares([one.share for one in template]), *found.advice))


def judged(plan: Sequence[Line], stalls: int | None, caps: Mapping[str, int], eligibility: Eligibility) -> Judged:
    """Sizes and caps are spoken of; raises what `plan.check` does of anything else."""
    check_plan(plan, stalls=sum(line.count for line in plan), caps={})
    return Judged(lines=tuple(plan), advice=lint(plan, stalls=stalls, caps=caps, who=hopefuls(eligibility)))


def hopefuls(eligibility: Eligibility) -> Hopefuls:
    programmes = eligibility.programmes or set(get_args(Programme))
    return Hopefuls(
        stages=STAGES,
        tags=set(TAGS) - (set(get_args(Programme)) - programmes),
        districts=eligibility.districts or None,
        categories=eligibility.categories or set(get_args(Category)),
    )
