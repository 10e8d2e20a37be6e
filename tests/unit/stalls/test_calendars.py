from dataclasses import replace
from datetime import date

import pytest

from services.stalls.calendars import commands
from services.stalls.calendars.domain import (
    Calendar,
    CalendarDay,
    DayKind,
    DayOfAnotherYear,
    DayTwice,
    calendar_id,
    declare,
)
from services.stalls.calendars.store import CalendarDocument
from shared.errors import NotFound
from shared.localized import Localized, LocalTextMissing
from shared.places.area import OutsideArea, UnknownPlace
from shared.scope import Caller, Role, Scope
from shared.testing import FakeStores

PUNE = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer-pune", district="490")
BUYER = Scope(tenant="27", role=Role.BUYER, party="buyer-1")


def day(on: date, kind: DayKind, mr: str) -> CalendarDay:
    return CalendarDay(date=on, kind=kind, names=Localized(mr=mr))


REPUBLIC_DAY = day(date(2026, 1, 26), "holiday", "प्रजासत्ताक दिन")
MAHARASHTRA_DAY = day(date(2026, 5, 1), "holiday", "महाराष्ट्र दिन")
INDEPENDENCE_DAY = day(date(2026, 8, 15), "holiday", "स्वातंत्र्य दिन")
GANDHI_JAYANTI = day(date(2026, 10, 2), "holiday", "महात्मा गांधी जयंती")
EXAM = day(date(2026, 5, 1), "exam", "शिष्यवृत्ती परीक्षा")
DAYS = (GANDHI_JAYANTI, MAHARASHTRA_DAY, EXAM, REPUBLIC_DAY, INDEPENDENCE_DAY)


def ask(scope: Scope = PUNE, key: str = "key-1") -> Caller:
    return Caller(scope=scope, key=key, body=key)


def test_a_declared_year_stands_in_the_order_of_its_days() -> None:
    calendar = declare("490", 2026, DAYS, PUNE).state
    assert calendar.days == (REPUBLIC_DAY, EXAM, MAHARASHTRA_DAY, INDEPENDENCE_DAY, GANDHI_JAYANTI)
    assert calendar.id == calendar_id("27", "490", 2026) != calendar_id("27", "490", 2027)


def test_a_district_is_declared_by_its_own_officers_and_those_of_the_state() -> None:
    for scope in (PUNE, replace(PUNE, role=Role.MISSION_MANAGER, district=None), replace(PUNE, role=Role.ADMIN)):
        assert declare("490", 2026, DAYS, scope).state.district == "490"
    block = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-1", district="490", block="4512")
    for scope in (replace(PUNE, district="467"), block, BUYER):
        with pytest.raises(OutsideArea):
            declare("490", 2026, DAYS, scope)


@pytest.mark.parametrize("district", ["1", "191", "४९०", ""])
def test_a_district_that_is_none_of_the_state_is_named_with_its_neighbours(district: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        declare(district, 2026, DAYS, replace(PUNE, role=Role.ADMIN))
    assert refused.value.params["code"] == district


def test_a_day_of_another_year_a_day_declared_twice_and_a_day_without_a_local_name_are_refused() -> None:
    new_year = day(date(2027, 1, 1), "holiday", "नववर्ष")
    with pytest.raises(DayOfAnotherYear, match="2027-01-01 is not a day of 2026"):
        declare("490", 2026, (*DAYS, new_year), PUNE)
    with pytest.raises(DayTwice) as twice:
        declare("490", 2026, (*DAYS, replace(EXAM, names=Localized(mr="दुसरी परीक्षा"))), PUNE)
    assert "दोनदा" in twice.value.sentence("mr")
    with pytest.raises(LocalTextMissing):
        declare("490", 2026, (replace(EXAM, names=Localized(en="Scholarship exam")),), PUNE)


async def test_the_last_word_counts_and_comes_back_as_it_was_said() -> None:
    calendars = FakeStores(CalendarDocument)[Calendar]
    first = await commands.declare(calendars, "490", 2026, DAYS, ask())
    assert await commands.declare(calendars, "490", 2026, DAYS, ask()) == first
    second = await commands.declare(calendars, "490", 2026, (EXAM,), ask(key="key-2"))
    assert await commands.read(calendars, "490", 2026, BUYER) == second
    assert second.days == (EXAM,)
    with pytest.raises(NotFound):
        await commands.read(calendars, "490", 2026, replace(BUYER, tenant="5"))
    with pytest.raises(NotFound):
        await commands.read(calendars, "490", 2027, BUYER)


async def test_a_day_may_be_several_things_and_a_day_nobody_declared_is_ordinary() -> None:
    calendars = FakeStores(CalendarDocument)[Calendar]
    await commands.declare(calendars, "490", 2026, DAYS, ask())
    ordinary, next_year = date(2026, 5, 2), date(2027, 5, 1)
    asked = [MAHARASHTRA_DAY.date, ordinary, next_year, REPUBLIC_DAY.date]
    assert await commands.days_of(calendars, "27", "490", asked) == {
        REPUBLIC_DAY.date: {"holiday"},
        MAHARASHTRA_DAY.date: {"holiday", "exam"},
        ordinary: frozenset(),
        next_year: None,
    }
    elsewhere = await commands.days_of(calendars, "27", "467", [REPUBLIC_DAY.date])
    assert elsewhere == {REPUBLIC_DAY.date: None}
    assert await commands.days_of(calendars, "27", "490", []) == {}
