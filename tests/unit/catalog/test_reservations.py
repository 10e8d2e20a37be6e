from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.catalog.reservations import commands
from services.catalog.reservations.domain import (
    Line,
    Reservation,
    Status,
    added_up,
    consume,
    never_held,
    release,
    reserve,
)
from services.catalog.reservations.store import ReservationDocument
from services.catalog.stock.domain import Stock, recount
from services.catalog.stock.store import StockDocument
from shared.contracts.catalog import (
    HeldLine,
    ReservationConsumed,
    ReservationHeld,
    ReservationRefused,
    ReservationReleased,
    ShortLine,
)
from shared.decisions import Decision
from shared.testing import FakeStores
from tests.unit.catalog.samples import stock_of


def line(sku: str, quantity: int, product_id: str = "product-1") -> Line:
    return Line(product_id=product_id, sku=sku, quantity=quantity)


def there(sku: str, on_hand: int) -> Stock:
    return recount(stock_of(sku), on_hand).state


SHELF = {stock.id: stock for stock in (there("UDID-200", 10), there("UDID-500", 3))}


def test_an_order_is_held_whole_and_told_what_is_left_of_each_line() -> None:
    decision = reserve("order-1", "27", [line("UDID-200", 4), line("UDID-500", 3)], SHELF)
    assert decision.state.status is Status.HELD
    assert decision.facts == (
        ReservationHeld(
            lines=(
                HeldLine(product_id="product-1", sku="UDID-200", quantity=4, stock_left=6),
                HeldLine(product_id="product-1", sku="UDID-500", quantity=3, stock_left=0),
            )
        ),
    )


def test_one_short_line_holds_nothing_and_names_what_is_left() -> None:
    decision = reserve("order-1", "27", [line("UDID-200", 4), line("UDID-500", 5)], SHELF)
    assert (decision.state.status, decision.state.holding) == (Status.REFUSED, ())
    short = ShortLine(product_id="product-1", sku="UDID-500", quantity=5, stock_left=3)
    assert decision.facts == (ReservationRefused(code="NotEnoughStock", short=(short,)),)


def test_two_lines_of_one_variant_add_up_before_they_are_compared() -> None:
    lines = [line("UDID-200", 6), line("UDID-500", 1), line("UDID-200", 6)]
    assert added_up(lines) == (line("UDID-200", 12), line("UDID-500", 1))
    short = ShortLine(product_id="product-1", sku="UDID-200", quantity=12, stock_left=10)
    assert reserve("order-1", "27", lines, SHELF).facts == (ReservationRefused(code="NotEnoughStock", short=(short,)),)


def test_of_an_unknown_variant_or_another_states_nothing_is_left() -> None:
    elsewhere = {key: replace(stock, tenant="5") for key, stock in SHELF.items()}
    for stocks in ({}, {"product-1:UDID-200": None}, elsewhere):
        fact = reserve("order-1", "27", [line("UDID-200", 1)], stocks).facts[0]
        assert isinstance(fact, ReservationRefused)
        assert [short.stock_left for short in fact.short] == [0]


def test_a_refused_released_or_sold_reservation_is_not_released_or_sold_again() -> None:
    for status in (Status.REFUSED, Status.RELEASED, Status.CONSUMED):
        settled = Reservation(id="order-1", tenant="27", status=status, lines=(line("UDID-200", 4),))
        for verb in (release, consume):
            decision = verb(settled, SHELF)
            assert (decision.state, decision.facts) == (settled, ())


def test_what_was_never_held_is_released_without_a_word() -> None:
    decision = never_held("order-1", "27")
    assert (decision.state.status, decision.facts) == (Status.RELEASED, ())


QUANTITIES = st.lists(st.tuples(st.sampled_from(["UDID-200", "UDID-500", "MUG-200"]), st.integers(1, 8)), min_size=1)


