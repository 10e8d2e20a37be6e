from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.stalls.credits import commands, domain
from services.stalls.credits.consumers import ALLOTMENTS
from services.stalls.credits.domain import CreditAccount, Entry, Kind, Standing, account_id, charge, opened, standing
from services.stalls.credits.store import CreditDocument
from services.stalls.makers.domain import KnownGroup
from services.stalls.makers.store import AliasesDocument, KnownGroupDocument
from shared.contracts.stalls import VenueName
from shared.contracts.stalls_allotments import AllotmentConfirmed, AllotmentGivenBack, Held, StandbySeated
from shared.decisions import Decision
from shared.errors import NotFound
from shared.events import Event
from shared.places.area import OutsideArea
from shared.scope import Role, Scope
from shared.testing import FakeStores

TODAY = date(2026, 11, 22)
SAVITRI = KnownGroup(id="savitri", tenant="27", programme="umed", district="490", block="4512", local_body=None)
LEADER = Scope(tenant="27", role=Role.GROUP_LEADER, party="person-savita", groups=frozenset({"savitri"}))
PUNE = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer-pune", district="490")
HELD = Held(
    application="application-1",
    call="call-1",
    group="savitri",
    event=1,
    venue="venue-1",
    days=(date(2026, 12, 13), date(2026, 12, 6)),
    stall=3,
)


def account(*entries: tuple[date, int]) -> CreditAccount:
    made = tuple(Entry(id=f"allotment-{n}", on=on, credits=credits_) for n, (on, credits_) in enumerate(entries))
    return replace(opened("27", "savitri"), entries=made)


@pytest.mark.parametrize(
    ("on", "tier"),
    [
        (date(2025, 11, 21), 0),
        (date(2025, 11, 22), 0),
        (date(2025, 11, 23), 1),
        (TODAY, 1),
        (date(2026, 12, 6), 1),
    ],
)
def test_a_stall_counts_for_a_year_and_its_own_day_last_year_no_more(on: date, tier: int) -> None:
    assert standing(account((on, 1)), TODAY) == Standing(tier=tier, ever=True)


def test_the_year_before_a_leap_day_begins_after_the_28th() -> None:
    leap = date(2028, 2, 29)
    assert standing(account((date(2027, 2, 28), 1)), leap).tier == 0
    assert standing(account((date(2027, 3, 1), 1)), leap).tier == 1


def test_the_tier_is_the_sum_of_credits_and_never_above_seven() -> None:
    assert standing(account((TODAY, 2), (TODAY, 1), (date(2024, 1, 1), 5)), TODAY).tier == 3
    assert standing(account(*[(TODAY, 2)] * 4), TODAY).tier == 7
    assert standing(account(), TODAY) == Standing(tier=0, ever=False)


def test_the_same_entry_is_charged_once() -> None:
    entry = Entry(id="allotment-1", on=TODAY, credits=1)
    once = charge(opened("27", "savitri"), entry).state
    assert charge(once, entry).state == once
    assert len(charge(once, replace(entry, id="allotment-2")).state.entries) == 2


def confirmed(allotment: str = "allotment-1") -> Event[Any]:
    said = AllotmentConfirmed(held=HELD, venue_name=VenueName(mr="माळेगाव मैदान"))
    at = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    return Event(data=said, id=f"{allotment}:1:2", subject=allotment, tenant="27", incarnation=1, sequence=2, time=at)


async def test_a_confirmed_stall_is_one_credit_from_its_first_day_however_often_it_is_told() -> None:
    stores = FakeStores(CreditDocument)
    react = ALLOTMENTS.reactions[AllotmentConfirmed.name, 1].handle
    for allotment in ("allotment-1", "allotment-1", "allotment-2", "allotment-1"):
        await react(confirmed(allotment), stores)
    there = await stores[CreditAccount].get(account_id("27", "savitri"))
    assert there.entries == tuple(
        Entry(id=allotment, on=date(2026, 12, 6), credits=1) for allotment in ("allotment-1", "allotment-2")
    )
    assert CreditDocument.state({"_id": there.id, "tenant": "27", **CreditDocument.of(there)}) == there


def test_the_same_group_id_in_two_states_has_two_accounts() -> None:
    assert account_id("27", "savitri") != account_id("5", "savitri")


async def known() -> FakeStores:
    stores = FakeStores(CreditDocument, KnownGroupDocument, AliasesDocument)

    async def registered() -> Decision[KnownGroup]:
        return Decision(SAVITRI)

    await stores[KnownGroup].create(SAVITRI.id, registered)
    return stores


async def test_a_group_reads_what_counts_the_newest_first() -> None:
    stores = await known()
    read = (stores, "savitri", TODAY, LEADER)
    assert (await commands.read(*read)).entries == ()
    for n, on in enumerate((date(2026, 3, 8), date(2024, 3, 8), date(2026, 10, 4))):
        await commands.charge(stores[CreditAccount], "27", "savitri", f"allotment-{n}", on)
    balance = await commands.read(*read)
    assert (balance.credits, balance.tier, balance.ever) == (2, 2, True)
    assert [entry.on for entry in balance.entries] == [date(2026, 10, 4), date(2026, 3, 8)]


