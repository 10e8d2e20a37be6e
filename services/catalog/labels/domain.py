"""What must be written on a product before it is shown: words, price, HSN, GTIN, food licence, picture."""

import re
from dataclasses import dataclass
from datetime import date

from shared.contracts.catalog import Category
from shared.errors import Invalid
from shared.localized import Localized

CATEGORIES: dict[Category, Localized] = {
    "food": Localized(mr="खाद्यपदार्थ", hi="खाद्य पदार्थ", en="Food"),
    "paper": Localized(mr="कागदी वस्तू", hi="कागज़ की वस्तुएँ", en="Paper goods"),
    "jewellery": Localized(mr="दागिने", hi="आभूषण", en="Jewellery"),
    "masks": Localized(mr="मुखपट्ट्या", hi="मास्क", en="Masks"),
    "handicraft": Localized(mr="हस्तकला", hi="हस्तशिल्प", en="Handicraft"),
    "textiles": Localized(mr="वस्त्रे", hi="वस्त्र", en="Textiles"),
    "forest": Localized(mr="वनोपज", hi="वनोपज", en="Forest produce"),
    "gifts": Localized(mr="भेटवस्तू", hi="उपहार", en="Gifts and mementos"),
}
FOOD: Category = "food"
HSN = re.compile(r"[0-9]{4}|[0-9]{6}|[0-9]{8}")
GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
FSSAI = re.compile(r"[0-9]{14}")
ON_THE_LABEL = ("title", "description", "category", "hsn", "fssai", "images")
PLACEHOLDER = re.compile(r"placeholder|no[-_]?image|no[-_]?photo|coming[-_]?soon|dummy", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One pack: prices include tax, `net_quantity` is what the pack says, such as `200 g`."""

    sku: str
    unit_price_paise: int
    mrp_paise: int
    tax_basis_points: int
    net_quantity: str
    title: Localized | None = None
    gtin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodLicence:
    number: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    title: Localized
    category: str
    variants: tuple[Variant, ...]
    description: Localized | None = None
    hsn: str | None = None
    fssai: FoodLicence | None = None
    images: tuple[str, ...] = ()


class UnknownCategory(Invalid):
    """category: {category} is not one of ours; choose one of {categories}."""

    mr = "category: {category} हा आमचा वर्ग नाही; यातून निवडा: {categories}."
    hi = "category: {category} हमारी श्रेणी नहीं है; इनमें से चुनें: {categories}।"


class VariantsMissing(Invalid):
    """variants: a product needs at least one; add a pack with its price."""

    mr = "variants: उत्पादनाचा किमान एक प्रकार हवा; एक पॅक व त्याची किंमत भरा."
    hi = "variants: उत्पाद का कम से कम एक प्रकार चाहिए; एक पैक और उसका मूल्य भरें।"


class SkuTwice(Invalid):
    """variants.{sku}.sku: every variant needs a code of its own; give one of the two another."""

    mr = "variants.{sku}.sku: प्रत्येक प्रकाराचा कोड वेगळा हवा; दोनपैकी एकाचा बदला."
    hi = "variants.{sku}.sku: हर प्रकार का कोड अलग होना चाहिए; दो में से एक का बदलें।"


class PriceNotPositive(Invalid):
    """variants.{sku}.unit_price_paise: {price} is not a price; a price is above 0 paise."""

    mr = "variants.{sku}.unit_price_paise: {price} ही किंमत होऊ शकत नाही; किंमत 0 पैशांपेक्षा जास्त भरा."
    hi = "variants.{sku}.unit_price_paise: {price} मूल्य नहीं हो सकता; 0 पैसे से अधिक मूल्य भरें।"


class PriceAboveMrp(Invalid):
    """variants.{sku}.unit_price_paise: {price} paise is above the MRP of {mrp}; lower the price to the MRP or below."""

    mr = (
        "variants.{sku}.unit_price_paise: {price} पैसे ही किंमत {mrp} पैसे या कमाल किरकोळ किमतीपेक्षा (MRP) जास्त आहे; "
        "किंमत तेवढी किंवा कमी करा."
    )
    hi = (
        "variants.{sku}.unit_price_paise: {price} पैसे का मूल्य {mrp} पैसे के अधिकतम खुदरा मूल्य (MRP) से अधिक है; "
        "मूल्य उतना या उससे कम करें।"
    )


class HsnMalformed(Invalid):
    """hsn: {hsn} does not have 4, 6 or 8 digits; copy it from the bill or ask the officer."""

    mr = "hsn: {hsn} मध्ये 4, 6 किंवा 8 अंक नाहीत; बिलावरून पाहून भरा किंवा अधिकाऱ्यांना विचारा."
    hi = "hsn: {hsn} में 4, 6 या 8 अंक नहीं हैं; बिल से देखकर भरें या अधिकारी से पूछें।"


class HsnMissing(Invalid):
    """hsn: a product needs its HSN of 4, 6 or 8 digits before it is submitted; add it."""

    mr = "hsn: सादर करण्यापूर्वी 4, 6 किंवा 8 अंकी HSN हवा; तो भरा."
    hi = "hsn: जमा करने से पहले 4, 6 या 8 अंकों का HSN चाहिए; उसे भरें।"


class GtinMalformed(Invalid):
    """variants.{sku}.gtin: {gtin} is not a valid bar code; type all 8, 12, 13 or 14 digits again as printed."""

    mr = "variants.{sku}.gtin: {gtin} हा योग्य बारकोड नाही; छापलेले सर्व 8, 12, 13 किंवा 14 अंक पुन्हा भरा."
    hi = "variants.{sku}.gtin: {gtin} सही बारकोड नहीं है; छपे हुए सभी 8, 12, 13 या 14 अंक फिर से भरें।"


class FssaiMalformed(Invalid):
    """fssai.number: {number} does not have 14 digits; copy the number of the food licence in full."""

    mr = "fssai.number: {number} मध्ये 14 अंक नाहीत; अन्न परवान्यावरील पूर्ण क्रमांक भरा."
    hi = "fssai.number: {number} में 14 अंक नहीं हैं; खाद्य लाइसेंस का पूरा नंबर भरें।"


class FssaiMissing(Invalid):
    """fssai: food needs an FSSAI number and its expiry date; add both."""

    mr = "fssai: खाद्यपदार्थासाठी FSSAI क्रमांक व त्याची मुदत हवी; दोन्ही भरा."
    hi = "fssai: खाद्य पदार्थ के लिए FSSAI नंबर और उसकी समाप्ति तिथि चाहिए; दोनों भरें।"


class FssaiExpired(Invalid):
    """fssai.expires_on: the food licence ended on {expires_on}; renew it and send the new date."""

    mr = "fssai.expires_on: अन्न परवान्याची मुदत {expires_on} रोजी संपली; नूतनीकरण करून नवी तारीख भरा."
    hi = "fssai.expires_on: खाद्य लाइसेंस {expires_on} को समाप्त हो गया; नवीनीकरण करके नई तिथि भरें।"


class ImageMissing(Invalid):
    """images: a product needs at least one picture; add one."""

    mr = "images: उत्पादनाचा किमान एक फोटो हवा; तो जोडा."
    hi = "images: उत्पाद की कम से कम एक तस्वीर चाहिए; जोड़ें।"


class ImageIsPlaceholder(Invalid):
    """images: {image} is a placeholder; replace it by a picture of the product."""

    mr = "images: {image} हा खरा फोटो नाही; त्याऐवजी उत्पादनाचा फोटो जोडा."
    hi = "images: {image} असली तस्वीर नहीं है; उसकी जगह उत्पाद की तस्वीर जोड़ें।"


def check(label: Label) -> None:
    """What a draft must keep to as well. Raises the Invalid that names the field, the rule and the fix."""
    label.title.require_local("title")
    if label.category not in CATEGORIES:
        raise UnknownCategory(category=label.category, categories=", ".join(CATEGORIES))
    if label.hsn is not None and not HSN.fullmatch(label.hsn):
        raise HsnMalformed(hsn=label.hsn)
    if label.fssai and not FSSAI.fullmatch(label.fssai.number):
        raise FssaiMalformed(number=label.fssai.number)
    _check_variants(label.variants)


def check_complete(label: Label, today: date) -> None:
    """What must stand before an officer or a buyer looks at it; `today` in India. Raises as `check` does."""
    check(label)
    if label.hsn is None:
        raise HsnMissing
    if label.category == FOOD:
        _check_food(label.fssai, today)
    if not label.images:
        raise ImageMissing
    for image in label.images:
        if PLACEHOLDER.search(image):
            raise ImageIsPlaceholder(image=image)


def to_review(before: Label, after: Label) -> list[str]:
    """The fields an officer who saw `before` has not seen in `after`: words, papers, pictures, packs; never prices."""
    changed = [field for field in ON_THE_LABEL if getattr(before, field) != getattr(after, field)]
    return changed + ["variants"] * bool(_packs(after) - _packs(before))


def _packs(label: Label) -> set[object]:
    return {(variant.sku, variant.title, variant.net_quantity, variant.gtin) for variant in label.variants}


def _check_variants(variants: tuple[Variant, ...]) -> None:
    if not variants:
        raise VariantsMissing
    skus = [variant.sku for variant in variants]
    if len(set(skus)) < len(skus):
        raise SkuTwice(sku=next(sku for sku in skus if skus.count(sku) > 1))
    for variant in variants:
        _check_variant(variant)


def _check_variant(variant: Variant) -> None:
    if variant.unit_price_paise <= 0:
        raise PriceNotPositive(sku=variant.sku, price=variant.unit_price_paise)
    if variant.unit_price_paise > variant.mrp_paise:
        raise PriceAboveMrp(sku=variant.sku, price=variant.unit_price_paise, mrp=variant.mrp_paise)
    if variant.gtin is not None and not is_gtin(variant.gtin):
        raise GtinMalformed(sku=variant.sku, gtin=variant.gtin)


def _check_food(licence: FoodLicence | None, today: date) -> None:
    if licence is None:
        raise FssaiMissing
    if licence.expires_on < today:
        raise FssaiExpired(expires_on=licence.expires_on.isoformat())


def is_gtin(text: str) -> bool:
    """GS1: from the right, digits weigh 1, 3, 1, 3 …, and the sum is a multiple of 10."""
    if not GTIN.fullmatch(text):
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(text))) % 10 == 0
