"""Parked events in the hands of a person: seen, released, given up; applied by the running consumer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts.catalog import ProductChanged, ProductListed, VariantOffer
from shared.documents import Doc
from shared.ids import new_id
from tests.integration.kernel.conftest import record
from tests.integration.products_read import Reading, reading
from tools.environment import database_of
from tools.parked import Parked

GROUP = new_id()
BINARY = b"\xff\xfe\x1b[2J{not json"


@pytest.fixture(scope="module")
async def orders() -> AsyncIterator[Reading]:
    """One consumer for all; every test has a product of its own."""
    async with reading() as orders, orders.consuming():
        yield orders


def offered(kind: type[Any], product: str, sequence: int, price_paise: int, **changed: Any) -> Doc:
    variant = VariantOffer(sku="PAPAD-UDID-200", unit_price_paise=price_paise, tax_basis_points=0)
    fact = kind(seller=GROUP, district="490", category="food", variants=(variant,))
    return record(fact, product, sequence, **changed)


async def price(orders: Reading, product: str) -> int | None:
    known = await orders.known(product)
    return known["offers"][0]["unit_price_paise"] if known else None


async def poisoned(orders: Reading, product: str) -> str:
    """Listed, then a body that is no JSON, then two changes that wait behind it. The id of the poison."""
    await orders.log.write(
        offered(ProductListed, product, 1, 9000),
        offered(ProductChanged, product, 2, 9100, value=BINARY),
        offered(ProductChanged, product, 3, 9200),
        offered(ProductChanged, product, 4, 9300),
    )
    await orders.consumed()
    rows = await orders.parked(product)
    assert [row["status"] for row in rows] == ["poison", "behind", "behind"]
    return f"{rows[0]['topic']}:{rows[0]['partition']}:{rows[0]['offset']}"


async def statuses(orders: Reading, product: str) -> list[str]:
    return [row["status"] for row in await orders.parked(product)]


async def test_the_list_says_what_stopped_a_key_and_how_many_wait_behind_it(orders: Reading) -> None:
    product = new_id()
    id_ = await poisoned(orders, product)
    code, shown = await orders.tool("replay", "list", "--service", "orders", "--code", "DoesNotParse")
    line = next(line for line in shown.splitlines() if id_ in line)
    cells = [cell.strip() for cell in line.split("│")[1:-1]]
    assert (code, cells[1], cells[2], cells[-1]) == (0, product, "poison", "2")
    code, shown = await orders.tool("replay", "list", "--service", "orders", "--topic", "catalog.reservations")
    assert (code, shown.strip()) == (0, "Nothing is parked.")


async def test_a_body_that_is_no_text_is_shown_without_harm_to_the_terminal(orders: Reading) -> None:
    id_ = await poisoned(orders, new_id())
    code, shown = await orders.tool("replay", "show", id_, "--service", "orders")
    assert code == 0
    assert r"\xff\xfe\x1b[2J{not json" in shown
    assert "\x1b[2J" not in shown
    assert "in.bachathaat.catalog.product-changed.v1" in shown


async def test_without_yes_nothing_is_changed(orders: Reading) -> None:
    product = new_id()
    id_ = await poisoned(orders, product)
    before, acts = await orders.parked(product), orders.running.database.collection("audit")
    recorded = await acts.count_documents({})
    released = await orders.tool("replay", "ready", "--service", "orders", "--key", product)
    dropped = await orders.tool("replay", "drop", id_, "--service", "orders", "--reason", "चुकीची नोंद")
    assert [code for code, _ in (released, dropped)] == [0, 0]
    assert "3 events" in released[1]
    assert all("add --yes" in shown for _, shown in (released, dropped))
    assert await orders.parked(product) == before
    assert await acts.count_documents({}) == recorded


async def test_everything_is_released_only_when_everything_is_asked_for(orders: Reading) -> None:
    code, shown = await orders.tool("replay", "ready", "--service", "orders", "--yes")
    assert code == 2
    assert "--all" in shown


async def test_what_is_still_poison_is_tried_once_more_and_said_so(orders: Reading) -> None:
    product = new_id()
    id_ = await poisoned(orders, product)
    code, shown = await orders.tool("replay", "ready", id_, "--service", "orders", "--yes", "--wait")
    assert (code, "still stops its key" in shown) == (1, True), shown
    assert await statuses(orders, product) == ["poison", "ready", "ready"]
    assert (await orders.parked(product))[0]["attempts"] == 2
    act = await orders.running.database.collection("audit").find_one({"subject.id": {"$regex": f"{id_}$"}})
    assert (act or {}).get("act") == "replay ready, events: 3, keys: 1"


async def test_a_dropped_event_lets_those_behind_it_through_in_order_and_the_key_goes_on(orders: Reading) -> None:
    product = new_id()
    id_ = await poisoned(orders, product)
    drop = ("replay", "drop", id_, "--service", "orders", "--reason", "चुकीची नोंद", "--yes", "--wait")
    code, shown = await orders.tool(*drop, OPERATOR="वैशाली")
    assert (code, await statuses(orders, product)) == (0, ["dropped", "applied", "applied"]), shown
    act = await orders.running.database.collection("audit").find_one({"actor.sub": "वैशाली"})
    assert act is not None
    assert (act["act"], act["actor"]["role"]) == ("replay drop", "operator")
    assert act["subject"]["id"].endswith(id_)
    assert await price(orders, product) == 9300
    await orders.log.write(offered(ProductChanged, product, 5, 9400))
    await orders.consumed()
    assert await price(orders, product) == 9400
    rows = await orders.parked(product)
    assert rows[0]["drop_reason"] == "चुकीची नोंद"
    assert [row.get("forced", False) for row in rows] == [False, True, False]


async def test_a_gap_is_accepted_only_with_force_and_only_for_the_key_that_was_named(orders: Reading) -> None:
    product, other = new_id(), new_id()
    for id_ in (product, other):
        facts = ((ProductListed, 1, 9000), (ProductChanged, 3, 9200), (ProductChanged, 4, 9300))
        await orders.log.write(*(offered(kind, id_, sequence, paise) for kind, sequence, paise in facts))
    await orders.consumed()
    release = ("replay", "ready", "--service", "orders", "--key", product, "--yes", "--wait")
    refused, shown = await orders.tool(*release)
    assert (refused, "SequenceGap" in shown) == (1, True), shown
    forced, shown = await orders.tool(*release, "--force")
    assert forced == 0, shown
    assert (await price(orders, product), await price(orders, other)) == (9300, 9000)


async def test_without_a_consumer_the_tool_waits_no_longer_than_told_and_what_is_released_stays(
    orders: Reading,
) -> None:
    product = new_id()
    await poisoned(orders, product)
    parking = orders.running.database.collection("parked")
    await parking.update_many({"key": product.encode()}, {"$set": {"partition": 4}})  # which nobody consumes
    release = ("ready", "--key", product, "--service", "orders", "--yes", "--wait", "--patience", "0.5")
    code, shown = await orders.tool("replay", *release)
    assert (code, "does the consumer run" in shown) == (1, True), shown
    assert await statuses(orders, product) == ["ready", "ready", "ready"]


async def test_what_a_batch_parks_behind_a_released_key_meanwhile_is_found(orders: Reading) -> None:
    product = new_id()
    await poisoned(orders, product)
    rows = await orders.parked(product)
    parking = orders.running.database.collection("parked")
    released = [row["_id"] for row in rows[:2]]
    with database_of("orders", orders.running.settings) as database:
        parked = Parked(database, orders.running.settings.namespace)
        assert parked.stragglers(released) == []
        await parking.update_many({"_id": {"$in": released}}, {"$set": {"status": "applied"}})
        (late,) = parked.stragglers(released)
    assert [row["_id"] for row in late.rows] == [rows[2]["_id"]]


async def test_an_id_that_is_not_parked_and_one_that_is_not_poison_are_said_so(orders: Reading) -> None:
    product = new_id()
    await poisoned(orders, product)
    behind = (await orders.parked(product))[1]["_id"]
    for id_, sentence in (("catalog.products:0:999999", "No event is parked"), (behind, "This event is behind")):
        code, shown = await orders.tool("replay", "drop", id_, "--service", "orders", "--reason", "x", "--yes")
        assert (code, sentence in shown) == (1, True), shown


async def test_a_database_that_is_away_is_one_sentence_and_no_password(orders: Reading) -> None:
    code, shown = await orders.tool(
        "replay", "list", "--service", "orders", MONGODB_URI="mongodb://admin:gupt-shabd@127.0.0.1:9/"
    )
    assert code == 1
    assert shown.startswith("MongoDB does not answer")
    assert len(shown.splitlines()) == 1
