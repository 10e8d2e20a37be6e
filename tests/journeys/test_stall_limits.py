"""Where the rules of a fair draw the line: papers of a ground, the second of the close, what a number may look like."""

import re
import uuid
from datetime import datetime, timedelta

from shared import clock
from tests.journeys.desks import Desk
from tests.journeys.fairs import DICE, LICENCE, MALEGAON, Fair, a_call, event, ground, makers, opened, sunday, wish
from tests.journeys.people import Body, Market

DEVANAGARI = re.compile(r"[ऀ-ॿ]")
WORKING_DAY = sunday() + timedelta(days=2)


async def test_all_that_is_missing_for_a_school_ground_is_listed_and_each_paper_takes_one_off(
    market: Market, desk: Desk
) -> None:
    school = await ground(market, kind="school_ground")
    path, year = f"/venues/{school}", WORKING_DAY.year
    await desk.officer.does("PUT", f"/calendars/{MALEGAON.district}/{year}", {"days": []})

    async def missing(language: str = "mr") -> list[Body]:
        said = await desk.officer.get(
            f"{path}/use", date=WORKING_DAY.isoformat(), headers={"Accept-Language": language}
        )
        use: Body = said.json()
        assert use["may"] is (use["missing"] == [])
        assert all(bool(DEVANAGARI.search(lack["detail"])) is (language != "en") for lack in use["missing"])
        return list(use["missing"])

    not_free, consent, order = "NeitherSundayNorHoliday", "SchoolConsentMissing", "ZillaParishadOrderMissing"
    for language in ("mr", "hi", "en"):
        assert [lack["code"] for lack in await missing(language)] == [not_free, consent, order]
    refused = await desk.opens(a_call("n", [event(school, WORKING_DAY)]), "mr")
    assert [lack["code"] for lack in refused.json()["params"]["missing"]] == [not_free, consent, order]

    paper = {"document": "ठराव 17", "issuer": "शाळा व्यवस्थापन समिती"}
    valid = {"valid_from": f"{year}-01-01", "valid_until": f"{year}-12-31"}
    for kind in ("school_committee_consent", "zilla_parishad_order"):
        await desk.officer.does("POST", f"{path}/permissions", {"kind": kind, **paper, **valid})
    assert [lack["code"] for lack in await missing()] == [not_free]
    holiday = {"date": WORKING_DAY.isoformat(), "kind": "holiday", "names": {"mr": "स्थानिक सुट्टी"}}
    await desk.officer.does("PUT", f"/calendars/{MALEGAON.district}/{year}", {"days": [holiday]})
    assert await missing() == []
    exam = {"date": WORKING_DAY.isoformat(), "kind": "exam", "names": {"mr": "दहावीची परीक्षा"}}
    await desk.officer.does("PUT", f"/calendars/{MALEGAON.district}/{year}", {"days": [holiday, exam]})
    assert [lack["code"] for lack in await missing()] == ["ExamDay"]
    await desk.officer.does("PUT", f"/calendars/{MALEGAON.district}/{year}", {"days": []})


async def test_a_permission_withdrawn_refuses_who_names_the_ground_and_strikes_it_out_at_the_close(
    market: Market, board: Fair, desk: Desk
) -> None:
    early, late = await makers(market, board, 2)
    town, square = [await ground(market, kind="municipal_ground", papers=["municipal_order"]) for _ in range(2)]
    fair = await opened(desk.officer, event(town, sunday()), event(square, sunday(), lines=[{"count": 2}]))
    receipt = await fair.applied(early, 1, 2)
    [order] = (await desk.officer.reads(f"/venues/{town}"))["permissions"]
    why = {"reason": "मैदानावर जलवाहिनीचे काम"}
    await desk.officer.does("POST", f"/venues/{town}/permissions/{order['id']}/withdraw", why)

    refused = await fair.asked(late, wish(late, 1, 2), accept_language="mr")
    assert (refused.status_code, refused.json()["code"]) == (409, "GroundNotUsable")
    assert "नगरपालिकेचा आदेश" in refused.json()["detail"]
    instead = await fair.applied(late, {"any": {"district": MALEGAON.district}})
    assert [choice["event"] for choice in instead["choices"]] == [1, 2]

    call = await fair.drawn()
    assert call["events"][0]["struck"].startswith("Malegaon market ground was struck out at the close. No order")
    assert (call["events"][0]["lines"], call["events"][1]["struck"]) == ([], None)
    rows = await fair.rows()
    assert [rows[one["ticket"]]["event"] for one in (receipt, instead)] == [2, 2]
    shown = await early.leader.reads(f"/applications/{receipt['id']}")
    assert [bool(choice["struck"]) for choice in shown["choices"]] == [True, False]


