"""May this ground be used on this day, and whose is it then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.stalls.calendars.domain import Calendar, CalendarDay, DayKind, declare
from services.stalls.calendars.store import CalendarDocument
from services.stalls.permits.domain import ON_SUCH_DAYS, WITHOUT, NeitherSundayNorHoliday, missing
from services.stalls.venues import commands, domain
from services.stalls.venues.domain import GroundNotUsable, GroundTaken, Use, Venue, register
from services.stalls.venues.store import UseDocument, VenueDocument
from shared import clock
from shared.contracts.stalls import PermissionKind, VenueKind
from shared.decisions import Decision
from shared.errors import LANGUAGES, NotFound, Problem
from shared.localized import Localized
from shared.scope import Role, Scope
from shared.testing import FakeStores
from tests.unit.stalls.grounds import BARAMATI, CONSENT, GROUND, NOON, ORDER

SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
CHRISTMAS = date(2026, 12, 25)  # a Friday
ADMIN = Scope(tenant="27", role=Role.ADMIN, party="admin-1")
SCHOOL = register("venue-1", GROUND, BARAMATI).state
HOLIDAY: frozenset[DayKind] = frozenset({"holiday"})


def ground(kind: VenueKind, *papers: PermissionKind) -> Venue:
    filings = tuple(replace(CONSENT, kind=paper) for paper in papers)
    return register("venue-1", replace(GROUND, kind=kind, permissions=filings), BARAMATI).state


def lacks(venue: Venue, day: date, *kinds: DayKind) -> list[str]:
    return [problem.code for problem in missing(venue.kind, venue.permissions, day, frozenset(kinds))]


def test_a_school_ground_is_free_on_sundays_and_declared_holidays_only() -> None:
    assert lacks(SCHOOL, SUNDAY) == []
    assert lacks(SCHOOL, MONDAY) == ["NeitherSundayNorHoliday"]
    assert lacks(SCHOOL, CHRISTMAS) == ["NeitherSundayNorHoliday"]
    assert lacks(SCHOOL, CHRISTMAS, "holiday") == []


@pytest.mark.parametrize(
    ("kind", "code"), [("exam", "ExamDay"), ("election", "ElectionDay"), ("relief_camp", "ReliefCampDay")]
)
def test_a_school_ground_is_never_used_on_exam_election_and_relief_camp_days(kind: DayKind, code: str) -> None:
    assert lacks(SCHOOL, SUNDAY, kind) == [code]
    assert lacks(SCHOOL, CHRISTMAS, "holiday", kind) == [code]


def test_a_school_ground_needs_the_consent_and_the_order_on_that_very_day() -> None:
    assert lacks(ground("school_ground"), SUNDAY) == ["SchoolConsentMissing", "ZillaParishadOrderMissing"]
    assert lacks(ground("school_ground", "zilla_parishad_order"), SUNDAY) == ["SchoolConsentMissing"]
    assert lacks(ground("school_ground", "no_objection", "municipal_order"), MONDAY, "exam") == [
        "NeitherSundayNorHoliday",
        "ExamDay",
        "SchoolConsentMissing",
        "ZillaParishadOrderMissing",
    ]
    first, last = date(2026, 10, 4), date(2026, 12, 27)
    papers = tuple(replace(paper, valid_from=first, valid_until=last) for paper in (CONSENT, ORDER))
    dated = register("venue-1", replace(GROUND, permissions=papers), BARAMATI).state
    assert lacks(dated, first) == lacks(dated, last) == []
    week = timedelta(days=7)
    assert lacks(dated, first - week) == lacks(dated, last + week) != []


def test_a_school_ground_is_not_used_where_nobody_has_said_which_days_are_exams() -> None:
    def silent(venue: Venue, day: date) -> list[str]:
        return [problem.code for problem in missing(venue.kind, venue.permissions, day, None)]

    assert silent(SCHOOL, SUNDAY) == ["CalendarNotDeclared"]
    assert silent(SCHOOL, MONDAY) == ["CalendarNotDeclared", "NeitherSundayNorHoliday"]
    assert silent(ground("municipal_ground", "municipal_order"), MONDAY) == []
    assert silent(ground("weekly_market"), MONDAY) == []


def test_a_municipal_ground_needs_its_order_and_minds_neither_weekday_nor_exam() -> None:
    there = ground("municipal_ground", "municipal_order")
    assert lacks(there, MONDAY, "exam", "holiday") == []
    assert lacks(there, MONDAY, "election", "relief_camp") == ["ElectionDay", "ReliefCampDay"]
    assert lacks(ground("municipal_ground", "no_objection"), MONDAY) == ["MunicipalOrderMissing"]


@pytest.mark.parametrize("kind", ["exhibition_hall", "weekly_market", "route_stop", "permanent_centre"])
def test_other_grounds_need_one_valid_paper_if_there_are_any_and_are_left_to_relief_camps(kind: VenueKind) -> None:
    assert lacks(ground(kind), MONDAY, "exam", "election") == []
    assert lacks(ground(kind), MONDAY, "relief_camp") == ["ReliefCampDay"]
    assert lacks(ground(kind, "no_objection"), MONDAY) == []
    assert lacks(ground(kind, "no_objection"), date(2027, 1, 1)) == ["PermissionMissing"]


def test_a_withdrawn_permission_is_missing_from_that_moment_on_every_day() -> None:
    consent = SCHOOL.permissions[0]
    gone = domain.withdraw(SCHOOL, consent.id, "परीक्षा केंद्र", BARAMATI, NOON).state
    assert lacks(gone, SUNDAY) == ["SchoolConsentMissing"]
    filed = domain.file(gone, "p-new", CONSENT, BARAMATI).state
    assert lacks(filed, SUNDAY) == []


def test_the_refusal_names_all_that_is_missing_day_by_day_in_the_readers_language() -> None:
    with pytest.raises(GroundNotUsable) as refused:
        domain.require_usable(ground("school_ground"), {SUNDAY: frozenset({"exam"}), MONDAY: frozenset()})
    said = refused.value.params["missing"]
    assert isinstance(said, list)
    assert [(row["day"], row["code"]) for row in said] == [
        ("2026-11-22", "ExamDay"),
        ("2026-11-22", "SchoolConsentMissing"),
        ("2026-11-22", "ZillaParishadOrderMissing"),
        ("2026-11-23", "NeitherSundayNorHoliday"),
        ("2026-11-23", "SchoolConsentMissing"),
        ("2026-11-23", "ZillaParishadOrderMissing"),
    ]
    sentences = [refused.value.sentence(language) for language in LANGUAGES]
    assert "परीक्षा आहे." in sentences[0]
    assert "परीक्षा है।" in sentences[1]
    assert "is an exam day in this district." in sentences[2]
    assert all(sentence.count("2026-11-22") == sentence.count("2026-11-23") == 3 for sentence in sentences)
    assert not any(mark in sentence for sentence in sentences for mark in ("..", "।।", "{", "।."))


async def known(venue: Venue = SCHOOL, days: Sequence[CalendarDay] = ()) -> FakeStores:
    stores = FakeStores(VenueDocument, CalendarDocument, UseDocument)

    async def registered() -> Decision[Venue]:
        return Decision(venue)

    async def declared() -> Decision[Calendar]:
        return declare("490", 2026, tuple(days), ADMIN)

    await stores[Venue].create(venue.id, registered)
    await stores[Calendar].create(declared_id(), declared)
    return stores


def declared_id() -> str:
    return declare("490", 2026, (), ADMIN).state.id


async def test_a_ground_is_usable_by_the_calendar_of_its_own_district_and_state() -> None:
    natal = CalendarDay(date=CHRISTMAS, kind="holiday", names=Localized(mr="नाताळ"))
    stores = await known(days=[natal])
    ask = (stores[Venue], stores[Calendar], "venue-1")
    assert await commands.usable(*ask, [SUNDAY, CHRISTMAS], "27") == SCHOOL
    with pytest.raises(GroundNotUsable, match="2026-11-23"):
        await commands.usable(*ask, [SUNDAY, MONDAY], "27")
    with pytest.raises(NotFound):
        await commands.usable(*ask, [SUNDAY], "5")
    with pytest.raises(NotFound):
        await commands.usable(stores[Venue], stores[Calendar], "venue-9", [SUNDAY], "27")


async def test_who_asks_for_a_day_hears_what_is_missing_and_which_call_has_it() -> None:
    stores = await known()
    ask = (stores[Venue], stores[Calendar], stores[Use], "venue-1")
    free = await commands.usability(*ask, SUNDAY, BARAMATI)
    assert (free.may, free.missing, free.taken_by) == (True, (), None)
    await commands.claim_days(stores[Use], "venue-1", [SUNDAY], "call-1", "27")
    assert (await commands.usability(*ask, SUNDAY, BARAMATI)).taken_by == "call-1"
    assert not (await commands.usability(*ask, MONDAY, BARAMATI)).may
    with pytest.raises(NotFound):
        await commands.usability(*ask, SUNDAY, replace(ADMIN, tenant="5"))


async def holder(stores: FakeStores, day: date) -> str | None:
    use = await stores[Use].find(domain.use_id("venue-1", day))
    return use.call if use else None


async def test_a_ground_and_day_belong_to_one_call_and_asking_again_changes_nothing() -> None:
    stores = FakeStores(UseDocument)
    await commands.claim_days(stores[Use], "venue-1", [SUNDAY, MONDAY], "call-1", "27")
    before = await stores[Use].find(domain.use_id("venue-1", SUNDAY))
    await commands.claim_days(stores[Use], "venue-1", [MONDAY, SUNDAY], "call-1", "27")
    assert await stores[Use].find(domain.use_id("venue-1", SUNDAY)) == before
    with pytest.raises(GroundTaken) as taken:
        await commands.claim_days(stores[Use], "venue-1", [MONDAY], "call-2", "27")
    assert taken.value.params == {"venue": "venue-1", "day": "2026-11-23", "call": "call-1", "ground": "venue-1"}
    named = taken.value.on(GROUND.names)
    assert all("माळेगाव" in named.sentence(language) for language in LANGUAGES)
    assert not any(
        "venue-1" in named.sentence(language) or "call-1" in named.sentence(language) for language in LANGUAGES
    )
    await commands.claim_days(stores[Use], "venue-2", [MONDAY], "call-2", "27")


async def test_a_call_that_cannot_have_all_its_days_takes_none() -> None:
    stores = FakeStores(UseDocument)
    await commands.claim_days(stores[Use], "venue-1", [MONDAY], "call-1", "27")
    with pytest.raises(GroundTaken):
        await commands.claim_days(stores[Use], "venue-1", [SUNDAY, MONDAY], "call-2", "27")
    assert await holder(stores, SUNDAY) is None


async def test_a_released_day_is_free_and_the_days_of_others_stay() -> None:
    stores = FakeStores(UseDocument)
    await commands.claim_days(stores[Use], "venue-1", [SUNDAY], "call-1", "27")
    await commands.claim_days(stores[Use], "venue-1", [MONDAY], "call-2", "27")
    for _ in range(2):
        await commands.release_days(stores[Use], "venue-1", [SUNDAY, MONDAY, CHRISTMAS], "call-1")
    assert (await holder(stores, SUNDAY), await holder(stores, MONDAY)) == (None, "call-2")
    await commands.claim_days(stores[Use], "venue-1", [SUNDAY], "call-2", "27")
    assert await holder(stores, SUNDAY) == "call-2"


async def claimed(stores: FakeStores, call: str, minutes_ago: int) -> None:
    use = domain.first_use("27", "venue-1", SUNDAY, call, clock.now() - timedelta(minutes=minutes_ago))

    async def decide() -> Decision[Use]:
        return Decision(use)

    await stores[Use].create(use.id, decide)


@pytest.mark.parametrize(
    ("opened", "minutes_ago", "passes"), [(True, 600, False), (False, 1, False), (False, 11, True)]
)
async def test_a_day_whose_call_was_never_opened_is_free_again_after_ten_minutes(
    opened: bool, minutes_ago: int, passes: bool
) -> None:
    stores = FakeStores(UseDocument)
    await claimed(stores, "call-1", minutes_ago)

    async def lives(call: str) -> bool:
        return call == "call-1" and opened

    if not passes:
        with pytest.raises(GroundTaken):
            await commands.claim_days(stores[Use], "venue-1", [SUNDAY], "call-2", "27", lives)
    else:
        await commands.claim_days(stores[Use], "venue-1", [SUNDAY], "call-2", "27", lives)
    assert await holder(stores, SUNDAY) == ("call-2" if passes else "call-1")


def test_whose_claim_was_found_dead_is_passed_over_but_not_who_came_meanwhile() -> None:
    second = domain.first_use("27", "venue-1", SUNDAY, "call-2", NOON)
    with pytest.raises(GroundTaken):
        domain.claim(second, "call-3", NOON, abandoned="call-1")
    assert domain.claim(second, "call-3", NOON, abandoned="call-2").state.call == "call-3"


def test_every_reason_names_its_day_in_three_languages() -> None:
    kinds: list[type[Problem]] = [
        NeitherSundayNorHoliday,
        *ON_SUCH_DAYS.values(),
        *WITHOUT.values(),
    ]
    for kind in kinds:
        assert all("2026-11-22" in kind(day="2026-11-22").sentence(language) for language in LANGUAGES), kind
