"""What the benchmarks trade: a few products every service knows, and orders of one."""

from typing import Any

from deploy.local.issuer.tokens import Ask
from services.catalog.stock.domain import Stock
from services.orders.baskets.domain import AskedLine, Basket, Destination, KnownProduct, Offer
from services.orders.retail import domain
from services.orders.retail.domain import Deadlines, Order
from shared import clock
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.ids import derived_id
from shared.scope import Caller, Role, Scope
from shared.service import Running

TENANT, PUNE, PINCODE, SKU = "27", "490", "411001", "papad-200g"
SELLER, BUYER = derived_id("bench", "seller"), Ask(role="buyer").party()
PRODUCTS = [derived_id("bench", "product", str(n)) for n in range(20)]
PLENTY = 10**9
BY = Scope(tenant=TENANT, role=Role.BUYER, party=BUYER)
OFFER = Offer(sku=SKU, unit_price_paise=12_000, tax_basis_points=500)
KNOWN = {
    id_: KnownProduct(id=id_, tenant=TENANT, seller=SELLER, district=PUNE, on_sale=True, offers=(OFFER,))
    for id_ in PRODUCTS
}


def body(number: int = 0) -> dict[str, Any]:
    """An order of one papad packet as a caller sends it."""
    line = {"product_id": PRODUCTS[number % len(PRODUCTS)], "sku": SKU, "quantity": 1}
    return {"lines": [line], "deliver_to": {"district": PUNE, "pincode": PINCODE}}


def basket(number: int = 0) -> Basket:
    line = AskedLine(product_id=PRODUCTS[number % len(PRODUCTS)], sku=SKU, quantity=1)
    return Basket(lines=(line,), deliver_to=Destination(district=PUNE, pincode=PINCODE))


def placed(order_id: str, number: int = 0) -> Decision[Order]:
    """The same order as the rules decide it."""
    return domain.place(order_id, BY, basket(number), KNOWN, Deadlines.after(clock.now(), 900, 172_800))


def caller(key: str) -> Caller:
    return Caller(scope=BY, key=key, body=derived_id(key))


async def place(orders: Running, order_id: str, number: int = 0) -> Order:
    """Through the same store as the route."""

    async def decide() -> Decision[Order]:
        return placed(order_id, number)

    stored: Aggregates[Order] = orders.stores[Order]
    return await stored.create(order_id, decide, caller(order_id))


async def know(orders: Running) -> None:
    """The order desk has heard of every product."""
    for product in KNOWN.values():
        await orders.stores[KnownProduct].create(product.id, _as_it_is(product))


async def stock(catalog: Running) -> None:
    """Plenty of everything."""
    for id_ in PRODUCTS:
        shelf = Stock(
            id=f"{id_}:{SKU}",
            tenant=TENANT,
            product_id=id_,
            sku=SKU,
            seller=SELLER,
            district=PUNE,
            block=None,
            on_hand=PLENTY,
            moved=PLENTY,
        )
        await catalog.stores[Stock].create(shelf.id, _as_it_is(shelf))


def _as_it_is(state: Any) -> Any:
    async def decide() -> Decision[Any]:
        return Decision(state)

    return decide
