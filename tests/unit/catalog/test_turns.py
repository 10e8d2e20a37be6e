"""Which groups had a stall in a year: from what the stall office tells, in whatever order and however often."""

from datetime import date
from typing import Any

from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument
from services.catalog.merges import commands as merges
from services.catalog.turns.consumers import ALLOTMENTS
from services.catalog.turns.store import TurnsDocument
from shared import clock
from shared.aggregates import first_kept
from shared.contracts.stalls import VenueName
from shared.contracts.stalls_allotments import (
    AllotmentConfirmed,
    AllotmentGivenBack,
    AllotmentUpgraded,
    Held,
    StandbySeated,
)
from shared.events import Event, Fact
from shared.testing import FakeStores
from tests.unit.catalog.test_merges import MAVIM, SAVITRI

HALL = VenueName(mr="जिल्हा परिषद मैदान")
NEW_YEAR = (date(2026, 12, 31), date(2027, 1, 1))
DIWALI = (date(2026, 11, 7),)


def held(group: str, days: tuple[date, ...]) -> Held:
    return Held(application="a", call="c", group=group, event=1, venue="v", days=days, stall=3)


def confirmed(days: tuple[date, ...], group: str = "savitri") -> Fact:
    return AllotmentConfirmed(held=held(group, days), venue_name=HALL)


def given_back(days: tuple[date, ...]) -> Fact:
    return AllotmentGivenBack(held=held("savitri", days), venue_name=HALL, credit="kept")


def upgraded(**said: Any) -> Fact:
    better, before = held("savitri", (date(2025, 10, 4),)), held("savitri", DIWALI)
    return AllotmentUpgraded(held=better, venue_name=HALL, before=before, venue_name_before=HALL, **said)


async def office(*groups: Group) -> FakeStores:
    stores = FakeStores(GroupDocument, TurnsDocument)
    for group in groups or (SAVITRI,):
        await first_kept(stores[Group], group.id, group)
    return stores


async def told(stores: FakeStores, allotment: str, fact: Fact, sequence: int) -> None:
    event = Event(fact, f"{allotment}:1:{sequence}", allotment, "27", 1, sequence, clock.now())
    await ALLOTMENTS.reactions[fact.name, fact.major].handle(event, stores)


async def years(stores: FakeStores, group: str = "savitri") -> tuple[int, ...]:
    found: Group = await stores[Group].get(group)
    return found.years


async def test_a_confirmed_stall_counts_in_each_year_of_its_days() -> None:
    stores = await office()
    await told(stores, "one", confirmed(NEW_YEAR), 2)
    assert await years(stores) == (2026, 2027)
    assert stores.facts(Group) == [], "subscribers have it from the stall office itself"


async def test_a_stall_given_back_counts_no_more_unless_another_was_had_that_year() -> None:
    stores = await office()
    await told(stores, "one", confirmed(NEW_YEAR), 2)
    await told(stores, "two", StandbySeated(held=held("savitri", DIWALI), venue_name=HALL, place=9), 4)
    await told(stores, "one", given_back(NEW_YEAR), 3)
    assert await years(stores) == (2026,)
    await told(stores, "two", given_back(DIWALI), 5)
    assert await years(stores) == ()


async def test_what_is_told_again_later_changes_nothing() -> None:
    stores = await office()
    for sequence, fact in ((2, confirmed(DIWALI)), (3, given_back(DIWALI)), (2, confirmed(DIWALI))):
        await told(stores, "one", fact, sequence)
    assert await years(stores) == ()


async def test_a_better_stall_counts_once_it_is_hers_and_not_while_it_waits_for_her_answer() -> None:
    stores = await office()
    await told(stores, "one", upgraded(confirm_by=clock.now()), 2)
    assert await years(stores) == ()
    await told(stores, "one", confirmed(DIWALI), 3)
    await told(stores, "one", upgraded(), 4)
    assert await years(stores) == (2025,)


async def test_an_aliass_stall_counts_for_the_group_it_stands_for() -> None:
    stores = await office(SAVITRI, MAVIM)
    await merges.merge(stores[Group], "jijau", "savitri")
    await told(stores, "one", confirmed(DIWALI, "jijau"), 2)
    assert await years(stores) == (2026,)
    await merges.split(stores[Group], "jijau", "savitri")
    assert (await years(stores), await years(stores, "jijau")) == ((), (2026,))


async def test_the_years_come_back_from_the_document_and_a_group_nobody_registered_stops_nothing() -> None:
    stores = await office()
    await told(stores, "one", confirmed(DIWALI, "unknown"), 2)
    await told(stores, "two", confirmed(DIWALI), 2)
    doc = GroupDocument.of(await stores[Group].get("savitri"))
    assert (doc["stall_years"], doc["own_years"]) == ([2026], [2026])
