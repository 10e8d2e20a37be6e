"""Every no of a fair has a code, and a sentence in the reader's language that says what to do."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from shared import clock
from tests.journeys.desks import Desk
from tests.journeys.fairs import BHIVAPUR, DICE_KEPT, LONG_SECONDS, ROOMY, a_call, event, ground, sunday, wish
from tests.journeys.people import Body, Market

DEVANAGARI = re.compile(r"[ऀ-ॿ]")
WORKING_DAY = sunday() + timedelta(days=2)
UNHEARD_OF = "01a14e12-00c0-7fb3-8eb7-ffa80e6445a8"
Ask = Callable[[Market, Desk, str], Awaitable[httpx.Response]]


async def a_school_on_a_working_day(market: Market, desk: Desk, language: str) -> httpx.Response:
    school = await ground(market, kind="school_ground")
    return await desk.opens(a_call("n", [event(school, WORKING_DAY)]), language)


async def more_stalls_than_the_ground_has(market: Market, desk: Desk, language: str) -> httpx.Response:
    lines = [{"count": ROOMY}, {"count": 1}]
    return await desk.opens(a_call("n", [event(await ground(market), sunday(), lines=lines)]), language)


async def a_cap_the_plan_breaks(market: Market, desk: Desk, language: str) -> httpx.Response:
    lines = [{"categories": ["textiles"], "count": 7}]
    events = [event(await ground(market), sunday(), lines=lines, caps={"food": 3})]
    return await desk.opens(a_call("n", events), language)


async def a_category_nobody_knows(market: Market, desk: Desk, language: str) -> httpx.Response:
    lines = [{"categories": ["papad"], "count": 1}]
    return await desk.opens(a_call("n", [event(await ground(market), sunday(), lines=lines)]), language)


async def a_ground_that_is_taken(market: Market, desk: Desk, language: str) -> httpx.Response:
    taken = desk.open.call["events"][0]["venue"]
    return await desk.opens(a_call("n", [event(taken, sunday())]), language)


async def the_same_day_twice(market: Market, desk: Desk, language: str) -> httpx.Response:
    free = await ground(market)
    return await desk.opens(a_call("n", [event(free, sunday()), event(free, sunday())]), language)


async def a_close_before_the_opening(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.opens(a_call("n", [event(await ground(market), sunday())], seconds=-60), language)


async def a_public_value_before_the_close(market: Market, desk: Desk, language: str) -> httpx.Response:
    early: Body = {"public_at": clock.now().replace(microsecond=0).isoformat()}
    return await desk.opens(a_call("n", [event(await ground(market), sunday())], **early), language)


async def a_ground_of_another_district(market: Market, desk: Desk, language: str) -> httpx.Response:
    far = await ground(market, BHIVAPUR)
    return await desk.opens(a_call("n", [event(far, sunday())]), language)


async def the_21st_choice(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, *range(1, 22))


async def a_ground_the_call_has_not(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, 2)


async def one_ground_twice(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, 1, 1)


async def any_ground_of_another_day(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, {"any": {"day": WORKING_DAY.isoformat()}})


async def an_application_before_the_opening(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, to=desk.announced)


async def an_application_after_the_close(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, to=desk.closed)


async def a_second_application(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.open.asked(desk.asha, wish(desk.asha, 1), accept_language=language)


async def an_application_for_another_group(market: Market, desk: Desk, language: str) -> httpx.Response:
    body = wish(desk.asha, 1)
    return await desk.usha.leader.post(f"{desk.open.path}/applications", body, accept_language=language)


async def goods_of_another_group(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, products=[desk.asha.product_id])


async def goods_nobody_has_heard_of(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, products=[UNHEARD_OF])


async def food_without_a_licence(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, fssai=None)


async def half_a_licence(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, fssai="1152103")


async def a_tag_the_registry_does_not_hold(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, tags=["mavim"])


async def a_stage_without_a_stall(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.applies(language, stages=["sc"])


async def goods_the_call_is_not_for(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.open.asked(desk.weaver, wish(desk.weaver, 1, fssai=None), accept_language=language)


async def a_close_before_its_time(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.asks(desk.open, "close", None, language)


async def a_nonce_before_the_close(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.asks(desk.open, "open-nonce", {"nonce": desk.open.nonce}, language)


async def a_draw_before_the_close(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.asks(desk.open, "draw", desk.open.value, language)


async def another_nonce(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.asks(desk.closed, "open-nonce", {"nonce": desk.open.nonce}, language)


async def a_nonce_too_late(market: Market, desk: Desk, language: str) -> httpx.Response:
    await desk.closed.thrown()
    return await desk.asks(desk.closed, "open-nonce", {"nonce": desk.closed.nonce}, language)


async def a_commitment_of_another_call(market: Market, desk: Desk, language: str) -> httpx.Response:
    asked = a_call(desk.open.nonce, [event(await ground(market), sunday())], LONG_SECONDS)
    return await desk.officer.post("/calls", asked, accept_language=language)


async def another_public_value(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.asks(desk.drawn, "draw", {**desk.drawn.value, "public_value": "6 6 6 6"}, language)


async def a_close_by_a_stranger(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await BHIVAPUR.officer(market).post(f"{desk.closed.path}/close", accept_language=language)


async def a_buyer_who_applies(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await market.buyer().post(f"{desk.open.path}/applications", wish(desk.usha, 1), accept_language=language)


async def a_leader_who_opens_a_call(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await desk.usha.leader.post("/calls", a_call("n", [event(UNHEARD_OF, sunday())]), accept_language=language)


async def a_place_on_the_waitlist_confirmed(market: Market, desk: Desk, language: str) -> httpx.Response:
    rows = (await desk.drawn.allotments()).values()
    [waiting] = [row["id"] for row in rows if row["status"] == "waitlisted"]
    leader = market.leader(desk.asha.group_id, desk.usha.group_id)
    return await leader.post(f"/allotments/{waiting}/confirm", accept_language=language)


async def an_outcome_before_the_draw(market: Market, desk: Desk, language: str) -> httpx.Response:
    return await httpx.AsyncClient(base_url=str(desk.officer.client.base_url)).get(
        f"{desk.closed.path}/outcome", headers={"Accept-Language": language}
    )


async def a_ticket_of_another_draw(market: Market, desk: Desk, language: str) -> httpx.Response:
    ticket = desk.applied["ticket"]
    return await desk.officer.get(f"{desk.drawn.path}/outcome", ticket=ticket, headers={"Accept-Language": language})


REFUSALS: dict[str, tuple[Ask, int, str, str]] = {
    "a school on a working day": (a_school_on_a_working_day, 409, "GroundNotUsable", WORKING_DAY.isoformat()),
    "a plan that is too large": (more_stalls_than_the_ground_has, 422, "PlanExceedsStalls", str(ROOMY + 1)),
    "a cap the plan breaks": (a_cap_the_plan_breaks, 422, "CapBroken", "food"),
    "a category nobody knows": (a_category_nobody_knows, 422, "InvalidRequest", "1"),
    "a ground that is taken": (a_ground_that_is_taken, 409, "GroundTaken", sunday().isoformat()),
    "the same day twice": (the_same_day_twice, 422, "GroundTwiceADay", sunday().isoformat()),
    "a close before the opening": (a_close_before_the_opening, 422, "WindowOrder", "closes_at"),
    "a public value before the close": (a_public_value_before_the_close, 422, "WindowOrder", "public_at"),
    "a ground of another district": (a_ground_of_another_district, 403, "OutsideArea", "Nagpur"),
    "the 21st choice": (the_21st_choice, 422, "TooManyChoices", "20"),
    "a ground the call has not": (a_ground_the_call_has_not, 422, "UnknownEvent", "2"),
    "one ground twice": (one_ground_twice, 422, "ChoiceTwice", "1"),
    "any ground of another day": (any_ground_of_another_day, 422, "NoGroundFits", "choices"),
    "an application before the opening": (an_application_before_the_opening, 409, "CallNotOpenYet", "IST"),
    "an application after the close": (an_application_after_the_close, 409, "CallClosed", "IST"),
    "a second application": (a_second_application, 409, "AlreadyApplied", "PUT /v1/applications/"),
    "an application for another group": (an_application_for_another_group, 403, "GroupNotYours", ""),
    "goods of another group": (goods_of_another_group, 409, "ProductNotHers", "products"),
    "goods nobody has heard of": (goods_nobody_has_heard_of, 503, "ProductNotKnownYet", UNHEARD_OF),
    "food without a licence": (food_without_a_licence, 422, "FoodLicenceMissing", "14"),
    "half a licence": (half_a_licence, 422, "FoodLicenceMalformed", "1152103"),
    "a tag the registry does not hold": (a_tag_the_registry_does_not_hold, 409, "TagNotHeld", "mavim"),
    "a stage without a stall": (a_stage_without_a_stall, 422, "UnknownStage", "sc"),
    "goods the call is not for": (goods_the_call_is_not_for, 409, "NotEligible", "textiles"),
    "a close before its time": (a_close_before_its_time, 409, "CallStillOpen", "IST"),
    "a nonce before the close": (a_nonce_before_the_close, 409, "NotClosedYet", "open"),
    "a draw before the close": (a_draw_before_the_close, 409, "NotClosedYet", "open"),
    "another nonce": (another_nonce, 409, "NonceMismatch", "SHA-256"),
    "a nonce too late": (a_nonce_too_late, 409, "NonceTooLate", "IST"),
    "a commitment of another call": (a_commitment_of_another_call, 409, "CommitmentUsed", "commitment"),
    "another public value": (another_public_value, 409, "ValueConfirmed", DICE_KEPT),
    "a close by another district's officer": (a_close_by_a_stranger, 403, "OutsideArea", "Pune"),
    "a buyer who applies": (a_buyer_who_applies, 403, "Forbidden", "buyer"),
    "a leader who opens a call": (a_leader_who_opens_a_call, 403, "Forbidden", "group_leader"),
    "a place on the waitlist confirmed": (a_place_on_the_waitlist_confirmed, 409, "NotConfirmable", "waitlisted"),
    "an outcome before the draw": (an_outcome_before_the_draw, 404, "OutcomeNotYet", "IST"),
    "a ticket of another draw": (a_ticket_of_another_draw, 404, "TicketNotDrawn", ""),
}


@pytest.mark.parametrize("what", REFUSALS)
@pytest.mark.parametrize("language", ["mr", "hi", "en"])
async def test_a_refusal_says_why_and_what_to_do_in_the_language_of_the_caller(
    market: Market, desk: Desk, what: str, language: str
) -> None:
    ask, status, code, holds = REFUSALS[what]
    answer = await ask(market, desk, f"{language}-IN, *;q=0.1")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert answer.headers["content-language"] == language
    assert bool(DEVANAGARI.search(problem["detail"])) is (language != "en"), problem["detail"]
    assert holds in problem["detail"] or holds in problem["params"].values(), problem
    assert problem["request_id"]


async def test_no_refusal_left_anything_behind(market: Market, desk: Desk) -> None:
    page = await desk.usha.leader.reads("/applications", group=desk.usha.group_id)
    assert desk.open.id not in [one["call"] for one in page["items"]]
    assert (await desk.open.now())["status"] == "open"
    assert (await desk.announced.now())["status"] == "announced"
    shut = await desk.closed.now()
    assert (shut["status"], shut["nonce"], shut["seed"]) == ("closed", None, None)
    assert (await desk.drawn.now())["public_value"] == DICE_KEPT
