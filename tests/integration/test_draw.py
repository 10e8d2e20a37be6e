"""From a closed call to a told outcome, on a real MongoDB."""

import asyncio
import hashlib
from datetime import timedelta

import pytest

from services.stalls.calls.domain import Call
from services.stalls.calls.domain import Status as CallStatus
from services.stalls.draw import archive, files, reading
from services.stalls.draw.accept import accept
from services.stalls.draw.plan import Line
from services.stalls.draw.seed import seed
from services.stalls.draws.commands import carry_on
from services.stalls.runs.commands import resume
from services.stalls.tellings.commands import publish
from services.stalls.venues.commands import claim_days
from services.stalls.venues.domain import Use
from services.stalls.wiring import SERVICE
from shared import clock
from shared.ids import new_id
from shared.scope import Role
from tests.integration.houses import House, house
from tests.integration.stall_calls import OFFICE, SECOND_OFFICER, Fair, call, stand
from tests.unit.stalls.small_fair import NONCE, PUBLIC_VALUE, allotment_of, applied


async def test_a_call_is_closed_drawn_and_told_and_the_file_says_the_same(fair: Fair) -> None:
    closed = (await fair.close()).json()
    assert (closed["status"], closed["applications"]) == ("closed", 10)
    assert (await fair.open_nonce()).status_code == 200
    drawn = (await fair.draw()).json()
    assert (drawn["status"], drawn["allotted"], drawn["waitlisted"]) == ("drawn", 6, 4)
    await fair.timers()
    assert (await fair.state()).status == "published"
    assert await fair.told() == {"stall-allotted": 6, "application-waitlisted": 4}
    held = await fair.holders()
    assert sorted(held) == [(event, stall) for event in (1, 2) for stall in (1, 2, 3)]
    assert sorted(len(who) for who in held.values()) == [1] * 6
    zipped = await fair.house.client.get(f"/v1/calls/{fair.call}/outcome/file")
    texts = archive.unpack(zipped.content)
    reading.checked(texts)
    instance = reading.instance(texts)
    digests = drawn["inputs_digest"], drawn["plan_digest"], drawn["rules_digest"]
    assert drawn["seed"] == seed(*digests, PUBLIC_VALUE, [NONCE])
    assert files.result(accept(instance, drawn["seed"])) == {name: texts[name] for name in files.OUTCOME}
    assert files.digest({name: texts[name] for name in files.OUTCOME}) == drawn["outcome_digest"]


async def test_anybody_reads_the_outcome_page_by_page_without_a_token(fair: Fair) -> None:
    drawn = await fair.drawn()
    path, seen, cursor = f"/v1/calls/{fair.call}/outcome", [], ""
    while cursor is not None:
        page = (await fair.house.client.get(path, params={"limit": 4, **({"cursor": cursor} if cursor else {})})).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert [row["place"] for row in seen] == list(range(1, 11))
    assert sum(row["stall"] is not None for row in seen) == drawn["allotted"]
    for row in seen:
        shown = hashlib.sha256(f"{drawn['seed']}:{row['ticket']}".encode()).hexdigest()
        assert (row["tier"], len(shown)) == (0, 64)
    assert "group-" not in str(seen)
    assert not any(allotment_of(number, fair.call) in str(seen) for number in range(1, 11))


async def test_one_ticket_is_found_also_in_devanagari_digits_and_hears_why_in_her_language(fair: Fair) -> None:
    await fair.drawn()
    path = f"/v1/calls/{fair.call}/outcome"
    last = (await fair.house.client.get(path, params={"limit": 200})).json()["items"][-1]
    devanagari = last["ticket"].translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    found = await fair.house.client.get(path, params={"ticket": devanagari}, headers={"Accept-Language": "mr"})
    (row,) = found.json()["items"]
    assert row["ticket"] == last["ticket"]
    assert [refusal["rank"] for refusal in row["refusals"]] == [1, 2]
    assert all("स्टॉलपैकी" in refusal["sentence"] for refusal in row["refusals"])
    for unknown, code in (("9" * 16, "TicketNotDrawn"), ("12", "BadTicket")):
        assert (await fair.house.client.get(path, params={"ticket": unknown})).json()["code"] == code
    assert (await fair.house.client.get(path, params={"cursor": "xyz"})).json()["code"] == "BadCursor"


