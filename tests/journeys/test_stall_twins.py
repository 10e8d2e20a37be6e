"""Two at once: whatever is asked twice of a fair happens once, and what is asked of one fair leaves the other alone."""

import asyncio
import uuid

import pytest

from tests.journeys.fairs import (
    BAKHTIARPUR,
    DICE,
    MALEGAON,
    OPEN_SECONDS,
    Fair,
    a_call,
    event,
    ground,
    makers,
    opened,
    standing,
    sunday,
    wish,
)
from tests.journeys.people import Market, Shop
from tests.journeys.topics import told_of

TWINS, RACES = 8, 5


@pytest.fixture(scope="session")
async def fair(market: Market, board: Fair) -> tuple[Fair, list[Shop]]:
    """Open while these tests run, with three groups who have not applied yet."""
    who = await makers(market, board, 3)
    return await opened(MALEGAON.officer(market), event(await ground(market), sunday()), seconds=600), who


async def test_a_group_that_applies_again_with_the_same_key_gets_the_same_ticket(
    fair: tuple[Fair, list[Shop]],
) -> None:
    call, [who, *_] = fair
    first, again = [await call.asked(who, wish(who, 1), key="tap-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = await call.asked(who, wish(who, 1), key="tap-2")
    assert (other.status_code, other.json()["code"]) == (409, "AlreadyApplied")
    assert other.json()["params"] == {"id": first.json()["id"]}
    changed = await call.asked(who, wish(who, 1, attending=2), key="tap-1")
    assert (changed.status_code, changed.json()["code"]) == (422, "KeyReused")


async def test_twenty_taps_at_once_make_one_application(market: Market, fair: tuple[Fair, list[Shop]]) -> None:
    call, [_, who, other] = fair
    same = await asyncio.gather(*(call.asked(who, wish(who, 1), key="tap-1") for _ in range(20)))
    assert {answer.status_code for answer in same} == {201}
    assert len({answer.json()["ticket"] for answer in same}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in same) == 1
    each = await asyncio.gather(*(call.asked(other, wish(other, 1)) for _ in range(20)))
    assert sorted(answer.status_code for answer in each) == [201] + [409] * 19
    for one in (who, other):
        page = await one.leader.reads("/applications", call=call.id)
        assert len(page["items"]) == 1
    told = await told_of(market, "stalls.applications", str(same[0].json()["id"]))
    assert told == {"application-submitted": 1}


async def test_close_and_draw_asked_many_times_at_once_happen_once(market: Market, board: Fair) -> None:
    who = await makers(market, board, 3)
    call = await opened(MALEGAON.officer(market), event(await ground(market), sunday(), lines=[{"count": 2}]))
    await asyncio.gather(*(call.applied(one, 1) for one in who))
    await call.over()
    closes = await asyncio.gather(*(call.officer.post(f"{call.path}/close") for _ in range(TWINS)))
    assert {answer.status_code for answer in closes} == {200}, [answer.text for answer in closes]
    assert len({(answer.json()["inputs_digest"], answer.json()["plan_digest"]) for answer in closes}) == 1
    nonce = {"nonce": call.nonce}
    nonces = await asyncio.gather(*(call.officer.post(f"{call.path}/open-nonce", nonce) for _ in range(TWINS)))
    assert {answer.status_code for answer in nonces} == {200}
    await call.thrown()
    names = await asyncio.gather(*(call.officer.post(f"{call.path}/draw", call.value) for _ in range(TWINS)))
    assert sorted(answer.status_code for answer in names) == [200] + [409] * (TWINS - 1)
    assert {answer.json()["code"] for answer in names if answer.is_error} == {"SecondOfficerNeeded"}
    draws = await asyncio.gather(*(call.colleague.post(f"{call.path}/draw", call.value) for _ in range(TWINS)))
    assert {answer.status_code for answer in draws} == {200}, [answer.text for answer in draws]
    assert len({(answer.json()["seed"], answer.json()["outcome_digest"]) for answer in draws}) == 1
    done = await call.published()
    assert (done["applications"], done["allotted"], done["waitlisted"], done["told"]) == (3, 2, 1, 3)
    told = await told_of(market, "stalls.calls", call.id)
    values = {"public-value-named": 1, "public-value-confirmed": 1}
    assert told == {"call-opened": 1, "call-closed": 1, "nonce-opened": 1, **values, "draw-finalised": 1}
    for got in (await call.allotments()).values():
        assert sum((await told_of(market, "stalls.allotments", got["id"])).values()) == 1


async def test_of_different_values_named_at_once_the_last_one_stands_until_it_is_confirmed(
    market: Market,
) -> None:
    call = await opened(MALEGAON.officer(market), event(await ground(market), sunday()), seconds=2)
    await call.opened()
    await call.thrown()
    values = [{**call.value, "public_value": f"{DICE} {number}"} for number in range(TWINS)]
    answers = await asyncio.gather(*(call.officer.colleague().post(f"{call.path}/draw", value) for value in values))
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    won = (await call.now())["public_value"]
    await call.colleague.does("POST", f"{call.path}/draw", {**call.value, "public_value": won})
    assert (await call.published())["public_value"] == won


async def test_fairs_of_two_states_at_the_same_time_do_not_touch_each_other(market: Market, board: Fair) -> None:
    far = await standing(market, BAKHTIARPUR)
    here, there = await asyncio.gather(makers(market, board, 2), makers(market, far, 2, BAKHTIARPUR))
    homes, boards = (MALEGAON, BAKHTIARPUR), (here, there)
    grounds = [await ground(market, home) for home in homes]
    calls = await asyncio.gather(
        *(opened(home.officer(market), event(id_, sunday())) for home, id_ in zip(homes, grounds, strict=True))
    )
    await asyncio.gather(
        *(call.applied(one, 1) for call, who in zip(calls, boards, strict=True) for one in who),
    )
    strayed = await calls[0].asked(there[0], wish(there[0], 1))
    assert (strayed.status_code, strayed.json()["code"]) == (404, "NotFound")
    crossed = await calls[1].officer.post(f"{calls[0].path}/close")
    listed = await calls[1].officer.reads("/calls", limit=200)
    assert (crossed.status_code, calls[0].id in [one["id"] for one in listed["items"]]) == (404, False)

    published = await asyncio.gather(*(call.drawn() for call in calls))
    for call, who, done in zip(calls, boards, published, strict=True):
        assert (done["applications"], done["allotted"], done["waitlisted"]) == (2, 1, 1)
        assert set(await call.allotments()) == {one.group_id for one in who}
        listed = await call.officer.reads("/calls", limit=200)
        assert call.id in [one["id"] for one in listed["items"]]
        other = next(one for one in calls if one is not call)
        assert other.id not in [one["id"] for one in listed["items"]]
        assert (await call.officer.reads("/allotments", call=other.id))["items"] == []
    assert published[0]["seed"] != published[1]["seed"]


async def test_of_two_officers_who_want_one_ground_on_one_day_one_gets_it(market: Market) -> None:
    officers = [MALEGAON.officer(market), market.person("mission_manager")]
    place, busy = await ground(market), await ground(market)
    for week in range(RACES):
        wanted = [event(place, sunday(2 + week)), event(busy, sunday(2 + week))]
        bodies = [a_call(str(uuid.uuid4()), events, OPEN_SECONDS) for events in (wanted, wanted[::-1])]
        answers = await asyncio.gather(*(who.post("/calls", body) for who, body in zip(officers, bodies, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [201, 409], [answer.text for answer in answers]
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert lost.json()["code"] == "GroundTaken"
        assert lost.json()["params"]["call"] == won.json()["id"]
        for venue in (place, busy):
            use = await officers[0].reads(f"/venues/{venue}/use", date=sunday(2 + week).isoformat())
            assert use["taken_by"] == won.json()["id"]


async def test_a_call_opened_twice_with_the_same_key_is_one_call(market: Market) -> None:
    officer, place = MALEGAON.officer(market), await ground(market)
    body = a_call(str(uuid.uuid4()), [event(place, sunday())])
    answers = await asyncio.gather(*(officer.post("/calls", body, key="tap-1") for _ in range(TWINS)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    again = await officer.post("/calls", body, key="tap-2")
    assert (again.status_code, again.json()["code"]) == (409, "GroundTaken")
    assert await told_of(market, "stalls.calls", answers[0].json()["id"]) == {"call-opened": 1}