@given(QUANTITIES)
def test_an_order_is_held_exactly_when_every_variant_has_enough(wanted: list[tuple[str, int]]) -> None:
    left = {"UDID-200": 10, "UDID-500": 3, "MUG-200": 0}
    asked = {sku: sum(quantity for name, quantity in wanted if name == sku) for sku in left}
    decision = reserve("order-1", "27", [line(*each) for each in wanted], SHELF)
    assert (decision.state.status is Status.HELD) == all(asked[sku] <= left[sku] for sku in left)


async def shelf() -> FakeStores:
    stores = FakeStores(StockDocument, ReservationDocument)
    for stock in SHELF.values():

        async def counted(stock: Stock = stock) -> Decision[Stock]:
            return Decision(stock)

        await stores[Stock].create(stock.id, counted)
    return stores


async def figures(stores: FakeStores) -> tuple[int, int, int]:
    stock = await stores[Stock].get("product-1:UDID-200")
    return stock.on_hand, stock.held, stock.sold


def facts(stores: FakeStores) -> list[str]:
    return [fact["name"] for fact in stores.facts(Reservation)]


async def test_a_cancelled_order_gives_back_what_it_held_once() -> None:
    stores = await shelf()
    reservations, stocks = stores[Reservation], stores[Stock]
    await commands.hold(reservations, stocks, "order-1", "27", [line("UDID-200", 4)])
    assert await figures(stores) == (10, 4, 0)
    for _ in range(2):
        await commands.release(reservations, stocks, "order-1", "27")
    assert await figures(stores) == (10, 0, 0)
    assert facts(stores) == ["reservation-held", "reservation-released"]


async def test_an_accepted_order_sells_what_it_held_once() -> None:
    stores = await shelf()
    reservations, stocks = stores[Reservation], stores[Stock]
    await commands.hold(reservations, stocks, "order-1", "27", [line("UDID-200", 4)])
    for _ in range(2):
        await commands.consume(reservations, stocks, "order-1")
    await commands.release(reservations, stocks, "order-1", "27")
    assert await figures(stores) == (6, 0, 4)
    assert facts(stores) == ["reservation-held", "reservation-consumed"]


async def test_a_refused_order_leaves_every_stock_as_it_was() -> None:
    stores = await shelf()
    await commands.hold(stores[Reservation], stores[Stock], "order-1", "27", [line("UDID-200", 4), line("UDID-500", 9)])
    await commands.release(stores[Reservation], stores[Stock], "order-1", "27")
    assert await figures(stores) == (10, 0, 0)
    assert facts(stores) == ["reservation-refused"]


async def test_a_cancel_without_a_reservation_leaves_one_that_is_released() -> None:
    stores = await shelf()
    await commands.release(stores[Reservation], stores[Stock], "order-1", "27")
    kept = await stores[Reservation].get("order-1")
    assert kept == Reservation(id="order-1", tenant="27", status=Status.RELEASED)
    assert await figures(stores) == (10, 0, 0)


def test_the_facts_of_the_end_of_a_hold_say_what_is_available_then() -> None:
    held = Reservation(id="order-1", tenant="27", status=Status.HELD, lines=(line("UDID-200", 4),))
    holding = {"product-1:UDID-200": replace(SHELF["product-1:UDID-200"], held=4)}
    back = HeldLine(product_id="product-1", sku="UDID-200", quantity=4, stock_left=10)
    gone = HeldLine(product_id="product-1", sku="UDID-200", quantity=4, stock_left=6)
    assert release(held, holding).facts == (ReservationReleased(lines=(back,)),)
    assert consume(held, holding).facts == (ReservationConsumed(lines=(gone,)),)


async def test_orders_that_forgot_its_order_is_told_once_more_what_is_held_and_nothing_moves() -> None:
    stores = await shelf()
    reservations, stocks = stores[Reservation], stores[Stock]
    before = await commands.hold(reservations, stocks, "order-1", "27", [line("UDID-200", 4)])
    await commands.tell_again(reservations, stocks, before)
    assert await figures(stores) == (10, 4, 0)
    assert facts(stores) == ["reservation-held", "reservation-held"]
    sold = await commands.consume(reservations, stocks, "order-1")
    await commands.tell_again(reservations, stocks, sold)
    assert facts(stores) == ["reservation-held", "reservation-held", "reservation-consumed"]