async def test_the_second_of_the_close_is_still_open_and_the_next_is_not(
    market: Market, board: Fair, desk: Desk
) -> None:
    [who] = await makers(market, board, 1)
    fair = await opened(desk.officer, event(await ground(market), sunday()), seconds=4)
    first = await fair.applied(who, 1)
    body = {"choices": [1], "products": [who.product_id], "fssai": LICENCE}
    taken, refused_at = [first], None
    while refused_at is None:
        asked_at = clock.now()
        attending = 2 if taken[-1]["attending"] == 1 else 1
        answer = await who.leader.send("PUT", f"/applications/{first['id']}", {**body, "attending": attending})
        if answer.is_success:
            taken.append(answer.json())
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "CallClosed")
            refused_at = clock.now()
        assert asked_at < fair.closes_at + timedelta(seconds=1) or not answer.is_success
    assert refused_at >= fair.closes_at + timedelta(seconds=1)
    assert datetime.fromisoformat(taken[-1]["changed_at"]) >= fair.closes_at
    late = await who.leader.post(f"/applications/{first['id']}/withdraw")
    assert (late.status_code, late.json()["code"]) == (409, "CallClosed")
    assert (await fair.closed())["applications"] == 1
    kept = await who.leader.reads(f"/applications/{first['id']}")
    assert (kept["frozen"], kept["revision"], kept["attending"]) == (True, len(taken), taken[-1]["attending"])


async def test_a_public_value_from_before_the_close_or_from_tomorrow_is_refused(market: Market, desk: Desk) -> None:
    fair = await opened(desk.officer, event(await ground(market), sunday()), seconds=2)
    await fair.opened()
    soon = clock.now() + timedelta(hours=1)
    for at, code in ((fair.closes_at, "PublicValueTooEarly"), (soon, "PublicValueNotYet")):
        for language in ("mr", "hi", "en"):
            body = {"public_value": DICE, "published_at": at.isoformat()}
            refused = await desk.asks(fair, "draw", body, language)
            assert (refused.status_code, refused.json()["code"]) == (409, code)
            assert "IST" in refused.json()["detail"]
    assert (await fair.now())["public_value"] is None
    await fair.agreed()
    assert (await fair.published())["told"] == 0


async def test_devanagari_digits_are_read_in_texts_and_refused_in_numbers(
    market: Market, board: Fair, desk: Desk
) -> None:
    [who] = await makers(market, board, 1)
    reserved = [{"district": "४९०", "count": 1}]
    fair = await opened(desk.officer, event(await ground(market), sunday(), lines=reserved), seconds=600)
    assert fair.call["events"][0]["lines"][0]["district"] == "490"
    for field, value in (("choices", ["१"]), ("attending", "२")):
        refused = await fair.asked(who, wish(who, 1, **{field: value}), accept_language="mr")
        assert (refused.status_code, refused.json()["code"]) == (422, "InvalidRequest")
        assert refused.json()["errors"][0]["field"].split(".")[0] == field
        assert "ASCII" in refused.json()["errors"][0]["fix"]
    wanted = {"any": {"district": "४९०", "block": "४५१२"}}
    taken = await fair.applied(who, wanted, fssai="११५२१०३४०००१२३")
    assert (taken["fssai"], taken["asked"]) == (
        "11521034000123",
        [{"any": {"district": "490", "block": "4512", "day": None}}],
    )
    many = a_call("n", [event(await ground(market), sunday(), lines=[{"count": "१०"}])])
    refused = await desk.opens(many, "mr")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "events.0.lines.0.count")
    day = await desk.opens(a_call("n", [{**event(str(uuid.uuid4()), sunday()), "days": ["२०२६-१२-२०"]}]), "mr")
    assert (day.status_code, day.json()["errors"][0]["field"]) == (422, "events.0.days.0")


async def test_a_call_that_nobody_opened_is_not_found(desk: Desk) -> None:
    nowhere = f"/calls/{uuid.uuid4()}"
    answers = [
        await desk.officer.get(nowhere),
        await desk.officer.get(f"{nowhere}/outcome"),
        await desk.officer.get(f"{nowhere}/outcome/file"),
        await desk.officer.post(f"{nowhere}/close"),
        await desk.usha.leader.post(f"{nowhere}/applications", wish(desk.usha, 1)),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "NotFound")] * len(answers)
