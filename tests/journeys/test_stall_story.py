"""One real fair, end to end: from the officer's call to the stall that goes to the next in line."""

import asyncio
from datetime import timedelta

from shared import clock
from tests.journeys.fairs import DICE_KEPT, MALEGAON, Fair, event, ground, makers, opened, sunday
from tests.journeys.people import Body, Market
from tests.journeys.stories import APPLICANTS, LANGUAGES, MARKET_DAYS, SCHOOL, STALLS, Group, Story
from tests.processes import until

RECEIPT = {
    "mr": "बचत हाट: दिवाळी महोत्सव: स्टॉलसाठी तुमच्या गटाचा अर्ज मिळाला. सोडतीचे तिकीट {ticket}.",
    "hi": "बचत हाट: दिवाली महोत्सव: स्टॉल के लिए आपके समूह का आवेदन मिल गया। लॉटरी का टिकट {ticket}।",
    "en": "Bachat Haat: Diwali fair: we have your group's application for a stall. Its ticket in the draw: {ticket}.",
}
DRAWN = {
    "mr": "बचत हाट: तिकीट {ticket}: सोडतीत स्टॉल क्र. {stall} मिळाला: माळेगाव बाजारतळ, {days}. {confirm_by} पर्यंत"
    " ॲप, सीआरपी वा तालुका कार्यालयात होकार द्या",
    "hi": "बचत हाट: टिकट {ticket}: लॉटरी में स्टॉल नं. {stall} मिला: मालेगाँव बाज़ार मैदान, {days}। {confirm_by} तक ऐप"
    ", सीआरपी या ब्लॉक कार्यालय से हाँ कहें",
    "en": "Bachat Haat: ticket {ticket}: you drew stall {stall}: Malegaon market ground, {days}. "
    "Confirm by {confirm_by} in the app",
}
WAITING = {
    "mr": "बचत हाट: तिकीट {ticket}: अजून स्टॉल नाही. तुमच्या पहिल्या शक्य पसंतीच्या प्रतीक्षा यादीत तुमचा क्रमांक {position} आहे.",
    "hi": "बचत हाट: टिकट {ticket}: अभी स्टॉल नहीं। आपकी पहली संभव पसंद की प्रतीक्षा सूची में आपका नंबर {position} है।",
    "en": "Bachat Haat: ticket {ticket}: no stall yet. You are number {position} on the waitlist of your first "
    "possible wish.",
}
OFFERED = {
    "mr": "प्रतीक्षा यादीतून स्टॉल क्र. {stall}: ",
    "hi": "प्रतीक्षा सूची से स्टॉल नं. {stall}: ",
    "en": "from the waitlist: stall {stall}, ",
}
CONFIRMED = {
    "mr": "तुमच्या गटाचा स्टॉल क्र. {stall} पक्का झाला",
    "hi": "आपके समूह का स्टॉल नं. {stall} पक्का हो गया",
    "en": "your group's stall {stall} is confirmed",
}
LAPSED = {
    "mr": "वेळेत होकार न मिळाल्याने स्टॉल क्र. {stall}",
    "hi": "समय पर हाँ न मिलने से स्टॉल नं. {stall}",
    "en": "there was no answer in time, so stall {stall}",
}
DECLINED = {
    "mr": "तुमच्या गटाने स्टॉल क्र. {stall} परत दिला",
    "hi": "आपके समूह ने स्टॉल नं. {stall} लौटा दिया",
    "en": "your group gave back stall {stall}",
}


async def test_a_receipt_holds_the_ticket_and_every_choice_by_name_and_day(story: Story) -> None:
    by_day, by_district = story.groups[3].application, story.groups[4].application
    assert [choice["event"] for choice in by_day["choices"]] == [1, 2]
    assert [choice["event"] for choice in by_district["choices"]] == [2, 1]
    second = by_day["choices"][1]
    assert (second["rank"], second["venue_name"]["mr"]) == (2, "माळेगाव बाजारतळ")
    assert second["days"] == [day.isoformat() for day in MARKET_DAYS]
    assert by_day["closes_at"] == story.call["closes_at"]
    assert by_day["ticket"] in by_day["how_to_check"]
    assert len({group.ticket for group in story.groups}) == len(LANGUAGES)


async def test_who_changes_her_mind_keeps_her_ticket_and_who_withdraws_is_not_drawn(story: Story) -> None:
    changed, gone = story.groups[0], story.groups[-1]
    assert changed.ticket == story.first["ticket"]
    assert (story.first["revision"], changed.application["revision"]) == (1, 2)
    assert [choice["event"] for choice in changed.application["choices"]] == [2, 1]
    assert gone.application["status"] == "withdrawn"
    rows = await story.fair.rows()
    assert set(rows) == {group.ticket for group in story.applicants}
    assert gone.maker.group_id not in await story.fair.allotments()


async def test_the_call_shows_every_step_from_the_promise_to_the_seed(story: Story) -> None:
    call, opened_as = story.call, story.fair.call
    assert (opened_as["status"], opened_as["accepting"], opened_as["nonce"]) == ("open", True, None)
    for name in ("commitment", "public_source", "public_at", "closes_at"):
        assert call[name] == opened_as[name]
    assert (call["nonce"], call["public_value"]) == (story.fair.nonce, DICE_KEPT)
    assert (call["applications"], call["allotted"], call["waitlisted"]) == (APPLICANTS, STALLS, APPLICANTS - STALLS)
    assert (call["told"], call["to_tell"], call["accepting"]) == (APPLICANTS, APPLICANTS, False)
    outcome = await story.fair.outcome()
    for name in ("seed", "inputs_digest", "plan_digest", "rules_digest", "outcome_digest"):
        assert outcome[name] == call[name]


