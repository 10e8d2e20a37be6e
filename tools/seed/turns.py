"""Grounds, holidays, credits and a call as seedlings."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from services.stalls.calendars import commands as calendars
from services.stalls.calendars.domain import Calendar, calendar_id
from services.stalls.calls import commands as calls
from services.stalls.calls.domain import Call
from services.stalls.credits import commands as credits_
from services.stalls.credits.domain import CreditAccount, Entry, account_id
from services.stalls.offers.domain import Opening
from services.stalls.venues import commands as venues
from services.stalls.venues.domain import Ground, Venue
from shared.aggregates import Work
from shared.scope import Caller
from tools.seed.callers import admin, caller, officer
from tools.seed.fairs import credits_of, fair_seats, holidays, opening
from tools.seed.grounds import ground
from tools.seed.groups import Market, id_of
from tools.seed.market import sellers
from tools.seed.places import Seat, seats, venue_seats
from tools.seed.planting import Seedling

VENUE_STATES = ("27", "5", "10")


def venue_seedlings(market: Market, today: date) -> Iterator[Seedling]:
    """Of every state whose towns are known: an officer of one sees none of another's."""
    for state in VENUE_STATES:
        for number, seat in enumerate(venue_seats(state)):
            by = _opener(market, state, seat)
            plant = partial(_found, ground(seat, number, today), by)
            yield Seedling(holds=Venue, id=by.new_id("venues"), plant=plant)


def _opener(market: Market, state: str, seat: Seat) -> Caller:
    return caller(market, admin(state), f"venue:{seat.code}")


def venue_count() -> int:
    return sum(len(venue_seats(state)) for state in VENUE_STATES)


async def _found(place: Ground, by: Caller, work: Work) -> None:
    await venues.register(work[Venue], place, by)


def calendar_seedlings(market: Market, today: date) -> Iterator[Seedling]:
    """This year and the next of every district that has a venue."""
    for state in VENUE_STATES:
        for seat in seats(state):
            for year in (today.year, today.year + 1):
                by = caller(market, admin(state), f"calendar:{seat.district}:{year}")
                plant = partial(_declare, seat.district, year, by)
                yield Seedling(holds=Calendar, id=calendar_id(state, seat.district, year), plant=plant)


def calendar_count() -> int:
    return 2 * sum(len(seats(state)) for state in VENUE_STATES)


async def _declare(district: str, year: int, by: Caller, work: Work) -> None:
    await calendars.declare(work[Calendar], district, year, holidays(by.scope.tenant, year), by)


def credit_seedlings(market: Market, today: date) -> Iterator[Seedling]:
    """Of the groups that sell something and had a stall in the last year."""
    for number in sellers(market):
        if entries := tuple(credits_of(number, today)):
            group = id_of(market, number)
            plant = partial(_charge, market.state, group, entries)
            yield Seedling(holds=CreditAccount, id=account_id(market.state, group), plant=plant)


async def _charge(state: str, group: str, entries: tuple[Entry, ...], work: Work) -> None:
    for one in entries:
        await credits_.charge(work[CreditAccount], state, group, one.id, one.on, one.credits)


def call_seedlings(market: Market, now: datetime) -> Iterator[Seedling]:
    """One call, where its districts are of this state."""
    numbers = {seat: number for number, seat in enumerate(venue_seats(market.state))}
    grounds = {
        _opener(market, market.state, seat).new_id("venues"): ground(seat, numbers[seat], now.date()).stalls
        for seat in fair_seats(market.state)
    }
    if grounds:
        by = officer(market, "call")
        needs = {Venue: list(grounds)}
        plant = partial(_call, opening(grounds, market.seed, now), by)
        yield Seedling(holds=Call, id=by.new_id("calls"), needs=needs, plant=plant)


async def _call(asked: Opening, by: Caller, work: Work) -> None:
    await calls.open_(work, asked, by)
