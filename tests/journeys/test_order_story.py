"""One real order, end to end: from an officer's register to the message on a phone."""

import pytest

from shared.money import rupees
from tests.journeys.people import MUMBAI, PAPAD, PUNE, Market, Person, Shop
from tests.processes import until

LANGUAGES = [("mr", "hi"), ("hi", "en"), ("en", "mr")]
CONFIRMED = {
    "mr": "बचत हाट: तुमची ऑर्डर {order} निश्चित झाली. एकूण {total}.",
    "hi": "बचत हाट: आपका ऑर्डर {order} पक्का हो गया। कुल {total}।",
    "en": "Bachat Haat: your order {order} is confirmed. Total {total}.",
}
NEW_ORDER = {
    "mr": "बचत हाट: नवीन ऑर्डर {order}, एकूण {total}.",
    "hi": "बचत हाट: नया ऑर्डर {order}, कुल {total}।",
    "en": "Bachat Haat: new order {order}, total {total}.",
}
ACCEPTED = {
    "mr": "गटाने तुमची ऑर्डर {order} स्वीकारली आहे",
    "hi": "समूह ने आपका ऑर्डर {order} स्वीकार कर लिया है",
    "en": "the group accepted your order {order}",
}


async def found(buyer: Person, query: str, product_id: str) -> bool:
    """Whether that search brings the product, on whichever page."""
    cursor = None
    while True:
        page = await buyer.reads(
            "/products", q=query, district=PUNE, limit=50, **({"cursor": cursor} if cursor else {})
        )
        if product_id in [item["id"] for item in page["items"]]:
            return True
        if (cursor := page["next_cursor"]) is None:
            return False


@pytest.mark.parametrize(("hers", "theirs"), LANGUAGES)
async def test_an_order_goes_from_the_register_to_the_phones_of_buyer_and_group(
    market: Market, hers: str, theirs: str
) -> None:
    officer = market.officer(PUNE)
    group_id = await market.group(officer)
    leader = market.leader(group_id)

    title = {"mr": "नाचणी पापड", "hi": "रागी पापड़", "en": "Nachni papad"}
    draft = await leader.does("POST", "/products", {**PAPAD, "title": title, "group_id": group_id})
    product, product_id = draft, draft["id"]
    assert (product["status"], product["title"]["mr"]) == ("draft", "नाचणी पापड")
    for who, step, status in (
        (leader, "submit", "submitted"),
        (officer, "approve", "approved"),
        (leader, "list", "listed"),
    ):
        product = await who.does("POST", f"/products/{product_id}/{step}")
        assert product["status"] == status
    shop = Shop(group_id, leader, product)
    await shop.counts(10)

    buyer = market.buyer()
    her_phone, their_phone = market.number(), market.number()
    await buyer.leaves_number(buyer.party, hers, f"+91 {her_phone[:5]} {her_phone[5:]}")
    await leader.leaves_number(group_id, theirs, f"0{their_phone}")

    assert await found(buyer, "नाचणी", product_id)
    assert await found(buyer, "nachni pap", product_id)
    assert not await found(buyer, "शेवई", product_id)

    await market.heard_of(shop)
    answer = await buyer.order(shop.line(3, expected_unit_paise=9_000))
    order = answer.json()
    assert (answer.status_code, order["status"], order["total_paise"]) == (201, "placed", 27_000)
    assert order["deliver_to"]["district"] == MUMBAI
    confirmed = await buyer.sees(order["id"], "confirmed")
    assert confirmed["lines"][0]["tax_paise"] == 1_286
    await shop.has(on_hand=10, held=3, sold=0)

    accepted = await leader.does("POST", f"/orders/{order['id']}/accept")
    assert accepted["status"] == "accepted"
    await shop.has(on_hand=7, held=0, sold=3)

    said = {"order": order["id"][-6:].upper(), "total": rupees(27_000)}
    to_her, to_them = await market.texts(her_phone, 2), await market.texts(their_phone, 1)
    assert any(text.startswith(CONFIRMED[hers].format(**said)) for text in to_her)
    assert any(ACCEPTED[hers].format(**said) in text for text in to_her)
    assert to_them[0].startswith(NEW_ORDER[theirs].format(**said))

    async def all_delivered() -> bool:
        hers_now = (await buyer.reads("/notifications"))["items"]
        theirs_now = (await leader.reads("/notifications", party=group_id))["items"]
        statuses = [row["status"] for row in (*hers_now, *theirs_now)]
        return statuses == ["delivered"] * 3

    await until(all_delivered, what="the provider's reports made all three delivered")
    assert (len(await market.texts(her_phone, 2)), len(await market.texts(their_phone, 1))) == (2, 1)


