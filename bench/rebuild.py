"""A projection built again from the first event, beside the same events folded in memory."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench import goods, topic
from bench.lines import Line, rate
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import applied
from services.orders.baskets.consumers import PRODUCTS
from services.orders.wiring import SERVICE
from shared import clock
from shared.consumer.records import Record
from shared.contracts.catalog import ProductListed, VariantOffer
from shared.decisions import Decision
from shared.documents import Doc
from shared.ids import derived_id
from shared.outbox import told

LISTED_EACH = 4
TEN_MILLION = 10_000_000


async def measured(sizes: BenchSettings) -> list[Line]:
    """What orders remembers of products, each listed four times at other prices, from events that wait."""
    async with place() as here:
        orders = await here.running(SERVICE)
        records = [_listed(number // LISTED_EACH, number % LISTED_EACH) for number in range(sizes.rebuild_events)]
        await topic.write(orders.settings, orders.settings.topic(PRODUCTS.topic), records)
        consumer = here.start("orders", "consume")
        found = await applied(orders, len(records), consumer)
        consumer.stop()
    folded = await _folded_alone(records)
    took = f"ten million would take {TEN_MILLION / found.per_second / 60:.0f} minutes a process (goal: one)"
    note = f"{len(records):,} events; {found.cpu_microseconds:.0f} µs of processor each; {took}"
    return [
        rate(
            "rebuild",
            "events of a projection rebuilt",
            found.per_second,
            "their fold alone",
            folded,
            least=0.35,
            note=note,
        )
    ]


def _listed(product: int, time_: int) -> Doc:
    id_ = derived_id("bench", "rebuild", str(product))
    offer = VariantOffer(sku=goods.SKU, unit_price_paise=10_000 + time_, tax_basis_points=500)
    fact = ProductListed(seller=goods.SELLER, district=goods.PUNE, category="food", variants=(offer,))
    row = told(fact, id_, goods.TENANT, (1, time_ + 1), clock.now())
    return topic.record(row, "/catalog", PRODUCTS.topic, id_)


class Kept:
    """A Work that only remembers: what a fold needs and nothing more."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}

    def __getitem__(self, holds: type[Any]) -> Any:
        return self

    async def find(self, id_: str) -> Any:
        return self.states.get(id_)

    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[Any]]]) -> None:
        self.states[id_] = (await decide()).state

    async def change(self, id_: str, decide: Callable[[Any], Decision[Any]]) -> None:
        self.states[id_] = decide(self.states[id_]).state


async def _folded_alone(records: list[Doc]) -> float:
    """Records read and given to the same handler, a second."""
    kept, began = Kept(), time.perf_counter()
    for offset, row in enumerate(records):
        record = Record(PRODUCTS.topic, 0, offset, row["key"], row["value"], row["headers"], PRODUCTS).read()
        if record.event is None or record.reaction is None:
            raise RuntimeError(record.problem)
        await record.reaction.handle(record.event, kept)
    return len(records) / (time.perf_counter() - began)