async def test_a_groups_credits_are_seen_by_itself_and_the_officers_of_its_place() -> None:
    stores = await known()
    for scope, refusal in (
        (replace(LEADER, groups=frozenset({"jijau"})), NotFound),
        (replace(PUNE, tenant="5"), NotFound),
        (replace(PUNE, district="467"), OutsideArea),
        (replace(PUNE, role=Role.BLOCK_OFFICER, block="4515"), OutsideArea),
    ):
        with pytest.raises(refusal):
            await commands.read(stores, "savitri", TODAY, scope)
    for scope in (PUNE, replace(PUNE, role=Role.BLOCK_OFFICER, block="4512"), replace(PUNE, role=Role.ADMIN)):
        balance = await commands.read(stores, "savitri", TODAY, scope)
        assert balance.group == "savitri"


async def test_a_group_nobody_registered_has_no_credits() -> None:
    stores = await known()
    with pytest.raises(NotFound, match="jijau"):
        await commands.read(stores, "jijau", TODAY, PUNE)


def test_what_counts_is_the_same_however_the_entries_came_in() -> None:
    first, second = Entry(id="a", on=TODAY, credits=1), Entry(id="b", on=TODAY, credits=1)
    assert domain.counting([first, second], TODAY) == domain.counting([second, first], TODAY) == (second, first)


def kinds(there: CreditAccount) -> list[tuple[str, str, int]]:
    return [(entry.id, entry.kind.value, entry.credits) for entry in there.entries]


def test_a_stall_given_back_in_time_costs_nothing_and_was_never_had() -> None:
    had = account((TODAY, 1))
    returned = domain.change(had, "allotment-0", Kind.RETURNED).state
    assert standing(returned, TODAY) == Standing(tier=0, ever=False)
    assert domain.change(returned, "allotment-0", Kind.RETURNED).state == returned
    assert domain.change(returned, "allotment-0", Kind.NO_SHOW).state == returned
    assert domain.change(had, "allotment-9", Kind.RETURNED).state == had, "what was never charged is not returned"


def test_a_day_nobody_came_costs_one_more_once_and_nothing_when_it_is_excused() -> None:
    had = account((TODAY, 1))
    missed = domain.change(domain.change(had, "allotment-0", Kind.NO_SHOW).state, "allotment-0", Kind.NO_SHOW).state
    assert standing(missed, TODAY).tier == 2
    excused = domain.change(missed, "allotment-0", Kind.EXCUSED).state
    assert standing(excused, TODAY) == Standing(tier=1, ever=True)
    assert kinds(excused) == [
        ("allotment-0", "stall", 1),
        ("allotment-0", "no_show", 1),
        ("allotment-0", "excused", -1),
    ]
    assert domain.change(had, "allotment-0", Kind.EXCUSED).state == had, "nothing to excuse"


def test_an_appeal_is_heard_for_a_week() -> None:
    domain.require_in_time(TODAY, date(2026, 11, 29))
    with pytest.raises(domain.AppealTooLate, match="2026-11-29"):
        domain.require_in_time(TODAY, date(2026, 11, 30))


def test_entries_of_before_kinds_are_stalls() -> None:
    kept = CreditDocument.of(account((TODAY, 1)))
    old = {**kept, "entries": [{k: v for k, v in entry.items() if k != "kind"} for entry in kept["entries"]]}
    assert CreditDocument.state({"_id": account_id("27", "savitri"), "tenant": "27", **old}) == account((TODAY, 1))


@pytest.mark.parametrize(("credit", "tier"), [("returned", 0), ("kept", 1)])
async def test_what_is_given_back_is_told_to_the_account_however_often(credit: str, tier: int) -> None:
    stores = FakeStores(CreditDocument)
    told = AllotmentGivenBack.model_validate({"held": HELD, "venue_name": {"mr": "माळेगाव मैदान"}, "credit": credit})
    given = replace(confirmed(), data=told, id="allotment-1:1:3", sequence=3)
    await ALLOTMENTS.reactions[AllotmentConfirmed.name, 1].handle(confirmed(), stores)
    for _ in range(2):
        await ALLOTMENTS.reactions[AllotmentGivenBack.name, 1].handle(given, stores)
    assert standing(await stores[CreditAccount].get(account_id("27", "savitri")), TODAY).tier == tier


async def test_a_stall_taken_on_the_day_is_a_turn_too() -> None:
    stores = FakeStores(CreditDocument)
    told = StandbySeated(held=HELD, venue_name=VenueName(mr="माळेगाव मैदान"), place=4)
    await ALLOTMENTS.reactions[StandbySeated.name, 1].handle(replace(confirmed(), data=told), stores)
    assert standing(await stores[CreditAccount].get(account_id("27", "savitri")), TODAY) == Standing(tier=1, ever=True)
