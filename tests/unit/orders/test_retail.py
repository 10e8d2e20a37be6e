"""Sentences about retail orders: their life, who may move them, and what the world is told."""

from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.baskets.domain import CatalogueBehind, KnownProduct
from services.orders.baskets.store import KnownProductDocument
from services.orders.retail import commands
from services.orders.retail.consumers import on_reservation_held, on_reservation_refused
from services.orders.retail.domain import (
    NotAcceptable,
    NotCancellable,
    Order,
    Refusal,
    Short,
    Status,
    accept,
    cancel,
    confirm,
    expire,
    place,
    refuse,
)
from services.orders.retail.store import OrderDocument
from services.orders.sellers.domain import KnownSeller
from services.orders.sellers.store import KnownSellerDocument
from services.orders.settings import OrdersSettings
from shared.contracts.catalog import HeldLine, ReservationHeld, ReservationRefused, ShortLine
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderPlaced, OrderRefused
from shared.decisions import Decision
from shared.errors import KeyReused, NotFound
from shared.events import Event, Fact
from shared.scope import Caller, Role, Scope
from shared.testing import FakeStores
from tests.unit.orders.goods import AT, BUYER, KNOWN, LEADER, NOON, PAPAD, PUNE_GROUP, basket, later, placed, request

D = TypeVar("D", bound=Fact)
TOO_FEW = Refusal(code="NotEnoughStock", short=(Short(product_id="papad", sku="udid-250g", quantity=2, stock_left=1),))


def test_a_placed_order_tells_the_catalogue_what_to_hold_and_until_when() -> None:
    decision = place("order-1", BUYER, basket(), KNOWN, AT)
    (fact,) = decision.facts
    assert isinstance(fact, OrderPlaced)
    assert (fact.seller, fact.seller_district, fact.deliver_district) == (PUNE_GROUP, "490", "482")
    assert (fact.total_paise, fact.hold_until) == (25_100, later(seconds=900))
    assert [(line.product_id, line.sku, line.quantity) for line in fact.lines] == [("papad", "udid-250g", 2)]
    assert decision.state.due_at == later(seconds=900)


def test_a_held_order_is_confirmed_and_waits_for_its_seller_two_days() -> None:
    decision = confirm(placed())
    assert (decision.state.status, decision.state.due_at) == (Status.CONFIRMED, later(days=2))
    assert decision.facts == (OrderConfirmed(buyer=BUYER.party, seller=PUNE_GROUP, total_paise=25_100),)


def test_an_order_that_could_not_be_held_says_why_and_what_is_left() -> None:
    decision = refuse(placed(), TOO_FEW)
    (fact,) = decision.facts
    assert isinstance(fact, OrderRefused)
    assert (fact.code, fact.short[0].stock_left) == ("NotEnoughStock", 1)
    assert (decision.state.status, decision.state.refusal, decision.state.due_at) == (Status.REFUSED, TOO_FEW, None)


def test_a_late_hold_does_not_revive_a_cancelled_order() -> None:
    cancelled = cancel(placed(), BUYER, "चुकून दोनदा मागवले").state
    for late in (confirm(cancelled), refuse(cancelled, TOO_FEW)):
        assert (late.state, late.facts) == (cancelled, ())


def test_an_accepted_order_is_awaited_no_more() -> None:
    decision = accept(confirm(placed()).state)
    assert (decision.state.status, decision.state.due_at) == (Status.ACCEPTED, None)
    assert isinstance(decision.facts[0], OrderAccepted)


def test_only_a_confirmed_order_is_accepted() -> None:
    with pytest.raises(NotAcceptable, match="This order is placed"):
        accept(placed())


@pytest.mark.parametrize(("by", "side"), [(BUYER, "buyer"), (LEADER, "seller")])
def test_the_world_is_told_which_side_cancelled(by: Scope, side: str) -> None:
    (fact,) = cancel(confirm(placed()).state, by, "सणासाठी उशीर होईल").facts
    assert isinstance(fact, OrderCancelled)
    assert (fact.by, fact.reason) == (side, "asked")


