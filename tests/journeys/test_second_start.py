"""Everything is stopped and started again on the same folder: nothing is lost, and business goes on."""

import asyncio
import time

from tests.journeys.people import Market, Person, Shop


async def test_a_second_start_keeps_the_data_and_takes_new_orders(market: Market) -> None:
    shop, buyer = await market.shop(stock=10), market.buyer()
    order = (await buyer.order(shop.line(4))).json()
    before = await buyer.sees(order["id"], "confirmed")
    await shop.has(on_hand=10, held=4, sold=0)

    began = time.monotonic()
    await asyncio.to_thread(market.system.stop)
    stopped = time.monotonic()
    await asyncio.to_thread(market.system.start)
    print(f"\nstopped in {stopped - began:.1f} s, started again in {time.monotonic() - stopped:.1f} s")

    again = Shop(shop.group_id, market.leader(shop.group_id), shop.product)
    back = Person(market.system, role="buyer", sub=buyer.party)
    assert await back.reads(f"/orders/{order['id']}") == before
    assert await again.stock() == (10, 4, 0)
    await again.leader.does("POST", f"/orders/{order['id']}/accept")
    await again.has(on_hand=6, held=0, sold=4)

    new = (await back.order(again.line(2))).json()
    await back.sees(new["id"], "confirmed")
    await again.has(on_hand=6, held=2, sold=4)
