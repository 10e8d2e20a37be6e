"""What can be asked of calendars: declare a district's year, read it, say what some days are."""

import asyncio
from collections.abc import Iterable
from datetime import date

from services.stalls.calendars import domain
from services.stalls.calendars.domain import Calendar, CalendarDay, DayKind, calendar_id
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound
from shared.scope import Caller, Scope

Calendars = Aggregates[Calendar]
Days = tuple[CalendarDay, ...]


async def declare(calendars: Calendars, district: str, year: int, days: Days, caller: Caller) -> Calendar:
    """In place of what was declared before. Raises UnknownPlace, OutsideArea, DayOfAnotherYear, DayTwice."""
    decision = domain.declare(district, year, days, caller.scope)
    id_ = decision.state.id

    async def first() -> Decision[Calendar]:
        return decision

    try:
        return await calendars.change(id_, lambda _: decision, caller)
    except NotFound:
        pass
    try:
        return await calendars.create(id_, first, caller)
    except AlreadyExists:  # of several first words at once one opens the year
        return await calendars.change(id_, lambda _: decision, caller)


async def read(calendars: Calendars, district: str, year: int, scope: Scope) -> Calendar:
    """Raises NoCalendar where nothing was declared."""
    try:
        return await calendars.get(calendar_id(scope.tenant, district, year), scope)
    except NotFound:
        raise domain.no_calendar(district, year) from None


async def days_of(
    calendars: Calendars, tenant: str, district: str, days: Iterable[date]
) -> dict[date, frozenset[DayKind] | None]:
    """What each of these days is; an empty set is an ordinary day, None one of a year that was not declared."""
    wanted = sorted(set(days))
    years = sorted({day.year for day in wanted})
    found = await asyncio.gather(*(calendars.find(calendar_id(tenant, district, year)) for year in years))
    known = dict(zip(years, found, strict=True))
    return {day: domain.kinds_of(known[day.year], day) for day in wanted}