def test_what_a_person_writes_stays_with_the_order_and_off_the_topic() -> None:
    decision = cancel(placed(), BUYER, "फोन करा: ९८२३४५६७८९")
    assert decision.state.reason == "फोन करा: ९८२३४५६७८९"
    assert [fact.model_dump()["reason"] for fact in decision.facts] == ["asked"]


def test_an_accepted_order_is_not_cancelled_and_the_buyer_reads_why_in_her_language() -> None:
    with pytest.raises(NotCancellable) as refused:
        cancel(accept(confirm(placed()).state).state, BUYER, "नको")
    assert "रद्द करता येत नाही" in refused.value.sentence("mr")


def test_an_order_nobody_answered_expires_by_its_state() -> None:
    unheld = expire(placed(), later(seconds=900)).state
    unaccepted = expire(confirm(placed()).state, later(days=2)).state
    assert (unheld.status, unheld.reason) == (Status.CANCELLED, "hold-expired")
    assert (unaccepted.status, unaccepted.reason) == (Status.CANCELLED, "not-accepted")


def test_a_timer_that_comes_after_the_confirmation_does_not_cancel() -> None:
    confirmed = confirm(placed()).state
    assert expire(confirmed, later(seconds=901)).state == confirmed


@dataclass(frozen=True)
class Step:
    """One thing that may happen to an order, in any order with the others."""

    name: str

    def apply(self, order: Order) -> Decision[Order]:
        match self.name:
            case "held":
                return confirm(order)
            case "short":
                return refuse(order, TOO_FEW)
            case "accept":
                return accept(order)
            case "cancel":
                return cancel(order, BUYER, "नको")
            case _:
                return expire(order, later(days=3))


@given(st.lists(st.sampled_from([Step(name) for name in ("held", "short", "accept", "cancel", "timer")]), max_size=8))
def test_whatever_happens_an_order_ends_at_most_once(steps: list[Step]) -> None:
    order, endings = placed(), 0
    for step in steps:
        try:
            decision = step.apply(order)
        except (NotAcceptable, NotCancellable):
            continue
        order = decision.state
        endings += sum(isinstance(fact, OrderRefused | OrderAccepted | OrderCancelled) for fact in decision.facts)
    assert endings == (order.status in (Status.REFUSED, Status.ACCEPTED, Status.CANCELLED))
    assert (order.due_at is None) == (endings == 1)


@pytest.fixture
def settings() -> OrdersSettings:
    return OrdersSettings.model_construct(hold_seconds=900, accept_seconds=172_800)


@pytest.fixture
async def stores() -> FakeStores:
    stores = FakeStores(OrderDocument, KnownProductDocument, KnownSellerDocument)

    async def known() -> Decision[KnownProduct]:
        return Decision(PAPAD)

    await stores[KnownProduct].create(PAPAD.id, known)
    return stores


async def ordered(stores: FakeStores, settings: OrdersSettings, caller: Caller | None = None) -> Order:
    by = caller or request(BUYER)
    return await commands.place(stores[Order], stores[KnownProduct], stores[KnownSeller], basket(), settings, by)


async def test_the_same_request_is_one_order_and_another_body_with_its_key_is_refused(
    stores: FakeStores, settings: OrdersSettings
) -> None:
    first = await ordered(stores, settings, request(BUYER, key="tap-1"))
    assert await ordered(stores, settings, request(BUYER, key="tap-1")) == first
    assert len(stores.facts(Order)) == 1
    with pytest.raises(KeyReused):
        await ordered(stores, settings, request(BUYER, body="three packets", key="tap-1"))


