"""Two records of one group: one id becomes an alias, nothing is rewritten, and undoing it leaves both as they were."""

from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalog.groups import commands as registry
from services.catalog.groups.domain import Group, Membership, MergedAlready, NotActive, had_stalls, sees_entry
from services.catalog.groups.store import GroupDocument
from services.catalog.merges import commands
from services.catalog.merges.domain import (
    HoldsOthers,
    NotMerged,
    OneAndTheSame,
    absorb,
    give_up,
    merge,
    release,
    require_possible,
    require_rights,
)
from shared.aggregates import Aggregates, first_kept
from shared.contracts.catalog import GroupChanged, GroupMerged, GroupSplit
from shared.decisions import Decision
from shared.errors import Problem
from shared.places.area import OutsideArea
from shared.testing import FakeStores
from tests.unit.catalog.samples import BARAMATI, GROUP, HAVELI, LEADER, STRANGER

IDS = ("savitri", "jijau", "ramabai")
SAVITRI, JIJAU, RAMABAI = (replace(GROUP, id=id_, code=id_) for id_ in IDS)
MAVIM = replace(JIJAU, programme="mavim", stall_years=(2025,))
NOW = datetime(2026, 10, 18, 9, tzinfo=UTC)


async def kept(*groups: Group) -> FakeStores:
    stores = FakeStores(GroupDocument)
    for group in groups:
        await first_kept(stores[Group], group.id, group)
    return stores


def told(stores: FakeStores) -> list[tuple[str, str]]:
    return [(fact["id"].split(":")[0], fact["name"]) for fact in stores.facts(Group)]


async def test_a_merged_group_is_read_as_the_one_it_stands_for_which_knows_both_programmes() -> None:
    stores = await kept(SAVITRI, MAVIM)
    await commands.merge(stores[Group], "jijau", "savitri")
    for id_ in ("jijau", "savitri"):
        shown = await registry.read(stores[Group], id_, BARAMATI)
        assert (shown.id, shown.programmes) == ("savitri", ("umed", "mavim"))
        assert shown.ids == {"savitri", "jijau"}
        assert shown.absorbs == (Membership(id="jijau", programme="mavim", code="jijau", stall_years=(2025,)),)
    assert (await stores[Group].get("jijau")).code == "jijau", "her own record stays as it is"
    assert told(stores) == [("savitri", "group-changed"), ("jijau", "group-merged")]


async def test_who_acts_for_an_alias_sees_the_whole_entry() -> None:
    stores = await kept(SAVITRI, MAVIM)
    shown = await commands.merge(stores[Group], "jijau", "savitri")
    assert sees_entry(shown, replace(LEADER, groups=frozenset({"jijau"})))
    assert not sees_entry(shown, STRANGER)


async def test_an_undone_merge_leaves_both_as_they_were_tells_it_and_has_both_compared_again() -> None:
    stores = await kept(SAVITRI, MAVIM)
    await commands.merge(stores[Group], "jijau", "savitri")
    await commands.split(stores[Group], "jijau", "savitri")
    savitri, jijau = [await stores[Group].get(id_) for id_ in ("savitri", "jijau")]
    assert all(one.compare_at for one in (savitri, jijau))
    assert replace(savitri, compare_at=None) == SAVITRI
    assert replace(jijau, compare_at=None) == replace(MAVIM, tries=1)
    assert told(stores) == [
        ("savitri", "group-changed"),
        ("savitri", "group-changed"),
        ("jijau", "group-merged"),
        ("jijau", "group-split"),
    ]


async def test_merging_and_undoing_again_tells_nothing_again() -> None:
    stores = await kept(SAVITRI, JIJAU)
    for _ in range(2):
        await commands.merge(stores[Group], "jijau", "savitri")
    assert [one.id for one in (await stores[Group].get("savitri")).absorbs] == ["jijau"]
    assert told(stores) == [("jijau", "group-merged")], "of the same programme: nothing changes for subscribers"
    for _ in range(2):
        await commands.split(stores[Group], "jijau", "savitri")
    assert told(stores) == [("jijau", "group-merged"), ("jijau", "group-split")]


def test_the_facts_name_the_other_group_and_what_it_is_part_of_now() -> None:
    survivor = absorb(SAVITRI, MAVIM)
    place = {"district": "490", "block": "4512"}
    assert survivor.facts == (GroupChanged(programme="umed", programmes=("umed", "mavim"), **place),)
    assert merge(MAVIM, survivor.state, MAVIM.tries).facts == (GroupMerged(into="savitri"),)
    assert "सावित्रीबाई" not in survivor.facts[0].model_dump_json()
    assert GroupSplit(out_of="savitri").model_dump() == {"out_of": "savitri"}


def test_a_group_is_not_merged_into_itself_nor_into_one_that_is_an_alias_or_closed() -> None:
    for wrong, refusal in (
        (SAVITRI, OneAndTheSame),
        (replace(JIJAU, merged_into="ramabai"), MergedAlready),
        (replace(JIJAU, active=False, why="closed"), NotActive),
    ):
        with pytest.raises(refusal):
            require_possible(SAVITRI, wrong)


async def test_one_that_holds_others_is_no_alias_and_the_other_is_left_as_it_was() -> None:
    stores = await kept(SAVITRI, JIJAU, RAMABAI)
    await commands.merge(stores[Group], "jijau", "savitri")
    with pytest.raises(HoldsOthers, match="jijau"):
        await commands.merge(stores[Group], "savitri", "ramabai")
    assert await stores[Group].get("ramabai") == RAMABAI
    await commands.merge(stores[Group], "ramabai", "savitri")
    assert (await stores[Group].get("savitri")).ids == set(IDS)


