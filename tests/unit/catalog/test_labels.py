from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from services.catalog.labels.domain import (
    CATEGORIES,
    FoodLicence,
    FssaiExpired,
    FssaiMalformed,
    FssaiMissing,
    GtinMalformed,
    HsnMalformed,
    HsnMissing,
    ImageIsPlaceholder,
    ImageMissing,
    Label,
    PriceAboveMrp,
    PriceNotPositive,
    SkuTwice,
    UnknownCategory,
    VariantsMissing,
    check,
    check_complete,
    is_gtin,
)
from shared.contracts.catalog import Category
from shared.errors import Invalid
from shared.localized import Localized, LocalTextMissing
from tests.unit.catalog.samples import LARGE, PAPAD, SMALL, TODAY

DRAFT_FAULTS = [
    (replace(PAPAD, title=Localized(en="Urad papad")), LocalTextMissing, "title"),
    (replace(PAPAD, category="papad"), UnknownCategory, "category"),
    (replace(PAPAD, hsn="19059"), HsnMalformed, "hsn"),
    (replace(PAPAD, hsn="१९०५"), HsnMalformed, "hsn"),
    (replace(PAPAD, variants=()), VariantsMissing, "variants"),
    (replace(PAPAD, variants=(SMALL, replace(LARGE, sku=SMALL.sku))), SkuTwice, "variants.UDID-200.sku"),
    (replace(PAPAD, variants=(replace(SMALL, unit_price_paise=0),)), PriceNotPositive, "unit_price_paise"),
    (replace(PAPAD, variants=(replace(SMALL, unit_price_paise=10_001),)), PriceAboveMrp, "unit_price_paise"),
    (replace(PAPAD, variants=(replace(SMALL, gtin="8901234567891"),)), GtinMalformed, "variants.UDID-200.gtin"),
    (replace(PAPAD, fssai=FoodLicence(number="1152103400012", expires_on=TODAY)), FssaiMalformed, "fssai.number"),
]
LISTING_FAULTS = [
    (replace(PAPAD, hsn=None), HsnMissing, "hsn"),
    (replace(PAPAD, fssai=None), FssaiMissing, "fssai"),
    (replace(PAPAD, fssai=FoodLicence(number="1" * 14, expires_on=date(2026, 10, 17))), FssaiExpired, "expires_on"),
    (replace(PAPAD, images=()), ImageMissing, "images"),
    (replace(PAPAD, images=("https://example.org/no-image.png",)), ImageIsPlaceholder, "images"),
]


@pytest.mark.parametrize(("label", "problem", "field"), DRAFT_FAULTS)
def test_what_is_wrong_in_a_draft_is_named_with_its_field_in_three_languages(
    label: Label, problem: type[Invalid], field: str
) -> None:
    with pytest.raises(problem) as refused:
        check(label)
    assert all(field in refused.value.sentence(language) for language in ("mr", "hi", "en"))


@pytest.mark.parametrize(("label", "problem", "field"), LISTING_FAULTS)
def test_what_a_draft_may_lack_must_stand_before_it_is_seen(label: Label, problem: type[Invalid], field: str) -> None:
    check(label)
    with pytest.raises(problem) as refused:
        check_complete(label, TODAY)
    assert all(field in refused.value.sentence(language) for language in ("mr", "hi", "en"))


def test_a_complete_label_passes_on_the_last_day_of_its_food_licence() -> None:
    check_complete(PAPAD, date(2027, 3, 31))


def test_only_food_needs_a_food_licence() -> None:
    check_complete(replace(PAPAD, category="paper", fssai=None), TODAY)


def test_a_price_equal_to_the_mrp_is_allowed() -> None:
    check(replace(PAPAD, variants=(replace(SMALL, unit_price_paise=SMALL.mrp_paise),)))


@pytest.mark.parametrize("gtin", ["96385074", "036000291452", "4006381333931", "10614141000415"])
def test_a_bar_code_with_the_right_check_digit_is_known(gtin: str) -> None:
    assert is_gtin(gtin)
    assert not is_gtin(gtin[:-1] + str((int(gtin[-1]) + 1) % 10))


@pytest.mark.parametrize("text", ["", "12345", "123456789", "40063813339३1", "400638133393a"])
def test_what_is_no_bar_code_is_not_taken_for_one(text: str) -> None:
    assert not is_gtin(text)


def test_every_category_has_a_name_in_each_language() -> None:
    assert all(name.mr and name.hi and name.en for name in CATEGORIES.values())


def test_every_category_of_the_published_language_has_its_words_and_no_other() -> None:
    assert tuple(CATEGORIES) == get_args(Category)
    assert all(len(words.kept()) == 3 for words in CATEGORIES.values())