async def test_a_repeated_request_gets_its_order_even_when_the_product_is_gone(
    stores: FakeStores, settings: OrdersSettings
) -> None:
    first = await ordered(stores, settings, request(BUYER, key="tap-1"))
    await stores[KnownProduct].change(PAPAD.id, lambda product: Decision(replace(product, on_sale=False)))
    assert await ordered(stores, settings, request(BUYER, key="tap-1")) == first


async def test_an_order_that_was_refused_leaves_nothing_behind(settings: OrdersSettings) -> None:
    empty = FakeStores(OrderDocument, KnownProductDocument, KnownSellerDocument)
    with pytest.raises(CatalogueBehind):
        await ordered(empty, settings)
    assert empty.facts(Order) == []


async def test_what_is_kept_of_an_order_is_read_back_as_it_was(stores: FakeStores, settings: OrdersSettings) -> None:
    order = await ordered(stores, settings)
    refused = await commands.refuse(stores[Order], order.id, TOO_FEW)
    assert refused == await stores[Order].get(order.id) == replace(refused, refusal=TOO_FEW)


STRANGERS = [
    replace(BUYER, party="buyer-other"),
    replace(BUYER, tenant="10"),
    replace(LEADER, groups=frozenset({"another-group"})),
    Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer", district="484"),
    Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer without a district"),
    Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer of another block", district="490", block="4515"),
    Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer without a block", district="490"),
    Scope(tenant="10", role=Role.ADMIN, party="admin of Bihar"),
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda scope: f"{scope.role}-{scope.party}-{scope.tenant}")
async def test_anothers_order_is_not_there(stranger: Scope, stores: FakeStores, settings: OrdersSettings) -> None:
    order = await ordered(stores, settings)
    with pytest.raises(NotFound):
        await commands.get(stores[Order], order.id, stranger)
    with pytest.raises(NotFound):
        await commands.cancel(stores[Order], order.id, "नको", request(stranger))


ENTITLED = [
    BUYER,
    LEADER,
    Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer", district="490"),
    Scope(tenant="27", role=Role.BLOCK_OFFICER, party="block officer", district="490", block="4512"),
    Scope(tenant="27", role=Role.MISSION_MANAGER, party="manager"),
]


@pytest.mark.parametrize("entitled", ENTITLED, ids=lambda scope: scope.role)
async def test_both_sides_and_their_officers_see_an_order(
    entitled: Scope, stores: FakeStores, settings: OrdersSettings
) -> None:
    order = await ordered(stores, settings)
    assert await commands.get(stores[Order], order.id, entitled) == order


def answer(order: Order, data: D) -> Event[D]:
    id_ = f"{order.id}:1:1"
    return Event(data=data, id=id_, subject=order.id, tenant="27", incarnation=1, sequence=1, time=NOON)


async def test_what_the_catalogue_held_is_confirmed_and_accepted(stores: FakeStores, settings: OrdersSettings) -> None:
    order = await ordered(stores, settings)
    line = HeldLine(product_id="papad", sku="udid-250g", quantity=2, stock_left=8)
    await on_reservation_held(answer(order, ReservationHeld(lines=(line,))), stores)
    assert (await commands.accept(stores[Order], order.id, request(LEADER))).status is Status.ACCEPTED
    names = [fact["name"] for fact in stores.facts(Order)]
    assert names == ["order-placed", "order-confirmed", "order-accepted"]


async def test_what_the_catalogue_refused_is_refused_with_what_is_left(
    stores: FakeStores, settings: OrdersSettings
) -> None:
    order = await ordered(stores, settings)
    line = ShortLine(product_id="papad", sku="udid-250g", quantity=2, stock_left=1)
    refused = ReservationRefused(code="NotEnoughStock", short=(line,))
    await on_reservation_refused(answer(order, refused), stores)
    assert (await stores[Order].get(order.id)).refusal == TOO_FEW


async def test_the_timer_leaves_an_order_that_is_not_due_alone(stores: FakeStores, settings: OrdersSettings) -> None:
    order = await ordered(stores, settings)
    assert await commands.expire(stores, order.id) == order
