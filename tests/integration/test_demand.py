"""Sentences about demand: figures equal the orders that stand, whatever comes twice, late or broken."""

import json
from datetime import timedelta

from shared import clock
from shared.contracts.orders import OrderCancelled, OrderLine
from tests.integration.counting import (
    HALAD,
    HAVELI,
    NOON,
    PAPAD,
    SELLER,
    TOPIC,
    Told,
    bench,
    line,
    record,
    standing,
)
from tests.processes import spawn, until

PRICED = OrderLine(product_id=PAPAD, sku="200g", quantity=1, unit_price_paise=1, tax_basis_points=0, tax_paise=0)


async def test_figures_are_those_of_the_orders_that_stand() -> None:
    orders = [
        Told((line(PAPAD, 2), line(HALAD, 1, 4_500))),
        Told((line(PAPAD, 5), line(PAPAD, 1, 9_900)), block=HAVELI),
        Told((line(PAPAD, 7),)).cancelled(),
        Told((line(HALAD, 3),)).refused(),
    ]
    async with bench() as table:
        worker = table.worker()
        await table.tell(record for order in orders for record in order.records())
        await table.count(standing(orders))
        assert await worker.stop() == 0, worker.text()


async def test_records_that_come_again_and_orders_that_interleave_count_once() -> None:
    one, other = Told((line(PAPAD, 2),)).cancelled(), Told((line(PAPAD, 3),))
    third = Told((line(HALAD, 4),))
    first, last = one.records(), other.records()
    async with bench() as table:
        table.worker()
        twice = [*last, first[0], *last, first[1], first[0], first[1], *last]
        await table.tell([*twice, *twice, *third.records()], partition=2)
        await table.count(standing([one, other, third]))
        assert sum(doc["changes"] for doc in await table.documents()) == len(first) + len(last) + len(third.records())
        assert await table.parked() == []


async def test_broken_records_are_parked_with_their_reasons_and_what_follows_is_counted() -> None:
    good = Told((line(PAPAD, 2),))
    whole = Told((line(PAPAD, 9),)).records()[0]
    headers = dict(whole["headers"])
    newer = {**headers, "ce_type": b"in.bachathaat.orders.order-placed.v2"}
    unknown = {**headers, "ce_type": b"in.bachathaat.orders.order-gifted.v1"}
    nameless = OrderCancelled(buyer="asha", seller=SELLER, by="timer", reason="hold-expired", lines=(PRICED,))
    broken = [
        {**whole, "value": "{तुटलेले".encode()},
        {**whole, "value": None},
        {**whole, "key": None},
        {**whole, "headers": []},
        {**whole, "headers": list(newer.items())},
        {**whole, "headers": list({**headers, "ce_id": b"\xff\xfe"}.items())},
        record(nameless, "order-of-last-year", 2, NOON),
    ]
    async with bench() as table:
        table.worker()
        await table.tell([*broken, {**whole, "headers": list(unknown.items())}, *good.records()], partition=1)
        await table.count(standing([good]))
        parked = await table.parked()
    assert [row["offset"] for row in parked] == list(range(7))
    codes = ["DoesNotParse", "DoesNotParse", "KeyMismatch", "NotACloudEvent", "NewerVersion", "NotACloudEvent"]
    assert [row["code"] for row in parked] == [*codes, "PlacingUnknown"]
    assert parked[0]["value"] == "{तुटलेले".encode()
    assert [bytes(value) for name, value in parked[4]["headers"] if name == "ce_type"] == [newer["ce_type"]]
    assert "order-of-last-year:1:2" in parked[6]["reason"]


async def test_records_that_no_figure_can_take_stop_nobody() -> None:
    good, whole = Told((line(PAPAD, 2),)), Told((line(PAPAD, 9),)).records()[0]
    said = whole["value"].decode()
    placed = f'"placed_at":"{json.loads(said)["placed_at"]}"'
    assert placed in said
    changed = (
        said.replace(placed, '"placed_at":"9999-12-31T23:10:00Z"'),
        said.replace(placed, '"placed_at":"0001-01-01T00:00:00Z"'),
        said.replace('"quantity":9', f'"quantity":{2**63}'),
    )
    zoneless = {**dict(whole["headers"]), "ce_time": b"2026-11-22T12:10:00"}
    broken = [{**whole, "value": value.encode()} for value in changed] + [{**whole, "headers": list(zoneless.items())}]
    async with bench() as table:
        worker = table.worker()
        await table.tell([*broken, *good.records()], partition=0)
        await table.count(standing([good]))
        codes = [row["code"] for row in await table.parked()]
        assert codes == ["YearOutOfRange", "YearOutOfRange", "FigureOverflows", "NotCountable"]
        assert await worker.stop() == 0, worker.text()


async def test_a_fact_from_the_future_is_parked_and_the_orders_after_it_count() -> None:
    ahead = Told((line(PAPAD, 9),), placed_at=clock.now() + timedelta(days=400))
    orders = [Told((line(PAPAD, 1 + n % 9),)) for n in range(500)]
    async with bench() as table:
        table.worker()
        await table.tell([record for order in (ahead, *orders) for record in order.records()], partition=0)
        await table.count(standing(orders))
        assert [(row["offset"], row["code"]) for row in await table.parked()] == [(0, "FromTheFuture")]


async def test_a_forged_fact_of_another_state_changes_no_row_of_ours() -> None:
    order = Told((line(PAPAD, 2),))
    (ours,), (forged,) = order.records(), Told((line(PAPAD, 5),), id=order.id + "-खोटी").records()
    headers = {**dict(forged["headers"]), "ce_tenant": b"09"}
    async with bench() as table:
        table.worker()
        await table.tell([ours, {**forged, "headers": list(headers.items())}], partition=0)

        async def both() -> bool:
            return sorted((row["tenant"], row["units"]) for row in await table.documents()) == [("09", 5), ("27", 2)]

        await until(both, what="each state has its own figure")


async def test_a_record_whose_header_cannot_be_decoded_stops_nobody_and_is_parked_by_its_place() -> None:
    before, after = Told((line(PAPAD, 2),)), Told((line(PAPAD, 3),))
    async with bench() as table:
        await table.tell(before.records(), partition=0)
        servers = table.settings.kafka_bootstrap_servers
        arguments = ["tests.integration.kernel.odd_header", servers, table.settings.topic(TOPIC), "0"]
        told = spawn(*arguments, environment={"AIOKAFKA_NO_EXTENSIONS": "1"})
        assert await told.ended() == 0, told.text()
        await table.tell(after.records(), partition=0)
        table.worker()
        await table.count(standing([before, after]))
        (row,) = await table.parked()
        assert (row["offset"], row["code"]) == (1, "Unreadable")
