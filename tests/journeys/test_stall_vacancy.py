"""A confirmed stall is given back: who asked for better moves up, who waits comes in, anybody can check."""

from typing import Any

import httpx

from services.stalls.draw import archive, chain_log, reading
from services.stalls.draw.chain import Live, Phase
from services.stalls.draw.chain_log import Entry, Kind
from tests.journeys.fairs import MALEGAON, Fair, event, ground, makers, opened, sunday
from tests.journeys.people import Body, Market, Shop
from tests.processes import until


async def holds(fair: Fair, who: Shop, at: int, status: str) -> Body:
    """Her allotment, once it is that event's stall."""
    seen: Body = {}

    async def there() -> bool:
        seen.update((await fair.allotments())[who.group_id])
        return bool(seen["seat"] and seen["seat"]["event"] == at and seen["status"] == status)

    await until(there, what=f"{who.group_id} has a stall of event {at}")
    return seen


async def test_a_stall_given_back_moves_one_group_up_and_brings_a_new_one_in(market: Market, board: Fair) -> None:
    groups = await makers(market, board, 3)
    phones = {one.group_id: market.number() for one in groups}
    for one in groups:
        await one.leader.leaves_number(one.group_id, "en", phones[one.group_id])
    fair = await opened(
        MALEGAON.officer(market), event(await ground(market), sunday()), event(await ground(market), sunday())
    )
    for one in groups:
        await fair.applied(one, 1, 2, upgrade=True)
    await fair.drawn()
    found = await fair.allotments()
    first, second, third = sorted(groups, key=lambda one: int(found[one.group_id]["place"]))

    for one in (first, second):
        await one.leader.does("POST", f"/allotments/{found[one.group_id]['id']}/confirm")
    left = await first.leader.does("POST", f"/allotments/{found[first.group_id]['id']}/give-back")
    assert left["status"] == "given_back"
    moved = await holds(fair, second, 1, "confirmed")
    assert (moved["through"], [seat["event"] for seat in moved["before"]]) == ("upgrade", [2])
    offered = await holds(fair, third, 2, "allotted")
    assert offered["through"] == "waitlist"

    for one, says in (
        (first, "your group gave back stall 1"),
        (second, "as you wished, instead of your former stall you have 1"),
        (third, "from the waitlist: stall 1"),
    ):
        ticket = found[one.group_id]["ticket"]
        texts = await market.texts(phones[one.group_id], 4 if one is not third else 3, [ticket])
        assert says in texts[-1]
        assert one is not first or "does not count against you" in texts[-1]

    async def returned() -> bool:
        return bool((await first.leader.reads("/credits", group=first.group_id))["credits"] == 0)

    await until(returned, what="the credit is returned")
    again = await first.leader.post(f"/allotments/{found[first.group_id]['id']}/confirm")
    assert (again.status_code, again.json()["code"]) == (409, "NotConfirmable")
    await anybody_can_replay(market, fair)


async def anybody_can_replay(market: Market, fair: Fair) -> None:
    """The draw's file and the public log, without a token: who holds what."""
    async with httpx.AsyncClient(base_url=str(fair.officer.client.base_url)) as anybody:
        zipped = (await anybody.get(f"{fair.path}/outcome/file")).content
        page = (await anybody.get(f"{fair.path}/vacancies")).json()
        call = (await anybody.get(fair.path)).json()
    texts = archive.unpack(zipped)
    instance = reading.instance(texts)
    live = Live(instance, reading.outcome(texts, instance))
    first_days = {one["number"]: sunday() for one in call["events"]}
    assert chain_log.replay(live, map(entry, page["items"]), first_days) == []
    assert [row["kind"] for row in page["items"]] == ["left", "moved"]
    kept = {
        row["ticket"]: (row["seat"]["event"], row["seat"]["stall"])
        for row in (await fair.allotments()).values()
        if row["status"] in ("allotted", "confirmed")
    }
    assert live.held == kept


def entry(row: dict[str, Any]) -> Entry:
    return Entry(**{**row, "kind": Kind(row["kind"]), "phase": Phase(row["phase"])})
