"""An allotment as callers see it."""

from datetime import date, datetime

from pydantic import Field

from services.stalls.allotments.domain import Status, Through
from shared.web.localized import LocalizedLine
from shared.web.views import View


class SeatView(View):
    event: int
    venue: str
    venue_name: LocalizedLine
    days: list[date]
    stall: int


class PositionView(View):
    event: int
    position: int


class AllotmentView(View):
    id: str
    call: str
    application: str
    group: str
    ticket: str
    place: int
    status: Status
    seat: SeatView | None
    before: list[SeatView] = Field(description="stalls she left for a better choice, the first one first")
    through: Through | None
    positions: list[PositionView]
    offered_at: datetime | None
    confirm_by: datetime | None
