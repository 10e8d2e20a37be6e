"""What notify remembers of the registry: whose area a group lies in, and all the ids it is known by."""

from dataclasses import replace

from services.notify.groups.consumers import GROUPS
from services.notify.groups.domain import Aliases, KnownGroup, in_area
from services.notify.groups.projections import find_group, find_ids
from shared import clock
from shared.contracts.catalog import GroupChanged, GroupMerged, GroupRegistered, GroupSplit
from shared.events import Event, Fact
from shared.scope import Role, Scope
from shared.testing import FakeStores
from tests.unit.notify.people import stores_with

RANI, SAVITRI, USHA = "rani-gat", "savitri-gat", "usha-gat"
REGISTERED = GroupRegistered(programme="mavim", district="490", block="4512")
MERGED, SPLIT = GroupMerged(into=RANI), GroupSplit(out_of=RANI)
BARAMATI = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer", district="490", block="4512")
HAVELI = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer", district="490", block="4515")


async def told(**facts: list[Fact]) -> FakeStores:
    stores = await stores_with()
    for name, of_one in facts.items():
        await tell(stores, f"{name}-gat", *of_one)
    return stores


async def tell(stores: FakeStores, group: str, *facts: Fact) -> None:
    for at, fact in enumerate(facts, 1):
        event = Event(fact, f"{group}:1:{at}", group, "27", 1, at, clock.now())
        await GROUPS.reactions[fact.name, fact.major].handle(event, stores)


async def ids_of(stores: FakeStores, id_: str, tenant: str = "27") -> tuple[str, ...]:
    return await find_ids(stores[KnownGroup], stores[Aliases], id_, tenant)


async def test_every_id_of_a_group_leads_to_all_of_them_whichever_was_heard_of_first() -> None:
    one, two = [REGISTERED, MERGED], [REGISTERED, MERGED, SPLIT, MERGED]
    for stores in (
        await told(rani=[REGISTERED], savitri=one, usha=two),
        await told(usha=two, savitri=one, rani=[REGISTERED]),
    ):
        assert await ids_of(stores, RANI) == (RANI, SAVITRI, USHA)
        assert await ids_of(stores, SAVITRI) == (SAVITRI, RANI, USHA)
        assert await ids_of(stores, USHA) == (USHA, RANI, SAVITRI)


async def test_an_undone_merge_leaves_each_her_own_ids_and_the_others_where_they_were() -> None:
    stores = await told(rani=[REGISTERED], savitri=[REGISTERED, MERGED, SPLIT], usha=[REGISTERED, MERGED])
    assert await ids_of(stores, SAVITRI) == (SAVITRI,)
    assert await ids_of(stores, RANI) == (RANI, USHA)


async def test_a_group_that_has_not_arrived_or_is_of_another_state_is_its_own_id_alone() -> None:
    stores = await told(rani=[REGISTERED], savitri=[REGISTERED, MERGED])
    assert await ids_of(stores, "nobody-gat") == ("nobody-gat",)
    assert await ids_of(stores, RANI, tenant="5") == (RANI,)


async def test_a_group_that_moved_lies_in_the_area_of_its_new_officer_alone() -> None:
    moved = GroupChanged(programme="mavim", programmes=("mavim",), district="490", block="4515")
    before, after = await told(rani=[REGISTERED]), await told(rani=[REGISTERED, moved])
    for stores, hers in ((before, [True, False]), (after, [False, True])):
        group = await find_group(stores[KnownGroup], RANI, "27")
        assert [in_area(group, officer) for officer in (BARAMATI, HAVELI)] == hers
        assert not any(in_area(group, replace(officer, tenant="5")) for officer in (BARAMATI, HAVELI))
