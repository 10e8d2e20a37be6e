"""Whose day a ground is and how many turns a group had, on a real MongoDB."""

import asyncio
from datetime import date
from typing import Any

import pytest

from services.stalls.credits import commands as credits_
from services.stalls.credits.consumers import ALLOTMENTS
from services.stalls.credits.domain import CreditAccount, Standing
from services.stalls.makers.consumers import GROUPS, PRODUCTS
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.makers.projections import find_group, find_products
from services.stalls.venues import commands as venues
from services.stalls.venues.domain import GroundTaken, Use, use_id
from services.stalls.wiring import SERVICE
from shared.clock import now
from shared.consumer.work import UnitOfWork
from shared.contracts.catalog import GroupRegistered, ProductListed, ProductPaused, VariantOffer
from shared.contracts.stalls import VenueName
from shared.contracts.stalls_allotments import AllotmentConfirmed, Held
from shared.events import Event, Fact
from shared.handlers import Handlers
from shared.scope import Role
from tests.integration.serving import House
from tests.integration.test_stalls import house

__all__ = ["house"]

DAYS = [date(2026, 12, 6), date(2026, 12, 13), date(2026, 12, 20)]
AS_OF = date(2026, 11, 22)


def event(fact: Fact, subject: str, sequence: int = 1) -> Event[Any]:
    return Event(fact, f"{subject}:1:{sequence}", subject, "27", 1, sequence, now())


async def reacted(house: House, handlers: Handlers, *events: Event[Any]) -> None:
    """All of them as one batch, in one transaction."""
    async with house.database.client.start_session() as session, await session.start_transaction():
        work = UnitOfWork(house.database, {kind.holds: kind for kind in SERVICE.kinds}, session)
        for each in events:
            reaction = handlers.reactions[each.data.name, each.data.major]
            await work.load({holds: ids(each) for holds, ids in reaction.loads.items()})
            await reaction.handle(each, work)
            work.keep()
        await work.write()


async def claimed(house: House, call: str, days: list[date]) -> bool:
    try:
        await venues.claim_days(house.running.stores[Use], "venue-1", days, call, "27")
    except GroundTaken:
        return False
    return True


async def test_of_officers_who_claim_the_same_ground_and_day_at_once_exactly_one_wins(house: House) -> None:
    calls = [f"call-{n}" for n in range(12)]
    won = await asyncio.gather(*(claimed(house, call, DAYS[:1]) for call in calls))
    assert won.count(True) == 1
    use = await house.running.stores[Use].find(use_id("venue-1", DAYS[0]))
    assert use is not None
    assert use.call == calls[won.index(True)]
    assert await claimed(house, calls[won.index(True)], DAYS[:1])


async def test_of_overlapping_claims_one_has_all_its_days_and_no_day_two_holders(house: House) -> None:
    wishes = {"call-1": DAYS, "call-2": [*reversed(DAYS)], "call-3": DAYS[1:], "call-4": DAYS[:2]}
    won = await asyncio.gather(*(claimed(house, call, days) for call, days in wishes.items()))
    assert won.count(True) == 1
    has_all = list(wishes)[won.index(True)]
    for day in wishes[has_all]:
        use = await house.running.stores[Use].find(use_id("venue-1", day))
        assert use is not None
        assert use.call == has_all


async def test_a_released_day_is_won_again_by_exactly_one(house: House) -> None:
    assert await claimed(house, "call-0", DAYS)
    await venues.release_days(house.running.stores[Use], "venue-1", DAYS, "call-0")
    won = await asyncio.gather(*(claimed(house, f"call-{n}", DAYS[:1]) for n in range(1, 9)))
    assert won.count(True) == 1


async def test_the_call_that_has_a_ground_is_shown_to_who_asks_for_the_day(house: House) -> None:
    hall = {"kind": "weekly_market", "owner": "ग्रामपंचायत माळेगाव", "names": {"mr": "आठवडी बाजार"}, "stalls": 30}
    body = {**hall, "district": "490", "block": "4512"}
    venue = (await house.ask("POST", "/venues", Role.ADMIN, body)).json()["id"]
    await venues.claim_days(house.running.stores[Use], venue, DAYS[:1], "call-1", "27")
    for day, call in (("2026-12-06", "call-1"), ("2026-12-07", None)):
        shown = await house.ask("GET", f"/venues/{venue}/use?date={day}", Role.BUYER)
        assert (shown.json()["may"], shown.json()["taken_by"]) == (True, call)


