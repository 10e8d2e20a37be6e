"""One group under several ids: it applies once, counts its turns once, and an undone merge leaves each her own."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.stalls.applications.domain import (
    AlreadyApplied,
    GroupInactive,
    may_stand_at,
    natural_id,
    revise,
    rivals,
    submit,
    withdraw,
)
from services.stalls.credits import domain as credits_
from services.stalls.credits.domain import Entry
from services.stalls.freezes.domain import once_each
from services.stalls.makers import projections
from services.stalls.makers.domain import Aliases, Family, KnownGroup
from services.stalls.makers.store import KnownGroupDocument
from services.stalls.wishes.domain import ProductNotHers
from shared.contracts.catalog import (
    GroupChanged,
    GroupDeactivated,
    GroupMerged,
    GroupReactivated,
    GroupRegistered,
    GroupSplit,
)
from shared.testing import FakeStores
from tests.unit.stalls.fairs import DESK, GROUP, LEADER, NOW, PRODUCTS, TICKET, WISH, application, call
from tests.unit.stalls.test_makers import event, reacted

RANI, SAVITRI = "rani", "savitri"
REGISTERED = GroupRegistered(programme="mavim", district="490", block="4512")
MERGED = GroupMerged(into=RANI)
SPLIT = GroupSplit(out_of=RANI)
BOTH = frozenset({RANI, SAVITRI})
FAMILY = Family(id=RANI, ids=BOTH, ties=frozenset({RANI}), shared=True)


async def family_of(stores: FakeStores, id_: str) -> Family:
    known = await projections.find_group(stores[KnownGroup], id_, "27")
    assert known is not None
    return await projections.find_family(stores, known)


def of(id_: str, *facts: Any) -> list[Any]:
    return [event(fact, id_, at) for at, fact in enumerate(facts, 1)]


async def test_after_a_merge_both_ids_are_one_group_whichever_reached_us_first() -> None:
    one, other = of(SAVITRI, REGISTERED, MERGED), of(RANI, REGISTERED)
    for order in ([*other, *one], [*one, *other]):
        stores = await reacted(*order)
        families = [await family_of(stores, id_) for id_ in (SAVITRI, RANI)]
        assert {(family.id, family.ids) for family in families} == {(RANI, BOTH)}


async def test_an_undone_merge_leaves_two_groups_of_which_one_remembers_the_tie() -> None:
    stores = await reacted(*of(RANI, REGISTERED), *of(SAVITRI, REGISTERED, MERGED, SPLIT))
    alone = await family_of(stores, SAVITRI)
    assert (alone.id, alone.ids, alone.ties) == (SAVITRI, frozenset({SAVITRI}), frozenset({RANI}))
    assert (await family_of(stores, RANI)).ids == {RANI}
    assert await stores[Aliases].find(RANI) == Aliases(id=RANI, tenant="27")


async def test_who_was_one_with_two_groups_after_each_other_remembers_both_ties() -> None:
    stores = await reacted(*of(SAVITRI, REGISTERED, MERGED, SPLIT, GroupMerged(into="usha")))
    assert (await family_of(stores, SAVITRI)).ties == {RANI, "usha"}


async def test_a_change_says_where_it_is_and_of_which_programmes() -> None:
    changed = GroupChanged(programme="mavim", programmes=("mavim", "umed"), district="467", local_body="251312")
    stores = await reacted(*of(RANI, REGISTERED, changed))
    known = await projections.find_group(stores[KnownGroup], RANI, "27")
    assert known is not None
    assert known.tags == {"mavim", "umed", "urban"}
    assert (known.district, known.block, known.local_body) == ("467", None, "251312")


async def test_a_closed_group_takes_part_again_when_it_is_brought_back() -> None:
    closed = (REGISTERED, GroupDeactivated(reason="inactive"))
    assert not (await family_of(await reacted(*of(RANI, *closed)), RANI)).active
    assert (await family_of(await reacted(*of(RANI, *closed, GroupReactivated())), RANI)).active


async def test_an_alias_is_as_active_as_the_group_it_stands_for() -> None:
    closed = GroupDeactivated(reason="closed")
    stores = await reacted(*of(RANI, REGISTERED, closed), *of(SAVITRI, REGISTERED, MERGED))
    assert not (await family_of(stores, SAVITRI)).active


def test_a_group_of_before_merges_were_known_is_read_as_one_that_takes_part() -> None:
    old = {"_id": "savitri", "tenant": "27", "schema": 1, "programme": "umed", "district": "490", "block": "4512"}
    assert KnownGroupDocument.load({**old, "local_body": None}) == GROUP


def test_a_group_that_is_not_active_does_not_apply_nor_change_what_it_asked() -> None:
    desk = replace(DESK, family=Family(id=SAVITRI, ids=frozenset({SAVITRI}), active=False))
    with pytest.raises(GroupInactive) as refused:
        submit("application-1", SAVITRI, WISH, desk, ticket=TICKET, by=LEADER, now=NOW)
    assert "नोंदणीत सक्रिय नाही" in refused.value.sentence("mr")
    with pytest.raises(GroupInactive):
        revise(application(), replace(WISH, choices=(1,)), desk, LEADER, NOW)
    assert withdraw(application(), call(), LEADER, NOW).facts, "what she asked she may take back"


def test_she_applies_with_products_that_stand_under_another_of_her_ids() -> None:
    quilt = replace(WISH, products=("quilt",))
    with pytest.raises(ProductNotHers):
        submit("application-1", SAVITRI, quilt, DESK, ticket=TICKET, by=LEADER, now=NOW)
    hers = replace(DESK, family=FAMILY, products=PRODUCTS)
    applied = submit("application-1", SAVITRI, quilt, hers, ticket=TICKET, by=LEADER, now=NOW).state
    assert (applied.group, applied.categories) == (SAVITRI, ("textiles",))


def test_who_has_applied_under_another_id_neither_applies_nor_comes_back_but_changes_what_stands() -> None:
    desk = replace(DESK, family=FAMILY, rivals=("application-of-rani",))
    with pytest.raises(AlreadyApplied, match="application-of-rani"):
        submit("application-1", SAVITRI, WISH, desk, ticket=TICKET, by=LEADER, now=NOW)
    gone = withdraw(application(), call(), LEADER, NOW).state
    with pytest.raises(AlreadyApplied):
        revise(gone, WISH, desk, LEADER, NOW)
    assert revise(application(), replace(WISH, choices=(1,)), desk, LEADER, NOW).facts


def test_only_a_standing_application_of_the_same_group_is_in_the_way() -> None:
    there = application()
    assert rivals(there, FAMILY)
    assert not rivals(withdraw(there, call(), LEADER, NOW).state, FAMILY)
    assert not rivals(there, Family(id=RANI, ids=frozenset({RANI})))


def test_an_application_is_looked_for_wherever_it_can_stand_and_nowhere_without_a_merge() -> None:
    assert may_stand_at(Family(id=RANI, ids=frozenset({RANI})), call()) == frozenset()
    alone_again = Family(id=SAVITRI, ids=frozenset({SAVITRI}), ties=frozenset({RANI}))
    assert natural_id("27", "call-1", RANI) in may_stand_at(alone_again, call())
    assert natural_id("27", "call-1", RANI, apart=True) in may_stand_at(FAMILY, call())


def test_of_two_that_both_had_applied_before_the_merge_the_first_takes_part() -> None:
    first = replace(application(), id="a", group=SAVITRI)
    second = replace(first, id="b", group=RANI, submitted_at=first.submitted_at + timedelta(minutes=1))
    other = replace(first, id="c", group="jijau")
    families = {SAVITRI: BOTH, RANI: BOTH}
    assert once_each([second, other, first], families, [second, first]) == [other, first]
    assert once_each([second, other], families, [second, first]) == [other], "the first may stand in another batch"
    assert once_each([second, other, first], {}, []) == [second, other, first]


def test_turns_under_all_ids_count_together_and_apart_again_after_the_merge_is_undone() -> None:
    def had(group: str, *days: date) -> credits_.CreditAccount:
        entries = tuple(Entry(id=f"{group}-{day}", on=day, credits=1) for day in days)
        return replace(credits_.opened("27", group), entries=entries)

    mine, hers = had(SAVITRI, date(2026, 3, 8)), had(RANI, date(2026, 5, 1), date(2026, 10, 4))
    together = credits_.together([mine, None, hers], credits_.opened("27", SAVITRI))
    assert credits_.standing(together, date(2026, 11, 23)).tier == 3
    assert credits_.standing(mine, date(2026, 11, 23)).tier == 1
