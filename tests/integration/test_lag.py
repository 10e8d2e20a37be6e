"""How far behind: what MongoDB says is true, what Kafka was told is shown beside it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts.catalog import ProductListed, VariantOffer
from shared.documents import Doc
from shared.ids import new_id
from tests.integration.kernel.conftest import record
from tests.integration.products_read import Reading, reading


@pytest.fixture(scope="module")
async def orders() -> AsyncIterator[Reading]:
    """A consumer has read twenty products and parked one, and has left."""
    async with reading() as orders:
        async with orders.consuming():
            await orders.log.write(*(listed() for _ in range(20)), listed(value=b"?"))
            await orders.consumed()
        yield orders


def listed(**changed: Any) -> Doc:
    variant = VariantOffer(sku="HALAD-POWDER-200", unit_price_paise=6000, tax_basis_points=500)
    return record(
        ProductListed(seller=new_id(), district="497", category="food", variants=(variant,)), new_id(), 1, **changed
    )


async def lags(orders: Reading) -> list[Doc]:
    """The partitions of the products' topic."""
    code, shown = await orders.tool("lag", "--json")
    assert code == 0, shown
    found: list[Doc] = [lag for lag in json.loads(shown) if lag["topic"] == orders.log.topic]
    return found


async def total(orders: Reading, field: str) -> int:
    return sum([lag[field] for lag in await lags(orders)])


async def test_a_consumer_that_has_left_has_told_kafka_where_it_stands(orders: Reading) -> None:
    found = await lags(orders)
    assert {lag["group"] for lag in found} == {f"{orders.running.settings.namespace}orders.reactions"}
    assert [lag["partition"] for lag in found] == [0, 1, 2, 3]
    assert [lag["committed"] for lag in found] == [lag["next"] for lag in found]
    assert sum(lag["next"] for lag in found) == 21
    assert sum(lag["parked"] for lag in found) == 1


async def test_what_comes_while_nobody_consumes_is_lag(orders: Reading) -> None:
    before = await total(orders, "lag")
    await orders.log.write(*(listed() for _ in range(7)))
    assert await total(orders, "lag") == before + 7


async def test_an_offset_kafka_was_told_otherwise_stands_out(orders: Reading) -> None:
    rows = orders.running.database.collection("consumer_offsets")
    await rows.update_many({"next": {"$gt": 0}}, {"$inc": {"next": -1}})
    moved = [lag for lag in await lags(orders) if lag["committed"]]
    assert [lag["next"] - lag["committed"] for lag in moved] == [-1] * len(moved)
    code, shown = await orders.tool("lag")
    await rows.update_many({"next": {"$gte": 0}}, {"$inc": {"next": 1}})
    assert (code, shown.count("Kafka was told 1 more")) == (0, len(moved))


async def test_before_any_consumer_has_run_there_is_nothing_to_show(orders: Reading) -> None:
    code, shown = await orders.tool("lag", NAMESPACE="nobody-")
    assert (code, "No consumer has run yet" in shown) == (0, True)


async def test_kafka_being_away_is_one_sentence(orders: Reading) -> None:
    code, shown = await orders.tool("lag", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9")
    assert code == 1
    assert shown.startswith("Kafka does not answer")
    assert len(shown.splitlines()) == 1
