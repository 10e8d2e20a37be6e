"""How much there is of a variant: counted, held for orders, sold. Held never passes what is on hand."""

from dataclasses import dataclass, replace

from services.catalog.products.domain import Product, require_own, variant
from shared.contracts.catalog import StockChanged
from shared.decisions import Decision
from shared.errors import Refused
from shared.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One variant's stock, the id is `product_id:sku`. `moved` sums all recounts and equals on_hand + sold."""

    id: str
    tenant: str
    product_id: str
    sku: str
    seller: str
    district: str
    block: str | None
    on_hand: int = 0
    held: int = 0
    sold: int = 0
    moved: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.held


class RecountBelowHeld(Refused):
    """on_hand: {held} are held for orders, so {on_hand} is too few; count again, or cancel an order first."""

    mr = "on_hand: {held} नग मागण्यांसाठी राखून ठेवले आहेत, म्हणून {on_hand} कमी पडतात; पुन्हा मोजा किंवा आधी एक मागणी रद्द करा."
    hi = "on_hand: {held} नग आदेशों के लिए रोके गए हैं, इसलिए {on_hand} कम हैं; फिर से गिनें या पहले कोई आदेश रद्द करें।"


class NotEnoughStock(Refused):
    """Of {sku} only {stock_left} are left; order {stock_left} or fewer."""

    mr = "{sku} चे फक्त {stock_left} नग शिल्लक आहेत; तेवढे किंवा कमी मागवा."
    hi = "{sku} के केवल {stock_left} नग बचे हैं; उतने या उससे कम मँगाएँ।"


def stock_id(product_id: str, sku: str) -> str:
    return f"{product_id}:{sku}"


def opened(product: Product, sku: str, scope: Scope) -> Stock:
    """The stock of a variant before its first count. Raises NotYourGroup, VariantUnknown."""
    require_own(product.seller, scope)
    variant(product, sku)
    return Stock(
        id=stock_id(product.id, sku),
        tenant=product.tenant,
        product_id=product.id,
        sku=sku,
        seller=product.seller,
        district=product.district,
        block=product.block,
    )


def recount(stock: Stock, on_hand: int) -> Decision[Stock]:
    """What was counted now; the difference is a movement. Raises RecountBelowHeld."""
    if on_hand < stock.held:
        raise RecountBelowHeld(on_hand=on_hand, held=stock.held)
    return _told(replace(stock, on_hand=on_hand, moved=stock.moved + on_hand - stock.on_hand))


def hold(stock: Stock, quantity: int) -> Decision[Stock]:
    """Raises NotEnoughStock."""
    if quantity > stock.available:
        raise NotEnoughStock(sku=stock.sku, stock_left=stock.available)
    return _told(replace(stock, held=stock.held + quantity))


def release(stock: Stock, quantity: int) -> Decision[Stock]:
    """Give back what one reservation held."""
    return _told(replace(stock, held=stock.held - quantity))


def consume(stock: Stock, quantity: int) -> Decision[Stock]:
    """What one reservation held leaves the shelf."""
    left, held = stock.on_hand - quantity, stock.held - quantity
    return _told(replace(stock, on_hand=left, held=held, sold=stock.sold + quantity))


def _told(stock: Stock) -> Decision[Stock]:
    figures = {"on_hand": stock.on_hand, "held": stock.held, "available": stock.available}
    return Decision(stock, StockChanged(product_id=stock.product_id, sku=stock.sku, **figures))