def confirmed(allotment: str, group: str = "savitri", days: tuple[date, ...] = (DAYS[1], DAYS[0])) -> Event[Any]:
    place = {"application": f"of-{allotment}", "call": "call-1", "event": 1, "venue": "venue-1", "stall": 3}
    held = Held.model_validate({**place, "group": group, "days": days})
    return event(AllotmentConfirmed(held=held, venue_name=VenueName(mr="आठवडी बाजार")), allotment, 2)


async def registered(house: House) -> None:
    await reacted(
        house,
        GROUPS,
        event(GroupRegistered(programme="umed", district="490", block="4512"), "savitri"),
        event(GroupRegistered(programme="nulm", district="490", local_body="251530"), "jijau"),
    )


async def test_a_replayed_confirmation_charges_once_in_one_batch_and_in_the_next(house: House) -> None:
    await registered(house)
    once, twice = confirmed("allotment-1"), confirmed("allotment-2")
    await reacted(house, ALLOTMENTS, once, once, twice)
    await reacted(house, ALLOTMENTS, twice, once)
    mine: dict[str, Any] = {"groups": ["savitri"]}
    shown = (await house.ask("GET", "/credits?group=savitri", Role.GROUP_LEADER, **mine)).json()
    assert (shown["credits"], shown["tier"], shown["ever"]) == (2, 2, True)
    assert [(entry["id"], entry["on"], entry["credits"]) for entry in shown["entries"]] == [
        ("allotment-2", "2026-12-06", 1),
        ("allotment-1", "2026-12-06", 1),
    ]


async def test_first_charges_that_come_at_once_open_one_account_and_none_is_lost(house: House) -> None:
    accounts = house.running.stores[CreditAccount]
    await asyncio.gather(
        *(credits_.charge(accounts, "27", "savitri", f"allotment-{n % 5}", DAYS[0]) for n in range(20))
    )
    assert await credits_.standing(house.database, "27", ["savitri"], AS_OF) == {"savitri": Standing(tier=5, ever=True)}


async def test_where_thousands_of_groups_stand_is_read_at_once_in_the_order_asked(house: House) -> None:
    groups = [f"group-{n:04}" for n in range(2_500)]
    for group, on in ((groups[7], DAYS[0]), (groups[1_900], date(2025, 11, 22)), (groups[2_499], date(2026, 1, 26))):
        await credits_.charge(house.running.stores[CreditAccount], "27", group, "allotment-1", on, 2)
    standing = await credits_.standing(house.database, "27", groups, AS_OF)
    assert list(standing) == groups
    assert {group: found for group, found in standing.items() if found.ever} == {
        groups[7]: Standing(tier=2, ever=True),
        groups[1_900]: Standing(tier=0, ever=True),
        groups[2_499]: Standing(tier=2, ever=True),
    }
    assert await credits_.standing(house.database, "5", groups[7:8], AS_OF) == {groups[7]: Standing()}
    assert await credits_.standing(house.database, "27", [], AS_OF) == {}


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"role": Role.GROUP_LEADER, "groups": ["jijau"]}, 404),
        ({"role": Role.DISTRICT_OFFICER, "district": "491"}, 403),
        ({"role": Role.DISTRICT_OFFICER, "district": "490"}, 200),
        ({"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}, 200),
        ({"role": Role.ADMIN, "state": "5"}, 404),
        ({"role": Role.BUYER}, 403),
    ],
)
async def test_a_groups_credits_are_for_itself_and_its_officers(
    house: House, claims: dict[str, Any], status: int
) -> None:
    await registered(house)
    assert (await house.ask("GET", "/credits?group=savitri", **claims)).status_code == status


@pytest.mark.parametrize(("query", "status"), [("", 422), ("?group=%00", 404), ("?group=" + "अ" * 201, 422)])
async def test_an_odd_group_has_no_credits_and_breaks_nothing(house: House, query: str, status: int) -> None:
    assert (await house.ask("GET", f"/credits{query}", Role.ADMIN)).status_code == status


async def test_groups_and_products_of_the_catalogue_are_known_after_their_facts(house: House) -> None:
    await registered(house)
    offers = (VariantOffer(sku="udid-250g", unit_price_paise=12_550, tax_basis_points=500),)
    listed = ProductListed(seller="savitri", district="490", category="food", variants=offers)
    await reacted(house, PRODUCTS, event(listed, "papad"), event(listed, "halad"))
    await reacted(house, PRODUCTS, event(ProductPaused(), "halad", 2))
    stores = house.running.stores
    town = await find_group(stores[KnownGroup], "jijau", "27")
    assert town is not None
    assert town.tags == {"nulm", "urban"}
    found = await find_products(stores[KnownProduct], ["papad", "halad", "lonche"], "27")
    assert {id_: (product.category, product.on_sale) for id_, product in found.items()} == {
        "papad": ("food", True),
        "halad": ("food", False),
    }
