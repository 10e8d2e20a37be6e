from datetime import UTC, date, datetime, timedelta

import pytest

from services.stalls.calendars import domain as calendars
from services.stalls.calls.domain import open_
from services.stalls.credits.domain import CreditAccount, standing
from services.stalls.permits.domain import missing
from services.stalls.venues import domain as venues
from services.stalls.venues.domain import Venue
from shared.clock import INDIA
from shared.scope import Role, Scope
from tools.seed import fairs, people
from tools.seed.grounds import ground
from tools.seed.groups import Market
from tools.seed.places import seats
from tools.seed.turns import VENUE_STATES, calendar_count, calendar_seedlings, call_seedlings, credit_seedlings

MARKET = Market(state="27", groups=5000, products=1500, seed=7)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAYS = [NOW, datetime(2027, 12, 31, 20, 0, tzinfo=UTC), datetime(2028, 2, 29, 3, 0, tzinfo=UTC)]
ADMIN = Scope(tenant="27", role=Role.ADMIN, party=people.party("admin"))


@pytest.fixture(scope="module")
def grounds() -> dict[str, Venue]:
    """Every ground of Maharashtra as registered, by its district."""
    return {
        seat.district: venues.register(seat.district, ground(seat, number, NOW.date()), ADMIN).state
        for number, seat in enumerate(seats("27"))
    }


@pytest.mark.parametrize("now", DAYS)
def test_the_open_call_is_taken_on_any_day(now: datetime, grounds: dict[str, Venue]) -> None:
    offered = {id_: venue.stalls for id_, venue in grounds.items() if id_ in fairs.FAIR_DISTRICTS}
    asked = fairs.opening(offered, MARKET.seed, now)
    call = open_("call", asked, grounds, ADMIN, now).state
    assert len(call.events) == 3
    assert call.opens_at < call.closes_at < call.public_at
    assert [event.stalls for event in call.events] == list(offered.values()), "every stall of the ground is offered"


def test_its_grounds_may_be_used_on_its_day(grounds: dict[str, Venue]) -> None:
    (day,) = {day for offer in fairs.opening({"490": 12}, 7, NOW).offers for day in offer.days}
    assert day.isoweekday() == 7
    for venue in (grounds[district] for district in fairs.FAIR_DISTRICTS):
        assert not missing(venue.kind, venue.permissions, day, frozenset())


def test_there_is_one_call_and_none_in_a_state_without_its_districts() -> None:
    assert len(list(call_seedlings(MARKET, NOW))) == 1
    assert not list(call_seedlings(Market(state="10", groups=10, products=3, seed=7), NOW))


@pytest.mark.parametrize("state", VENUE_STATES)
def test_holidays_of_fixed_date_are_declared_for_two_years(state: str) -> None:
    scope = Scope(tenant=state, role=Role.ADMIN, party="p")
    for year in (2026, 2027):
        days = calendars.declare(seats(state)[0].district, year, fairs.holidays(state, year), scope).state.days
        assert {day.date for day in days} >= {date(year, 1, 26), date(year, 8, 15), date(year, 10, 2)}
        assert (date(year, 5, 1) in {day.date for day in days}) == (state == "27")
    assert len(list(calendar_seedlings(MARKET, NOW.date()))) == calendar_count() == 2 * 47


def test_a_year_of_credits_gives_groups_tiers_from_none_to_four() -> None:
    today = NOW.astimezone(INDIA).date()
    accounts = [
        CreditAccount(id="a", tenant="27", group="g", entries=tuple(fairs.credits_of(number, today)))
        for number in range(600)
    ]
    assert {standing(account, today).tier for account in accounts} == {0, 1, 2, 3, 4}
    for account in accounts:
        assert all(today - timedelta(days=366) < entry.on < today for entry in account.entries)
    assert len(list(credit_seedlings(MARKET, today))) > 200
