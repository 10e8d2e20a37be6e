"""What callers see of a call: everything a stranger needs to check the draw later."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator

from services.stalls.calls.domain import Call, Status, accepts, shown
from shared import clock
from shared.reads import Page
from shared.web.localized import LocalizedLine
from shared.web.views import PageView, View

Sorted = Annotated[list[str], AfterValidator(sorted)]


class LineView(View):
    """`count` stalls alike. Null categories take any product; a fallback of null takes any later, an empty one none."""

    stage: str
    categories: Sorted | None
    fallback: Sorted | None
    tags: Sorted
    district: str | None
    count: int


class EventView(View):
    """A ground on its days. `struck` says why the close struck it out; it has no lines then."""

    number: int
    venue: str
    venue_name: LocalizedLine
    district: str
    block: str | None
    days: list[date]
    stalls: int
    lines: list[LineView]
    caps: dict[str, int]
    struck: str | None


class EligibilityView(View):
    programmes: Sorted
    districts: Sorted
    categories: Sorted


class CallView(View):
    """`accepting`: whether an application would be taken now. `told`: allotments made, of `to_tell`."""

    id: str
    status: Status
    accepting: bool
    district: str
    block: str | None
    names: LocalizedLine
    opens_at: datetime
    closes_at: datetime
    events: list[EventView]
    eligibility: EligibilityView
    commitment: str
    public_source: str
    public_at: datetime
    nonce: str | None
    public_value: str | None
    public_value_at: datetime | None
    applications: int | None
    inputs_digest: str | None
    plan_digest: str | None
    rules_digest: str | None
    seed: str | None
    outcome_digest: str | None
    allotted: int | None
    waitlisted: int | None
    told: int
    to_tell: int
    closed_at: datetime | None
    drawn_at: datetime | None

    @classmethod
    def of(cls, call: Call) -> "CallView":
        now = clock.now()
        at_this_time: dict[str, Any] = {"status": shown(call, now), "accepting": accepts(call, now)}
        names = cls.model_fields.keys() - at_this_time.keys()
        return cls.model_validate({**{name: getattr(call, name) for name in names}, **at_this_time})

    @classmethod
    def page(cls, found: Page[Call]) -> "PageView[CallView]":
        return PageView[CallView](items=[cls.of(call) for call in found.items], next_cursor=found.next_cursor)
