import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.catalog.products.domain import NotYourGroup, Product, VariantUnknown
from services.catalog.products.store import ProductDocument
from services.catalog.stock import commands
from services.catalog.stock.domain import (
    NotEnoughStock,
    RecountBelowHeld,
    Stock,
    consume,
    hold,
    opened,
    recount,
    release,
)
from services.catalog.stock.store import StockDocument
from shared.contracts.catalog import StockChanged
from shared.decisions import Decision
from shared.errors import NotFound
from shared.scope import Role
from shared.testing import FakeStores
from tests.unit.catalog.samples import BARAMATI, BUYER, HAVELI, LEADER, STRANGER, caller, listed, scope, stock_of


def counted(on_hand: int) -> Stock:
    return recount(stock_of(), on_hand).state


def test_a_count_is_told_with_what_is_on_hand_held_and_available() -> None:
    decision = hold(counted(12), 5)
    assert decision.facts == (StockChanged(product_id="product-1", sku="UDID-200", on_hand=12, held=5, available=7),)


def test_a_recount_never_goes_below_what_is_held() -> None:
    held = hold(counted(12), 5).state
    assert recount(held, 5).state.available == 0
    with pytest.raises(RecountBelowHeld) as refused:
        recount(held, 4)
    assert "5 नग" in refused.value.sentence("mr")


def test_no_more_is_held_than_there_is() -> None:
    with pytest.raises(NotEnoughStock, match="only 12 are left"):
        hold(counted(12), 13)


def test_what_is_sold_leaves_the_shelf_and_the_hold_together() -> None:
    sold = consume(hold(counted(12), 5).state, 5).state
    assert (sold.on_hand, sold.held, sold.sold, sold.available, sold.moved) == (7, 0, 5, 7, 12)


def test_stock_is_opened_by_its_own_group_for_a_variant_there_is() -> None:
    assert opened(listed(), "UDID-500", LEADER).id == "product-1:UDID-500"
    with pytest.raises(VariantUnknown):
        opened(listed(), "MUG-200", LEADER)
    with pytest.raises(NotYourGroup):
        opened(listed(), "UDID-500", STRANGER)


class StockKeeping(RuleBasedStateMachine):
    """Any order of counts, holds, releases and sales, the refused ones included (I8)."""

    def __init__(self) -> None:
        super().__init__()
        self.stock, self.holds = stock_of(), [0]

    @rule(on_hand=st.integers(0, 50))
    def count(self, on_hand: int) -> None:
        if on_hand >= self.stock.held:
            self.stock = recount(self.stock, on_hand).state
            return
        with pytest.raises(RecountBelowHeld):
            recount(self.stock, on_hand)

    @rule(quantity=st.integers(1, 20))
    def reserve(self, quantity: int) -> None:
        if quantity <= self.stock.available:
            self.stock = hold(self.stock, quantity).state
            self.holds.append(quantity)
            return
        with pytest.raises(NotEnoughStock):
            hold(self.stock, quantity)

    @precondition(lambda self: len(self.holds) > 1)
    @rule(sold=st.booleans())
    def end(self, sold: bool) -> None:
        self.stock = (consume if sold else release)(self.stock, self.holds.pop()).state

    @invariant()
    def never_negative_and_nothing_out_of_thin_air(self) -> None:
        assert self.stock.available >= 0
        assert self.stock.held == sum(self.holds)
        assert self.stock.moved == self.stock.on_hand + self.stock.sold


TestStockKeeping = StockKeeping.TestCase


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_the_movements_of_recounts_add_up_to_the_last_count(counts: list[int]) -> None:
    stock = stock_of()
    for on_hand in counts:
        stock = recount(stock, on_hand).state
    assert stock.moved == stock.on_hand == counts[-1]


async def shop() -> FakeStores:
    """A listed product without stock."""
    stores = FakeStores(ProductDocument, StockDocument)

    async def on_sale() -> Decision[Product]:
        return Decision(listed())

    await stores[Product].create("product-1", on_sale, caller(LEADER))
    return stores


async def test_the_first_count_opens_the_stock_and_the_next_changes_it() -> None:
    stores = await shop()
    stocks, products = stores[Stock], stores[Product]
    first = await commands.recount(stocks, products, "product-1", "UDID-200", 12, caller(LEADER, "a"))
    second = await commands.recount(stocks, products, "product-1", "UDID-200", 9, caller(LEADER, "b"))
    again = await commands.recount(stocks, products, "product-1", "UDID-200", 12, caller(LEADER, "a"))
    assert (first.on_hand, second.on_hand, second.moved, again) == (12, 9, 9, first)
    assert await commands.read(stocks, "product-1", "UDID-200", LEADER) == second


async def test_first_counts_at_the_same_time_all_count_and_the_movements_add_up() -> None:
    stores = await shop()
    stocks, products = stores[Stock], stores[Product]
    counts = [
        commands.recount(stocks, products, "product-1", "UDID-200", 10 + number, caller(LEADER, f"key-{number}"))
        for number in range(6)
    ]
    assert [stock.on_hand for stock in await asyncio.gather(*counts)] == [10, 11, 12, 13, 14, 15]
    left = await commands.read(stocks, "product-1", "UDID-200", LEADER)
    assert left.moved == left.on_hand
    assert left.on_hand in range(10, 16)


async def test_stock_is_read_by_its_group_and_its_officers_alone() -> None:
    stores = await shop()
    await commands.recount(stores[Stock], stores[Product], "product-1", "UDID-200", 12, caller(LEADER))
    for by in (LEADER, BARAMATI, scope(Role.MISSION_MANAGER)):
        assert (await commands.read(stores[Stock], "product-1", "UDID-200", by)).on_hand == 12
    for by in (STRANGER, HAVELI, BUYER, scope(Role.DEPARTMENT), replace(LEADER, tenant="5")):
        with pytest.raises(NotFound):
            await commands.read(stores[Stock], "product-1", "UDID-200", by)
