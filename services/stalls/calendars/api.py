"""What callers see of calendars."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.calendars import commands
from services.stalls.calendars.domain import Calendar, CalendarDay, DayKind
from shared.aggregates import Aggregates
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, reader
from shared.web.bounds import PathId
from shared.web.localized import LocalizedLine
from shared.web.views import Day, View

router = APIRouter(prefix="/v1", tags=["calendars"])

Year = Annotated[int, Path(ge=2000, le=2100)]
Calendars = Annotated[Aggregates[Calendar], aggregates(Calendar)]
MOST_DAYS = 4 * 366  # every day as every kind


class DayBody(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    date: Day
    kind: DayKind
    names: LocalizedLine

    def day(self) -> CalendarDay:
        return CalendarDay(date=self.date, kind=self.kind, names=self.names.localized())


class DeclareDays(BaseModel):
    model_config = ConfigDict(extra="forbid")

    days: Annotated[list[DayBody], Field(max_length=MOST_DAYS)]


class CalendarView(View):
    district: str
    year: int
    days: list[DayBody]


@router.put("/calendars/{district}/{year}")
async def declare(
    district: PathId,
    year: Year,
    body: DeclareDays,
    by: Annotated[Caller, caller(*OFFICERS, Role.ADMIN)],
    calendars: Calendars,
) -> CalendarView:
    """Say which days of a district's year are holidays, exam, election or relief-camp days; all of them at once."""
    days = tuple(day.day() for day in body.days)
    return CalendarView.model_validate(await commands.declare(calendars, district, year, days, by))


@router.get("/calendars/{district}/{year}")
async def read_calendar(
    district: PathId, year: Year, scope: Annotated[Scope, reader()], calendars: Calendars
) -> CalendarView:
    return CalendarView.model_validate(await commands.read(calendars, district, year, scope))