async def test_every_group_is_told_once_in_her_language_what_the_draw_gave_her(market: Market, story: Story) -> None:
    for group, got in await story.allotments():
        receipt, *_, result = texts = await market.texts(group.phone, group.received + 1, [group.ticket])
        assert len(texts) == group.received + 1
        assert receipt.startswith(group.said(RECEIPT, ticket=group.ticket))
        if got["status"] == "waitlisted":
            position = got["positions"][0]["position"]
            assert result.startswith(group.said(WAITING, ticket=group.ticket, position=position))
            continue
        days = ", ".join(f"{day[8:]}-{day[5:7]}" for day in got["seat"]["days"])
        days = f"{days}-{got['seat']['days'][-1][:4]}"
        first = {1: SCHOOL, 2: MARKET_DAYS[0]}[got["seat"]["event"]]
        last = f"{first - timedelta(days=7):%d-%m} 23:59"
        told = group.said(DRAWN, ticket=group.ticket, stall=got["seat"]["stall"], days=days, confirm_by=last)
        assert result.startswith(told), (result, told)


async def test_who_changes_her_application_and_who_withdraws_it_is_told_so(market: Market, story: Story) -> None:
    changed, gone = story.groups[0], story.groups[-1]
    assert "अर्जात बदल झाला आहे" in (await market.texts(changed.phone, 2, [changed.ticket]))[1]
    receipt, withdrawn = await market.texts(gone.phone, 2, [gone.ticket])
    assert receipt.startswith(gone.said(RECEIPT, ticket=gone.ticket))
    assert "is not in the draw any more" in withdrawn


async def becomes(fair: Fair, group: Group, status: str) -> Body:
    """Her allotment, once it has that status."""
    seen: Body = {}

    async def there() -> bool:
        page = await group.maker.leader.reads("/allotments", call=fair.id)
        seen.update(page["items"][0])
        return bool(seen["status"] == status)

    await until(there, what=f"the allotment of {group.ticket} is {status}")
    return seen


async def test_a_stall_given_back_or_forgotten_goes_to_the_next_in_line_and_each_is_told(
    market: Market, story: Story
) -> None:
    found = await story.allotments()
    keeps, gives_back, forgets = [(group, got) for group, got in found if got["status"] == "allotted"]
    second, third = [group for group, got in found if got["status"] == "waitlisted"]
    fair = story.fair

    hers = await keeps[0].maker.leader.does("POST", f"/allotments/{keeps[1]['id']}/confirm")
    assert (hers["status"], hers["seat"]) == ("confirmed", keeps[1]["seat"])
    left = await gives_back[0].maker.leader.does("POST", f"/allotments/{gives_back[1]['id']}/decline")
    assert left["status"] == "declined"
    offered = await becomes(fair, second, "allotted")
    assert (offered["through"], offered["seat"]) == ("waitlist", gives_back[1]["seat"])

    past = clock.now() - timedelta(seconds=1)
    await market.system.edit("stalls", "allotments", forgets[1]["id"], confirm_by=past, due_at=past)
    await becomes(fair, forgets[0], "lapsed")
    last = await becomes(fair, third, "allotted")
    assert (last["through"], last["seat"]) == ("waitlist", forgets[1]["seat"])
    late = await forgets[0].maker.leader.post(f"/allotments/{forgets[1]['id']}/confirm")
    assert (late.status_code, late.json()["code"]) == (409, "NotConfirmable")

    for group, sentences, stall in (
        (keeps[0], CONFIRMED, keeps[1]["seat"]["stall"]),
        (gives_back[0], DECLINED, gives_back[1]["seat"]["stall"]),
        (forgets[0], LAPSED, forgets[1]["seat"]["stall"]),
        (second, OFFERED, offered["seat"]["stall"]),
        (third, OFFERED, last["seat"]["stall"]),
    ):
        texts = await market.texts(group.phone, group.received + 2, [group.ticket])
        assert len(texts) == group.received + 2
        assert group.said(sentences, stall=stall) in texts[-1]
    now = [got for _, got in await story.allotments() if got["status"] in ("allotted", "confirmed")]
    assert len({(got["seat"]["event"], got["seat"]["stall"]) for got in now}) == len(now) == STALLS


async def test_who_had_a_stall_stands_behind_who_had_none_in_the_next_draw(
    market: Market, board: Fair, story: Story
) -> None:
    had, got = next((group.maker, got) for group, got in await story.allotments() if got["through"] == "draw")
    assert (await story.fair.rows())[got["ticket"]]["tier"] == 0
    await had.leader.does("POST", f"/allotments/{got['id']}/confirm")

    async def credits_() -> int:
        return int((await had.leader.reads("/credits", group=had.group_id))["credits"])

    async def charged() -> bool:
        return await credits_() >= 1

    await until(charged, what="the stall is charged")
    tier = await credits_()
    [never] = await makers(market, board, 1)
    fair = await opened(MALEGAON.officer(market), event(await ground(market), sunday(3)))
    again, new = await asyncio.gather(fair.applied(had, 1), fair.applied(never, 1))
    await fair.drawn()
    rows = await fair.rows()
    assert [(rows[one["ticket"]]["place"], rows[one["ticket"]]["tier"]) for one in (new, again)] == [(1, 0), (2, tier)]
    assert (await fair.allotments())[never.group_id]["status"] == "allotted"
    reason = rows[again["ticket"]]["refusals"][0]
    assert (reason["better_place"], reason["last_place"]) == (1, 1)
