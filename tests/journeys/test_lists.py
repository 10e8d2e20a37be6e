"""Lists page by page while the market goes on, and versions of what was read."""

from typing import Any

import pytest

from tests.journeys.people import Market, Person, Shop


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=500)


async def pages(who: Person, path: str, **asked: Any) -> list[list[str]]:
    """The ids of each page."""
    found: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await who.reads(path, **asked, **cursor)
        found.append([item["id"] for item in page["items"]])
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_no_order_comes_twice_or_is_missing_while_new_ones_arrive(market: Market, shop: Shop) -> None:
    buyer = market.buyer()
    before = [(await buyer.order(shop.line())).json()["id"] for _ in range(7)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await buyer.reads("/orders", limit=2, **cursor)
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
        await buyer.order(shop.line())
    assert seen == before[::-1]
    assert [len(page) for page in await pages(buyer, "/orders", limit=3)] == [3, 3, 3, 1]


async def test_a_products_list_holds_each_of_a_group_once_whatever_the_page(market: Market, shop: Shop) -> None:
    leader, made = shop.leader, {shop.product_id}
    draft = {name: shop.product[name] for name in ("title", "category", "variants")}
    draft |= {"group_id": shop.group_id}
    for _ in range(6):
        made.add((await leader.does("POST", "/products", draft))["id"])
    for limit in (1, 3, 7, 50):
        found = await pages(leader, "/products", group=shop.group_id, limit=limit)
        assert max(map(len, found)) <= limit
        ids = [id_ for page in found for id_ in page]
        assert (len(ids), set(ids)) == (7, made)


@pytest.mark.parametrize("cursor", ["नाही", "e30", "W10", "bm90IGpzb24", "=" * 50, "W3sidiI6eyIkZ3QiOiIifX0sImEiXQ"])
async def test_a_cursor_that_is_not_ours_is_refused(market: Market, cursor: str) -> None:
    answer = await market.buyer().get("/orders", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "BadCursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "all"])
async def test_a_page_has_one_to_two_hundred_items(market: Market, limit: str) -> None:
    answer = await market.buyer().get("/orders", limit=limit)
    assert (answer.status_code, answer.json()["code"]) == (422, "InvalidRequest")
    assert answer.json()["errors"][0]["field"] == "limit"


async def test_who_changes_an_older_version_is_told_and_nothing_is_overwritten(market: Market) -> None:
    shop = await market.shop()
    path = f"/products/{shop.product_id}"
    etag = (await shop.leader.get(path)).headers["etag"]
    pack = shop.product["variants"][0]
    first = {"variants": [{**pack, "unit_price_paise": 9_550}]}
    changed = await shop.leader.send("PATCH", path, first, if_match=etag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag

    second = {"variants": [{**pack, "unit_price_paise": 8_000}]}
    late = await shop.leader.send("PATCH", path, second, if_match=etag)
    assert (late.status_code, late.json()["code"]) == (412, "VersionMismatch")
    assert f'"{late.json()["params"]["version"]}"' == changed.headers["etag"]
    assert (await shop.leader.reads(path))["variants"][0]["unit_price_paise"] == 9_550


async def test_what_has_not_changed_is_not_sent_again(market: Market, shop: Shop) -> None:
    path = f"/products/{shop.product_id}"
    first = await shop.leader.get(path)
    again = await shop.leader.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await shop.leader.get(path, headers={"If-None-Match": '"9999"'})
    assert other.json() == first.json()
