"""One group under two ids at the stall office: one application in a call, one place in the draw, turns together."""

from typing import Any

from services.stalls.applications.domain import Application, natural_id
from services.stalls.applications.domain import Status as Applied
from services.stalls.credits import commands as credits_
from services.stalls.credits.domain import CreditAccount
from services.stalls.makers.consumers import GROUPS
from services.stalls.outcomes.domain import KeptInputs
from shared import clock
from shared.contracts.catalog import GroupDeactivated, GroupMerged, GroupSplit
from tests.integration.fair_calls import apply, closes, frozen, group, knows, leader, opened, product, wish
from tests.integration.houses import House, event
from tests.integration.serving import House as Office
from tests.integration.stall_calls import Fair, call, stand
from tests.integration.test_close_race import house
from tests.unit.stalls.small_fair import applied, ticket_of

__all__ = ["house"]


async def told(office: Office, fact: Any, id_: str, sequence: int = 2) -> None:
    await GROUPS.reactions[fact.name, fact.major].handle(event(fact, id_, sequence), office.running.stores)


async def merged(office: Office, into: int, alias: int) -> None:
    await told(office, GroupMerged(into=group(into)), group(alias))


async def test_of_two_that_applied_before_they_were_merged_one_is_drawn_and_the_other_withdrawn(
    stalls: House,
) -> None:
    asked = call()
    fair: Fair = await stand(stalls, asked, [applied(asked, number, (1, 2)) for number in range(1, 11)])
    await stalls.reacts(GROUPS, event(GroupMerged(into="group-1"), "group-2"))
    drawn = await fair.drawn()
    assert drawn["allotted"] + drawn["waitlisted"] == 9
    kept = await stalls.stores[KeptInputs].get(asked.id)
    assert kept.applications == 9
    due = {"due_at": asked.closes_at}
    await stalls.running.database.collection("applications").update_many({"due_at": {"$ne": None}}, {"$set": due})
    await fair.timers()
    stands = {
        number: await stalls.stores[Application].get(natural_id("27", asked.id, f"group-{number}")) for number in (1, 2)
    }
    assert {number: one.status for number, one in stands.items()} == {1: Applied.SUBMITTED, 2: Applied.WITHDRAWN}
    assert 2 not in await fair.allotments()
    assert stands[1].ticket == ticket_of(1)


async def test_an_alias_and_its_group_hold_one_application_in_a_call(house: Office) -> None:
    await knows(house, 1, 2)
    await merged(house, 1, 2)
    id_ = (await opened(house))["id"]
    first = await apply(house, id_, 2)
    assert (first.status_code, first.json()["group"]) == (201, group(2)), "she keeps the id she applied with"
    second = await apply(house, id_, 1)
    assert (second.status_code, second.json()["code"]) == (409, "AlreadyApplied")
    assert first.json()["id"] in second.json()["detail"]
    await closes(house, id_)
    assert len(await frozen(house, id_)) == 1


async def test_who_applied_before_the_merge_blocks_her_other_id_until_she_withdraws(house: Office) -> None:
    await knows(house, 1, 2)
    id_ = (await opened(house))["id"]
    first = (await apply(house, id_, 2)).json()["id"]
    await merged(house, 1, 2)
    refused = await apply(house, id_, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "AlreadyApplied")
    assert first in refused.json()["detail"]
    await house.ask("POST", f"/applications/{first}/withdraw", **leader(2))
    assert (await apply(house, id_, 1)).status_code == 201
    again = await house.ask("PUT", f"/applications/{first}", body=wish(2), **leader(2))
    assert (again.status_code, again.json()["code"]) == (409, "AlreadyApplied")


async def test_after_the_merge_is_undone_each_has_one_application_of_her_own(house: Office) -> None:
    await knows(house, 1, 2)
    await merged(house, 1, 2)
    id_ = (await opened(house))["id"]
    hers = (await apply(house, id_, 2)).json()["id"]
    await told(house, GroupSplit(out_of=group(1)), group(2), 3)
    twice = await apply(house, id_, 2)
    assert (twice.status_code, twice.json()["code"]) == (409, "AlreadyApplied")
    other = await apply(house, id_, 1)
    assert other.status_code == 201, other.text
    assert other.json()["id"] != hers
    assert (await apply(house, id_, 1)).json()["code"] == "AlreadyApplied"
    await closes(house, id_)
    assert len(await frozen(house, id_)) == 2


async def test_a_group_that_is_not_active_is_told_so_when_it_applies(house: Office) -> None:
    await knows(house, 1)
    await told(house, GroupDeactivated(reason="inactive"), group(1))
    refused = await apply(house, (await opened(house))["id"], 1, headers={"Accept-Language": "mr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "GroupInactive")
    assert "सक्रिय नाही" in refused.json()["detail"]


async def test_products_of_either_id_are_hers(house: Office) -> None:
    await knows(house, 1, 2)
    await merged(house, 1, 2)
    answer = await apply(house, (await opened(house))["id"], 2, products=[product(1), product(2)])
    assert answer.status_code == 201, answer.text


async def test_turns_of_both_ids_are_shown_together(house: Office) -> None:
    await knows(house, 1, 2)
    await merged(house, 1, 2)
    accounts = house.running[CreditAccount]
    for number in (1, 2):
        await credits_.charge(accounts, "27", group(number), f"allotment-{number}", clock.today())
    for number in (1, 2):
        shown = (await house.ask("GET", f"/credits?group={group(number)}", **leader(number))).json()
        assert (shown["group"], shown["credits"]) == (group(number), 2)
