"""Baskets: what goods cost together at the prices we know, tax included."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from shared.errors import Conflict, Invalid, Refused
from shared.money import rupees
from shared.places.area import UnknownPlace, near
from shared.places.directory import districts, districts_of

WHOLE_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one variant costs, tax included."""

    sku: str
    unit_price_paise: int
    tax_basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProduct:
    """What orders remembers of a product of the catalogue. `district` and `block` are the seller's, LGD codes."""

    id: str
    tenant: str
    seller: str
    district: str
    on_sale: bool
    offers: tuple[Offer, ...]
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    product_id: str
    sku: str
    quantity: int
    expected_unit_paise: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where it goes; `district` is an LGD code. Name and address are notify's, behind `contact_id`."""

    district: str
    pincode: str
    contact_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    lines: tuple[AskedLine, ...]
    deliver_to: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One variant in an order. The tax is the part of quantity x unit price that is tax."""

    product_id: str
    sku: str
    quantity: int
    unit_price_paise: int
    tax_basis_points: int
    tax_paise: int

    @property
    def amount_paise(self) -> int:
        return self.quantity * self.unit_price_paise


class LineRepeated(Invalid):
    """The variant {sku} of the product {product_id} stands on two lines; put the whole quantity on one."""

    mr = "उत्पादन {product_id} चा प्रकार {sku} दोन ओळींवर आहे; सर्व नग एकाच ओळीवर लिहा."
    hi = "उत्पाद {product_id} का प्रकार {sku} दो पंक्तियों में है; पूरी मात्रा एक ही पंक्ति में लिखें।"


class CatalogueBehind(Conflict):
    """The product {product_id} has not reached the order desk yet; try again in a few seconds."""

    status = 503
    mr = "उत्पादन {product_id} ची माहिती अजून येथे पोहोचलेली नाही; काही सेकंदांनी पुन्हा प्रयत्न करा."
    hi = "उत्पाद {product_id} की जानकारी अभी यहाँ नहीं पहुँची है; कुछ सेकंड बाद फिर कोशिश करें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


class ProductNotOnSale(Refused):
    """The product {product_id} is not on sale now; take it out of the basket."""

    mr = "उत्पादन {product_id} सध्या विक्रीला नाही; ते यादीतून काढा."
    hi = "उत्पाद {product_id} अभी बिक्री पर नहीं है; उसे टोकरी से हटाएँ।"


class VariantNotOffered(Invalid):
    """The product {product_id} has no variant {sku}; choose one of: {known}."""

    mr = "उत्पादन {product_id} मध्ये {sku} हा प्रकार नाही; यांपैकी निवडा: {known}."
    hi = "उत्पाद {product_id} में {sku} प्रकार नहीं है; इनमें से चुनें: {known}।"


class OneSellerABasket(Refused):
    """This basket holds goods of {sellers} sellers; place one order for each seller."""

    mr = "या यादीत {sellers} विक्रेत्यांच्या वस्तू आहेत; प्रत्येक विक्रेत्याकडे वेगळी ऑर्डर द्या."
    hi = "इस टोकरी में {sellers} विक्रेताओं का सामान है; हर विक्रेता को अलग ऑर्डर दें।"


class PriceChanged(Conflict):
    """One {sku} costs {price} now; if you agree, order again expecting {unit_price_paise} paise."""

    mr = "{sku} ची किंमत आता {price} आहे; मान्य असल्यास {unit_price_paise} पैसे धरून पुन्हा ऑर्डर द्या."
    hi = "{sku} का मूल्य अब {price} है; स्वीकार हो तो {unit_price_paise} पैसे मानकर फिर से ऑर्डर दें।"


def included_tax(amount_paise: int, basis_points: int) -> int:
    """The tax inside a price that includes it, rounded half up to a paisa."""
    divisor = WHOLE_BASIS_POINTS + basis_points
    return (2 * amount_paise * basis_points + divisor) // (2 * divisor)


def check(basket: Basket, state: str) -> None:
    """What can be said of a basket before any price. Raises LineRepeated, UnknownPlace."""
    seen: set[tuple[str, str]] = set()
    for line in basket.lines:
        if (line.product_id, line.sku) in seen:
            raise LineRepeated(product_id=line.product_id, sku=line.sku)
        seen.add((line.product_id, line.sku))
    if (district := basket.deliver_to.district) not in districts():
        raise UnknownPlace(field="deliver_to.district", code=district, near=near(district, districts_of(state)))


def priced(basket: Basket, known: Mapping[str, KnownProduct]) -> tuple[Line, ...]:
    """Raises CatalogueBehind, ProductNotOnSale, VariantNotOffered, PriceChanged."""
    return tuple(priced_line(line, offer_for(line, known)) for line in basket.lines)


def offer_for(line: AskedLine, known: Mapping[str, KnownProduct]) -> Offer:
    product = known.get(line.product_id)
    if product is None:
        raise CatalogueBehind(product_id=line.product_id)
    if not product.on_sale:
        raise ProductNotOnSale(product_id=line.product_id)
    for offer in product.offers:
        if offer.sku == line.sku:
            return offer
    skus = ", ".join(offer.sku for offer in product.offers)
    raise VariantNotOffered(product_id=line.product_id, sku=line.sku, known=skus)


def priced_line(line: AskedLine, offer: Offer) -> Line:
    if line.expected_unit_paise not in (None, offer.unit_price_paise):
        price = rupees(offer.unit_price_paise)
        raise PriceChanged(
            product_id=line.product_id, sku=line.sku, price=price, unit_price_paise=offer.unit_price_paise
        )
    tax = included_tax(line.quantity * offer.unit_price_paise, offer.tax_basis_points)
    return Line(product_id=line.product_id, quantity=line.quantity, tax_paise=tax, **asdict(offer))


def one_seller(basket: Basket, known: Mapping[str, KnownProduct]) -> KnownProduct:
    """A product that names the seller and her district. Raises OneSellerABasket."""
    products = [known[line.product_id] for line in basket.lines]
    sellers = {product.seller for product in products}
    if len(sellers) > 1:
        raise OneSellerABasket(sellers=len(sellers))
    return products[0]
