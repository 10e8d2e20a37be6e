"""Nobody reaches what is not hers, whatever she sends."""

import uuid

import pytest

from tests.journeys.desks import Desk
from tests.journeys.fairs import BHIVAPUR, a_call, event, sunday, wish
from tests.journeys.people import MUMBAI, NAGPUR, PAPAD, PUNE, SKU, Body, Market, Person, Shop

UTTARAKHAND = "5"


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=100)


@pytest.fixture(scope="session")
async def asha(market: Market) -> Person:
    return market.buyer()


@pytest.fixture(scope="session")
async def order_id(asha: Person, shop: Shop) -> str:
    """Asha's, confirmed."""
    made = (await asha.order(shop.line())).json()["id"]
    await asha.sees(made, "confirmed")
    return str(made)


async def test_another_buyers_order_does_not_exist(market: Market, order_id: str) -> None:
    usha = market.buyer()
    read = await usha.get(f"/orders/{order_id}")
    cancelled = await usha.post(f"/orders/{order_id}/cancel", {"reason": "माझी नाही"})
    unknown = await usha.get(f"/orders/{uuid.uuid4()}")
    assert [(answer.status_code, answer.json()["code"]) for answer in (read, cancelled, unknown)] == [
        (404, "NotFound")
    ] * 3
    assert (await usha.reads("/orders"))["items"] == []


