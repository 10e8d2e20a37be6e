"""What callers see of a call: everything a stranger needs to check the draw later."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator

from services.stalls.calls.domain import Call, CallEvent, Status, accepts, shown
from shared import clock
from shared.errors import Language
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
    """A ground on its days. `struck` says in the reader's language why the close struck it out; no lines then."""

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

    @classmethod
    def of(cls, event: CallEvent, language: Language) -> "EventView":
        same = {name: getattr(event, name) for name in cls.model_fields if name != "struck"}
        return cls.model_validate({**same, "struck": event.struck_in(language)})


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
    def of(cls, call: Call, language: Language) -> "CallView":
        now = clock.now()
        events = [EventView.of(event, language) for event in call.events]
        made: dict[str, Any] = {"status": shown(call, now), "accepting": accepts(call, now), "events": events}
        names = cls.model_fields.keys() - made.keys()
        return cls.model_validate({**{name: getattr(call, name) for name in names}, **made})

    @classmethod
    def page(cls, found: Page[Call], language: Language) -> "PageView[CallView]":
        items = [cls.of(call, language) for call in found.items]
        return PageView[CallView](items=items, next_cursor=found.next_cursor)