async def test_the_outcome_is_kept_by_caches_until_it_would_differ(fair: Fair) -> None:
    drawn = await fair.drawn()
    path = f"/v1/calls/{fair.call}/outcome"
    first, again = [await fair.house.client.get(f"{path}/file") for _ in range(2)]
    assert first.content == again.content
    assert first.headers["etag"] == f'"{drawn["outcome_digest"]}"'
    assert first.headers["content-disposition"] == f'attachment; filename="draw-{fair.call}.zip"'
    for url in (f"{path}/file", path):
        answer = await fair.house.client.get(url, headers={"Accept-Language": "mr"})
        known = {"If-None-Match": answer.headers["etag"], "Accept-Language": "mr"}
        assert (await fair.house.client.get(url, headers=known)).status_code == 304
        in_hindi = await fair.house.client.get(url, headers={**known, "Accept-Language": "hi"})
        assert in_hindi.status_code == (200 if url == path else 304), "the sentences differ, the file does not"


async def test_before_the_draw_the_outcome_says_when(fair: Fair) -> None:
    for path in (f"/v1/calls/{fair.call}/outcome", f"/v1/calls/{fair.call}/outcome/file"):
        answer = await fair.house.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "OutcomeNotYet")
        assert "IST" in answer.json()["detail"]
    assert (await fair.house.client.get("/v1/calls/unknown/outcome")).json()["code"] == "NotFound"


async def test_the_steps_keep_their_order(fair: Fair) -> None:
    assert (await fair.draw()).json()["code"] == "NotClosedYet"
    assert (await fair.open_nonce()).json()["code"] == "NotClosedYet"
    assert (await fair.close(block="4515", district="490")).status_code == 403
    assert (await fair.close()).status_code == 200
    assert (await fair.open_nonce("another")).json()["code"] == "NonceMismatch"
    assert (await fair.open_nonce()).status_code == 200
    early = (clock.now() - timedelta(hours=30)).isoformat()
    assert (await fair.draw(published_at=early)).json()["code"] == "PublicValueTooEarly"
    assert (await fair.draw(value="भाव \u0378")).json()["code"] == "PublicValueUnreadable"
    for time in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", 1_795_000_000, "२०२६-११-२२T18:00:00Z"):
        assert (await fair.draw(published_at=time)).json()["code"] == "InvalidRequest"


async def test_a_draw_that_is_asked_twice_at_once_is_one_draw(fair: Fair) -> None:
    for answer in (await fair.close(), await fair.open_nonce()):
        assert answer.status_code == 200
    await fair.until_the_value_is_out()
    asked = {"public_value": PUBLIC_VALUE, "published_at": clock.now().isoformat()}
    assert (await fair.asks_for_draw(asked, None, OFFICE["sub"])).json()["status"] == "closed"
    again = await fair.asks_for_draw(asked, None, OFFICE["sub"])
    assert again.json()["code"] == "SecondOfficerNeeded"
    answers = await asyncio.gather(*(fair.asks_for_draw(asked, None, SECOND_OFFICER) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["outcome_digest"] for answer in answers}) == 1
    assert await fair.house.facts("calls", fair.call) == TOLD
    kept = await fair.house.running.database.collection("outcomes").find().to_list()
    assert [doc["version"] for doc in kept] == [1]
    other = await fair.draw(value="Another price 78,500")
    assert other.json()["code"] == "ValueConfirmed"
    again = await fair.draw()
    assert again.json()["outcome_digest"] == answers[0].json()["outcome_digest"]


async def test_a_close_that_is_asked_twice_at_once_is_one_close(fair: Fair) -> None:
    answers = await asyncio.gather(*(fair.close() for _ in range(6)))
    assert {answer.json()["status"] for answer in answers} == {"closed"}
    assert len({answer.json()["inputs_digest"] for answer in answers}) == 1
    assert await fair.house.facts("calls", fair.call) == ["1 call-closed"]