async def test_another_groups_leader_cannot_touch_the_product_its_stock_or_its_order(
    market: Market, shop: Shop, order_id: str
) -> None:
    stranger = market.leader(await market.group())
    path = f"/products/{shop.product_id}"
    touched = [
        await stranger.send("PATCH", path, {"hsn": "1905"}),
        await stranger.post(f"{path}/pause"),
        await stranger.send("PUT", shop.stock_path, {"on_hand": 0}),
        await stranger.post("/products", {**PAPAD, "group_id": shop.group_id}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in touched] == [(403, "NotYourGroup")] * 4
    hidden = [
        await stranger.get(shop.stock_path),
        await stranger.post(f"/orders/{order_id}/accept"),
        await stranger.get(f"/contacts/{shop.group_id}"),
    ]
    assert [answer.status_code for answer in hidden] == [404] * 3
    assert (await shop.leader.reads(path))["status"] == "listed"


async def test_a_draft_is_seen_by_its_group_and_its_officers_only(market: Market, shop: Shop) -> None:
    draft = await shop.leader.does("POST", "/products", {**PAPAD, "group_id": shop.group_id})
    path = f"/products/{draft['id']}"
    seen = {
        name: (await who.get(path)).status_code
        for name, who in {
            "its leader": shop.leader,
            "an officer of Pune": market.officer(PUNE),
            "an officer of Nagpur": market.officer(NAGPUR),
            "a buyer": market.buyer(),
        }.items()
    }
    assert seen == {"its leader": 200, "an officer of Pune": 200, "an officer of Nagpur": 404, "a buyer": 404}


async def test_headers_that_claim_to_be_somebody_have_no_effect(asha: Person, market: Market, order_id: str) -> None:
    usha = market.buyer()
    claims = {
        "x-user-id": asha.party,
        "x-user-role": "admin",
        "x-user-state": "27",
        "X-User-Id": asha.party,
        "x-request-id": "mine",
    }
    read = await usha.get(f"/orders/{order_id}", headers=claims)
    assert read.status_code == 404
    assert read.headers["x-request-id"] != "mine"
    listed = await usha.get("/orders", headers=claims)
    assert listed.json()["items"] == []
    hers = await asha.get(
        f"/orders/{order_id}", headers={**claims, "x-user-id": usha.party, "x-user-state": UTTARAKHAND}
    )
    assert hers.json()["id"] == order_id


async def test_without_a_token_of_the_issuer_nothing_is_answered(asha: Person, order_id: str) -> None:
    for token in ("", "Bearer", "Bearer not.a.token", f"Bearer {asha.token[:-6]}AAAAAA", f"Basic {asha.token}"):
        answer = await asha.client.get(f"/orders/{order_id}", headers={"Authorization": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "Unauthenticated")


async def test_an_officer_registers_in_her_own_district_only(market: Market) -> None:
    entry = {"programme": "umed", "code": f"MH-{uuid.uuid4().hex[:8]}", "names": {"mr": "जिजाऊ बचत गट"}}
    here = {**entry, "district": PUNE, "block": "4512"}
    refused = await market.officer(NAGPUR).post("/groups", here)
    assert (refused.status_code, refused.json()["code"]) == (403, "OutsideArea")
    assert (await market.officer(PUNE).post("/groups", here)).status_code == 201
    approved = await market.officer(NAGPUR).post(f"/products/{uuid.uuid4()}/approve")
    assert approved.status_code == 404


async def test_a_token_of_another_state_sees_and_moves_nothing(market: Market, shop: Shop, order_id: str) -> None:
    leader = market.person("group_leader", groups=[shop.group_id], state=UTTARAKHAND)
    admin = market.person("admin", state=UTTARAKHAND)
    buyer = market.buyer(state=UTTARAKHAND)
    for who in (leader, admin, buyer):
        for path in (f"/products/{shop.product_id}", f"/groups/{shop.group_id}", f"/orders/{order_id}"):
            assert (await who.get(path)).status_code == 404, path
        for path in ("/products", "/orders", "/notifications", "/venues", "/calls", "/applications", "/allotments"):
            assert (await who.reads(path))["items"] == [], path
    assert (await admin.get(shop.stock_path)).status_code == 404
    moved = [
        await leader.send("PUT", shop.stock_path, {"on_hand": 0}),
        await leader.post(f"/orders/{order_id}/accept"),
        await admin.post(f"/products/{shop.product_id}/pause"),
    ]
    assert [answer.status_code for answer in moved] == [404] * 3
    ordered = await buyer.order({"product_id": shop.product_id, "sku": SKU, "quantity": 1})
    assert (ordered.status_code, ordered.json()["code"]) == (503, "CatalogueBehind")
    assert (await shop.stock())[0] == 100


async def test_a_number_is_shown_in_full_to_its_owner_only(market: Market) -> None:
    asha, phone = market.buyer(), market.number()
    await asha.leaves_number(asha.party, "mr", phone)
    assert (await asha.reads(f"/contacts/{asha.party}"))["phone"] == f"+91{phone}"
    for who in (market.person("mission_manager"), market.person("admin")):
        assert (await who.reads(f"/contacts/{asha.party}"))["phone"] == f"{'*' * 10}{phone[-3:]}"
    for who in (market.buyer(), market.officer(MUMBAI)):
        assert (await who.get(f"/contacts/{asha.party}")).status_code == 404
    stolen = await market.buyer().send("PUT", f"/contacts/{asha.party}", {"language": "mr", "phone": "9822000000"})
    assert stolen.status_code in (403, 404)


def writes(desk: Desk, allotment: str) -> dict[tuple[str, str], Body | None]:
    """Everything that moves something of a fair, as (method, path), with what is sent."""
    venue, change = desk.open.call["events"][0]["venue"], wish(desk.asha, 1, attending=2)
    del change["group"]
    paper = {"document": "ठराव 17", "issuer": "ग्रामपंचायत", "valid_from": "2026-01-01", "valid_until": "2036-12-31"}
    return {
        ("POST", f"{desk.drawn.path}/close"): None,
        ("POST", f"{desk.drawn.path}/open-nonce"): {"nonce": desk.drawn.nonce},
        ("POST", f"{desk.drawn.path}/draw"): desk.drawn.value,
        ("POST", f"{desk.open.path}/applications"): wish(desk.asha, 1),
        ("PUT", f"/applications/{desk.applied['id']}"): change,
        ("POST", f"/applications/{desk.applied['id']}/withdraw"): None,
        ("POST", f"/allotments/{allotment}/confirm"): None,
        ("POST", f"/allotments/{allotment}/decline"): None,
        ("POST", f"/venues/{venue}/permissions"): paper,
        ("POST", f"/venues/{venue}/permissions/{uuid.uuid4()}/withdraw"): {"reason": "पाऊस"},
        ("POST", "/calls"): a_call("n", [event(venue, sunday(7))]),
        ("PUT", "/calendars/490/2031"): {"days": []},
    }


@pytest.fixture(scope="session")
async def allotment(desk: Desk) -> str:
    """Asha's, of the fair that is drawn."""
    return str((await desk.drawn.allotments())[desk.asha.group_id]["id"])


async def test_of_a_fair_a_token_of_another_state_sees_and_moves_nothing(
    market: Market, desk: Desk, allotment: str
) -> None:
    officer, admin = (market.person(role, state=UTTARAKHAND, district=PUNE) for role in ("district_officer", "admin"))
    leader = market.person("group_leader", groups=[desk.asha.group_id], state=UTTARAKHAND)
    venue = desk.open.call["events"][0]["venue"]
    assert (await officer.reads(desk.open.path))["id"] == desk.open.id, "a call is public"
    for path in (
        f"/applications/{desk.applied['id']}",
        f"/allotments/{allotment}",
        f"/venues/{venue}",
        f"/venues/{venue}/use?date={sunday().isoformat()}",
    ):
        seen = [await who.get(path) for who in (officer, admin, leader)]
        assert [answer.status_code for answer in seen] == [404] * 3, path
    for path in ("/calls", "/applications", "/allotments"):
        assert [(await who.reads(path))["items"] for who in (officer, admin, leader)] == [[]] * 3, path
    assert (await officer.reads(f"{desk.open.path}/demand"))["items"] == []
    for who in (officer, admin, leader):
        for (method, path), body in writes(desk, allotment).items():
            answer = await who.send(method, path, body)
            assert answer.status_code in (403, 404, 422), (method, path, answer.text)
            assert answer.status_code != 422 or answer.json()["code"] == "UnknownPlace", answer.text
    await untouched(desk, allotment)


async def test_of_a_fair_another_districts_officer_reads_the_call_and_moves_nothing(
    market: Market, desk: Desk, allotment: str
) -> None:
    stranger = BHIVAPUR.officer(market)
    assert (await stranger.reads(desk.open.path))["commitment"] == desk.open.call["commitment"]
    for path in (f"/applications/{desk.applied['id']}", f"/allotments/{allotment}"):
        assert (await stranger.get(path)).status_code == 404
    for path, fair in (("/applications", desk.open), ("/allotments", desk.drawn)):
        assert (await stranger.reads(path, call=fair.id))["items"] == []
    credits_ = await stranger.get("/credits", group=desk.asha.group_id)
    assert (credits_.status_code, credits_.json()["code"]) == (403, "OutsideArea")
    for (method, path), body in writes(desk, allotment).items():
        answer = await stranger.send(method, path, body)
        assert (answer.status_code, answer.json()["code"]) in {
            (403, "OutsideArea"),
            (403, "Forbidden"),
        }, (method, path, answer.text)
    await untouched(desk, allotment)


async def test_of_a_fair_another_groups_leader_sees_and_moves_nothing_of_hers(
    market: Market, desk: Desk, allotment: str
) -> None:
    usha = desk.usha.leader
    for path in (f"/applications/{desk.applied['id']}", f"/allotments/{allotment}"):
        assert (await usha.get(path)).status_code == 404
    for path in ("/applications", "/allotments"):
        assert (await usha.reads(path, group=desk.asha.group_id))["items"] == []
        shown = {row["group"] for row in (await usha.reads(path))["items"]}
        assert shown == {desk.usha.group_id}
    assert (await usha.get("/credits", group=desk.asha.group_id)).status_code == 404
    for (method, path), body in writes(desk, allotment).items():
        answer = await usha.send(method, path, body)
        assert answer.status_code in (403, 404), (method, path, answer.text)
    await untouched(desk, allotment)


async def test_of_a_fair_anybody_reads_the_call_and_nobody_without_a_token_moves_anything(
    market: Market, desk: Desk, allotment: str
) -> None:
    buyer = market.buyer()
    assert (await buyer.reads(desk.open.path))["id"] == desk.open.id
    without = {"Authorization": ""}
    alone = await buyer.client.get(desk.open.path, headers=without)
    listed = await buyer.client.get("/calls", params={"state": "27"}, headers=without)
    assert (alone.json()["id"], listed.status_code) == (desk.open.id, 200)
    assert desk.officer.party not in alone.text
    for path in ("/applications", "/allotments"):
        assert (await buyer.reads(path))["items"] == []
    assert (await buyer.get("/credits", group=desk.asha.group_id)).status_code == 403
    for (method, path), body in writes(desk, allotment).items():
        assert (await buyer.send(method, path, body)).status_code == 403, (method, path)
        nobody = await buyer.client.request(method, path, json=body, headers={"Authorization": ""})
        assert (nobody.status_code, nobody.json()["code"]) == (401, "Unauthenticated"), (method, path)
    await untouched(desk, allotment)


async def untouched(desk: Desk, allotment: str) -> None:
    """What all of them tried to move is as it was."""
    kept = await desk.asha.leader.reads(f"/applications/{desk.applied['id']}")
    assert (kept["status"], kept["revision"]) == ("submitted", 1)
    assert (await desk.asha.leader.reads(f"/allotments/{allotment}"))["status"] in ("allotted", "waitlisted")
    venue = await desk.officer.reads(f"/venues/{desk.open.call['events'][0]['venue']}")
    assert venue["permissions"] == []
    assert (await desk.drawn.now())["status"] == "published"
