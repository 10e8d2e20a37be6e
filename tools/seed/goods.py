"""What the groups sell: real goods, labelled as the catalogue wants them."""

import random
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from services.catalog.labels.domain import FOOD, FoodLicence, Label, Variant
from shared.localized import Localized
from tools.seed.groups import Market

FILE = Path(__file__).parent / "goods.toml"
IMAGES = "https://images.bachathaat.in/goods"
LICENCE_YEARS = 3
DISCOUNTS = (0, 0, 2, 3, 5, 8)
"""Per cent off the usual price, as one group or another sells cheaper."""


@dataclass(frozen=True, slots=True)
class Good:
    """One line of the table of goods: `family` holds what it shares with others."""

    family: dict[str, Any]
    code: str
    title: Localized

    @property
    def name(self) -> str:
        return f"{self.family['code']}-{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """A product to be put on sale by the group `group` (its number), with the stock of each SKU."""

    number: int
    group: int
    label: Label
    stock: dict[str, int]


@cache
def goods() -> tuple[Good, ...]:
    families = tomllib.loads(FILE.read_text("utf-8"))["family"]
    return tuple(
        Good(family, code, Localized(mr=mr, hi=hi, en=en))
        for family in families
        for code, mr, hi, en in family["goods"]
    )


def offering(market: Market, number: int, seller: int, today: date) -> Offering:
    """The product `number`, from 0; `today` in India, from which food licences last for years."""
    chance = random.Random(f"{market.seed}:{number}")  # noqa: S311 - the same market for the same seed
    good = goods()[number % len(goods())]
    variants = tuple(_variant(good, pack, chance) for pack in good.family["packs"])
    stock = {variant.sku: chance.randint(20, 200) for variant in variants}
    return Offering(number=number, group=seller, label=_label(good, variants, seller, today), stock=stock)


def _variant(good: Good, pack: list[Any], chance: random.Random) -> Variant:
    part, quantity, rupees, mrp = pack
    price = max(1, rupees * (100 - chance.choice(DISCOUNTS)) // 100)
    return Variant(
        sku=f"{good.name}-{part}".upper(),
        unit_price_paise=price * 100,
        mrp_paise=mrp * 100,
        tax_basis_points=good.family["tax_basis_points"],
        net_quantity=quantity,
    )


def _label(good: Good, variants: tuple[Variant, ...], seller: int, today: date) -> Label:
    family = good.family
    # no licence begins with 9: this number is nobody's
    licence = FoodLicence(number=f"9{seller:013d}", expires_on=date(today.year + LICENCE_YEARS, 3, 31))
    return Label(
        title=good.title,
        category=family["category"],
        variants=variants,
        description=Localized(**family["description"]),
        hsn=family["hsn"],
        fssai=licence if family["category"] == FOOD else None,
        images=(f"{IMAGES}/{good.name}.jpg",),
    )
