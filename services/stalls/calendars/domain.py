"""A district's year: the days that are not like others. Declared as a whole, the last word counts."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.decisions import Decision
from shared.errors import Invalid, NotFound
from shared.ids import derived_id
from shared.localized import Localized
from shared.places.area import UnknownPlace, near, place_name, require_area
from shared.places.directory import districts, districts_of
from shared.scope import Scope

DayKind = Literal["holiday", "exam", "election", "relief_camp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One date may stand here with several kinds."""

    date: date
    kind: DayKind
    names: Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`district` is an LGD code; days are sorted by date, then kind."""

    id: str
    tenant: str
    district: str
    year: int
    days: tuple[CalendarDay, ...]


class DayOfAnotherYear(Invalid):
    """days: {date} is not a day of {year}; send it with the calendar of its own year."""

    mr = "days: {date} हा {year} मधील दिवस नाही; तो त्याच्या वर्षाच्या दिनदर्शिकेत पाठवा."
    hi = "days: {date} वर्ष {year} का दिन नहीं है; उसे उसी वर्ष के कैलेंडर में भेजें।"


class DayTwice(Invalid):
    """days: {date} stands twice as {kind}; leave one of the two out."""

    mr = "days: {date} हा दिवस {kind} म्हणून दोनदा आहे; दोनपैकी एक काढा."
    hi = "days: {date} दो बार {kind} के रूप में है; दोनों में से एक हटाएँ।"


class NoCalendar(NotFound):
    """The district {district} has declared no calendar for {year} yet."""

    mr = "{district} जिल्ह्याने {year} ची दिनदर्शिका अजून जाहीर केलेली नाही."
    hi = "{district} जिले ने {year} का कैलेंडर अभी घोषित नहीं किया है।"


def no_calendar(district: str, year: int) -> NoCalendar:
    return NoCalendar(district=place_name(district, None), year=year)


def calendar_id(tenant: str, district: str, year: int) -> str:
    return derived_id(tenant, "calendars", district, str(year))


def declare(district: str, year: int, days: tuple[CalendarDay, ...], scope: Scope) -> Decision[Calendar]:
    """Raises UnknownPlace, OutsideArea, DayOfAnotherYear, DayTwice, LocalTextMissing."""
    if district not in districts() or districts()[district].state != scope.tenant:
        raise UnknownPlace(field="district", code=district, near=near(district, districts_of(scope.tenant)))
    require_area(scope, district, None)
    _check(year, days)
    return Decision(
        Calendar(
            id=calendar_id(scope.tenant, district, year),
            tenant=scope.tenant,
            district=district,
            year=year,
            days=tuple(sorted(days, key=lambda day: (day.date, day.kind))),
        )
    )


def _check(year: int, days: tuple[CalendarDay, ...]) -> None:
    seen: set[tuple[date, DayKind]] = set()
    for day in days:
        day.names.require_local("days.names")
        if day.date.year != year:
            raise DayOfAnotherYear(date=day.date.isoformat(), year=year)
        if (day.date, day.kind) in seen:
            raise DayTwice(date=day.date.isoformat(), kind=day.kind)
        seen.add((day.date, day.kind))


def kinds_of(calendar: Calendar | None, day: date) -> frozenset[DayKind] | None:
    """None where the district has declared nothing: what the day is, nobody knows."""
    return frozenset(known.kind for known in calendar.days if known.date == day) if calendar else None