async def test_a_merge_with_another_one_is_not_undone() -> None:
    stores = await kept(SAVITRI, JIJAU, RAMABAI)
    await commands.merge(stores[Group], "jijau", "savitri")
    with pytest.raises(NotMerged):
        await commands.split(stores[Group], "jijau", "ramabai")
    assert (await stores[Group].get("jijau")).merged_into == "savitri"


def test_an_officer_merges_what_lies_in_her_area_only() -> None:
    require_rights((SAVITRI, JIJAU), BARAMATI)
    for pair in ((SAVITRI, replace(JIJAU, block="4515")), (replace(SAVITRI, block="4515"), JIJAU)):
        for officer in (BARAMATI, HAVELI):
            with pytest.raises(OutsideArea):
                require_rights(pair, officer)


async def test_years_with_a_stall_count_under_every_id_and_go_with_the_one_that_had_them() -> None:
    stores = await kept(replace(SAVITRI, stall_years=(2024,)), MAVIM)
    shown = await commands.merge(stores[Group], "jijau", "savitri")
    assert shown.years == (2024, 2025)
    await commands.split(stores[Group], "jijau", "savitri")
    assert (await stores[Group].get("savitri")).years == (2024,)


class Meanwhile:
    """The registry as a merge sees it when something else happens before one of its writes, counted from 1."""

    def __init__(self, groups: Aggregates[Group], happens: dict[int, Callable[[], Awaitable[Group]]]) -> None:
        self.groups, self.happens = groups, happens
        self.writes = 0

    async def get(self, id_: str) -> Group:
        return await self.groups.get(id_)

    async def change(self, id_: str, decide: Any) -> Group:
        self.writes += 1
        if happens := self.happens.get(self.writes):
            await happens()
        return await self.groups.change(id_, decide)


async def test_a_stall_confirmed_while_its_group_is_merged_is_not_forgotten() -> None:
    groups = (await kept(SAVITRI, MAVIM))[Group]
    stall = partial(groups.change, "jijau", partial(had_stalls, years=(2025, 2026)))
    merged: Any = Meanwhile(groups, {2: stall})
    assert (await commands.merge(merged, "jijau", "savitri")).years == (2025, 2026)


async def test_who_is_undone_in_between_and_overtaken_by_another_who_merges_the_same_two_sees_them_merged() -> None:
    stores = await kept(SAVITRI, MAVIM)
    undone, again = (partial(way, stores[Group], "jijau", "savitri") for way in (commands.split, commands.merge))
    overtaken: Any = Meanwhile(stores[Group], {2: undone, 3: again})
    assert (await commands.merge(overtaken, "jijau", "savitri")).ids == {"savitri", "jijau"}
    assert (await stores[Group].get("jijau")).merged_into == "savitri"
    assert [one for one in told(stores) if one[0] == "jijau"] == [("jijau", "group-merged")]


def test_what_has_begun_or_stands_is_finished_and_not_begun_again() -> None:
    begun = absorb(SAVITRI, MAVIM).state
    closed = replace(begun, active=False, why="closed")
    assert absorb(closed, MAVIM).state == closed, "nothing new is merged into it"
    alias = merge(MAVIM, begun, MAVIM.tries).state
    again = merge(alias, begun, alias.tries)
    assert (again.state, again.facts) == (alias, ())
    assert give_up(alias, "savitri", alias.tries).state == alias


def test_who_gives_up_what_was_given_up_before_her_counts_no_try() -> None:
    assert give_up(replace(JIJAU, tries=3), "savitri", 1).state.tries == 3


def test_letting_go_leaves_what_the_survivor_waits_to_be_compared_for() -> None:
    waiting = replace(absorb(SAVITRI, MAVIM).state, compare_at=NOW)
    left = release(waiting, replace(MAVIM, tries=1)).state
    assert (left.absorbs, left.compare_at) == ((), NOW)
    assert release(SAVITRI, MAVIM, NOW).state == SAVITRI, "it was let go before"


class Step:
    def __await__(self) -> Generator[None, None, None]:
        yield


class Crossing:
    """The registry of several commands at once, each of which waits at every read and write until it is its turn."""

    def __init__(self) -> None:
        self.states = {group.id: group for group in (SAVITRI, JIJAU, RAMABAI)}

    async def get(self, id_: str) -> Group:
        await Step()
        return self.states[id_]

    async def change(self, id_: str, decide: Callable[[Group], Decision[Group]]) -> Group:
        await Step()
        self.states[id_] = decide(self.states[id_]).state
        return self.states[id_]


async def asked(groups: Any, what: str, absorbed: str, survivor: str) -> None:
    try:
        await (commands.merge if what == "merge" else commands.split)(groups, absorbed, survivor)
    except Problem:
        return


ASKS = st.tuples(st.sampled_from(("merge", "merge", "split")), st.sampled_from(IDS), st.sampled_from(IDS))


@settings(max_examples=1500)
@given(st.lists(ASKS, min_size=2, max_size=6), st.integers(0, 2**32))
def test_however_merges_and_their_undoing_cross_no_alias_stands_for_an_alias(asks: list[Any], seed: int) -> None:
    chance, groups = Random(seed), Crossing()
    under_way = [asked(groups, *ask) for ask in asks]
    aliases: dict[str, str] = {}
    while under_way:
        one = chance.choice(under_way)
        try:
            one.send(None)
        except StopIteration:
            under_way.remove(one)
        aliases = {id_: group.merged_into for id_, group in groups.states.items() if group.merged_into}
        assert not set(aliases) & set(aliases.values())
    held = {other.id: group.id for group in groups.states.values() for other in group.absorbs}
    assert held == aliases, "and in the end each holds what stands for it, no more"