async def test_a_buyer_who_cancels_gives_the_stock_back_and_the_group_is_told(market: Market) -> None:
    shop, buyer = await market.shop(stock=5), market.buyer()
    their_phone = market.number()
    await shop.leader.leaves_number(shop.group_id, "mr", their_phone)
    order = (await buyer.order(shop.line(4))).json()
    await buyer.sees(order["id"], "confirmed")
    await shop.has(on_hand=5, held=4, sold=0)

    cancelled = await buyer.does("POST", f"/orders/{order['id']}/cancel", {"reason": "दोनदा मागवले"})
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "दोनदा मागवले")
    await shop.has(on_hand=5, held=0, sold=0)
    told = f"बचत हाट: ग्राहकाने ऑर्डर {order['id'][-6:].upper()} रद्द केली आहे. माल पाठवू नका."
    assert told in await market.texts(their_phone, 2)


async def test_a_group_that_cancels_tells_the_buyer(market: Market) -> None:
    shop, buyer = await market.shop(), market.buyer()
    her_phone = market.number()
    await buyer.leaves_number(buyer.party, "hi", her_phone)
    order = (await buyer.order(shop.line(2))).json()
    await buyer.sees(order["id"], "confirmed")

    await shop.leader.does("POST", f"/orders/{order['id']}/cancel", {"reason": "पावसामुळे माल भिजला"})
    await buyer.sees(order["id"], "cancelled")
    await shop.has(on_hand=10, held=0, sold=0)
    told = f"बचत हाट: क्षमा करें, समूह ने आपका ऑर्डर {order['id'][-6:].upper()} रद्द कर दिया है।"
    assert any(text.startswith(told) for text in await market.texts(her_phone, 2))


async def test_what_is_accepted_cannot_be_cancelled_and_the_refusal_says_why(market: Market) -> None:
    shop, buyer = await market.shop(), market.buyer()
    order = (await buyer.order(shop.line(2))).json()
    await buyer.sees(order["id"], "confirmed")
    await shop.leader.does("POST", f"/orders/{order['id']}/accept")
    for who in (buyer, shop.leader):
        refused = await who.post(f"/orders/{order['id']}/cancel", {"reason": "नको आता"})
        assert (refused.status_code, refused.json()["code"]) == (409, "NotCancellable")
        assert refused.json()["params"] == {"status": "accepted"}
    await shop.has(on_hand=8, held=0, sold=2)


async def test_an_order_the_catalogue_does_not_answer_expires_and_holds_nothing_when_it_comes_back(
    market: Market,
) -> None:
    shop, buyer = await market.shop(stock=6), market.buyer()
    her_phone = market.number()
    await buyer.leaves_number(buyer.party, "en", her_phone)
    with market.system.frozen("catalog"):
        order = (await buyer.order(shop.line(6))).json()
        assert order["status"] == "placed"
        expired = await buyer.sees(order["id"], "cancelled")
    assert expired["reason"] == "hold-expired"
    assert "was not answered in time and is cancelled" in (await market.texts(her_phone, 1))[0]

    async def let_go() -> bool:
        reservation = await market.system.document("catalog", "reservations", _id=order["id"])
        return reservation is not None and reservation["status"] == "released"

    await until(let_go, what="catalog heard of the order and of its end", patience_seconds=60)
    await shop.has(on_hand=6, held=0, sold=0)
    after = (await buyer.order(shop.line(6))).json()
    await buyer.sees(after["id"], "confirmed")
    await shop.has(on_hand=6, held=6, sold=0)
    assert (await buyer.reads(f"/orders/{order['id']}"))["status"] == "cancelled"
