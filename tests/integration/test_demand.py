"""Sentences about demand: figures equal the orders that stand, whatever comes twice, late or broken."""

from tests.integration.counting import HALAD, HAVELI, PAPAD, Told, bench, line, standing


async def test_figures_are_those_of_the_orders_that_stand() -> None:
    orders = [
        Told((line(PAPAD, 2), line(HALAD, 1, 4_500))),
        Told((line(PAPAD, 5),), block=HAVELI),
        Told((line(PAPAD, 7),)).cancelled(),
        Told((line(HALAD, 3),)).refused(),
    ]
    async with bench() as table:
        table.worker()
        await table.tell(record for order in orders for record in order.records())
        await table.count(standing(orders))