STEPS = ["call-closed", "nonce-opened", "public-value-named", "public-value-confirmed", "draw-finalised"]
TOLD = [f"{number} {name}" for number, name in enumerate(STEPS, 1)]
DEATHS = [
    ("close", "write.after_update"),
    ("close", "draw.frozen_batch"),
    ("close", "draw.part=kill@2"),
    ("close", "draw.frozen"),
    ("close", "draw.sealed_part"),
    ("close", "draw.sealed"),
    ("draw", "write.after_update=kill@2"),
    ("draw", "draw.computed"),
    ("draw", "draw.part"),
    ("draw", "draw.part=kill@6"),
    ("draw", "draw.outcome_written"),
    ("tell", "write.after_insert"),
    ("tell", "draw.chunk"),
]


@pytest.mark.parametrize(("step", "fault"), DEATHS)
async def test_whatever_dies_on_the_way_the_timer_finishes(fair: Fair, step: str, fault: str) -> None:
    for name, go in (("close", fair.close), ("draw", fair.draw)):
        if name == step:
            await fair.dies(step, fair.call, fault)
        else:
            assert (await go()).status_code in {200, 409}
        await fair.later(minutes=1)
        if name == "close":
            await fair.timers()
            assert (await fair.open_nonce()).status_code == 200
    if step == "tell":
        await fair.dies(step, fair.call, fault)
    await fair.timers()
    state = await fair.state()
    assert (state.status, state.due_at, state.told) == ("published", None, 10)
    assert await fair.told() == {"stall-allotted": 6, "application-waitlisted": 4}
    assert len(await fair.allotments()) == 10
    assert await fair.house.facts("calls", fair.call) == TOLD


async def test_a_large_outcome_is_told_in_chunks_by_two_processes_at_once_and_nothing_twice() -> None:
    async with house(SERVICE, told_at_once=250) as stalls:
        asked = call((Line(count=60),))
        fair = await stand(stalls, asked, [applied(asked, number) for number in range(1, 601)])
        await fair.drawn()
        await asyncio.gather(*(carry_on(stalls.running, fair.call) for _ in range(2)))
        assert (await fair.state()).told < 600
        stale = await fair.state()
        await fair.timers()
        await publish(stalls.running, stale)
        assert (await fair.state()).status == "published"
        assert await fair.told() == {"stall-allotted": 60, "application-waitlisted": 540}


async def test_a_timer_that_comes_when_all_is_done_changes_nothing(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    before = await fair.state()
    assert await carry_on(fair.house.running, fair.call) == before
    assert await resume(fair.house.running, fair.call) == before


async def test_nobody_applied_and_the_draw_is_published_at_once(stalls: House) -> None:
    fair = await stand(stalls, call(), [])
    drawn = await fair.drawn()
    assert (drawn["status"], drawn["applications"], drawn["allotted"], drawn["waitlisted"]) == ("published", 0, 0, 0)
    assert (await stalls.client.get(f"/v1/calls/{fair.call}/outcome")).json()["items"] == []


async def test_a_ground_that_was_lost_before_the_close_is_struck_out(fair: Fair) -> None:
    first_day = clock.today() + timedelta(days=21)
    camp = {"date": first_day.isoformat(), "kind": "relief_camp", "names": {"mr": "पूरग्रस्तांचे शिबिर"}}
    path = f"/v1/calendars/490/{first_day.year}"
    declared = await fair.house.write("PUT", path, Role.DISTRICT_OFFICER, {"days": [camp]}, district="490")
    assert declared.status_code == 200, declared.text
    drawn = await fair.drawn()
    assert (drawn["allotted"], drawn["waitlisted"]) == (0, 10)
    assert all(event["struck"] for event in drawn["events"])
    await fair.timers()
    assert await fair.told() == {"application-waitlisted": 10}


async def test_a_ground_that_another_call_has_meanwhile_is_struck_out(fair: Fair) -> None:
    asked = await fair.house.running[Call].get(fair.call)
    await claim_days(fair.house.running[Use], asked.events[0].venue, asked.events[0].days, new_id(), asked.tenant)
    drawn = await fair.drawn()
    assert [bool(event["struck"]) for event in drawn["events"]] == [True, False]
    assert (drawn["allotted"], drawn["waitlisted"]) == (3, 7)


async def test_the_timer_closes_a_call_whose_time_is_over(fair: Fair) -> None:
    assert (await fair.state()).status is CallStatus.OPEN
    await fair.timers()
    closed = await fair.state()
    assert (closed.status, closed.applications) == (CallStatus.CLOSED, 10)
