from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.makers.domain import KnownGroup
from services.stalls.offers.domain import Eligibility
from services.stalls.wishes.domain import (
    AnyGround,
    ChoiceTwice,
    FoodLicenceMalformed,
    FoodLicenceMissing,
    NoGroundFits,
    NotEligible,
    ProductNotHers,
    ProductNotKnownYet,
    ProductOffSale,
    TagNotHeld,
    TooManyChoices,
    UnknownEvent,
    UnknownStage,
    Wish,
    categories_of,
    check,
    named_events,
    spelled_out,
)
from shared.errors import Problem
from tests.unit.stalls.fairs import GROUP, MONDAY, PRODUCTS, SUNDAY, WISH, call

FAIR = call()  # 1 Baramati on both days, 2 Haveli on Sunday, 3 Haveli on Monday
HERS = frozenset({GROUP.id})
HAVELI = AnyGround(block="4515")
choices = st.lists(
    st.integers(1, 3)
    | st.builds(
        AnyGround,
        district=st.sampled_from([None, "490"]),
        block=st.sampled_from([None, "4512", "4515"]),
        day=st.sampled_from([None, SUNDAY, MONDAY]),
    ),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("asked", "events"),
    [
        ((3, 1), (3, 1)),
        ((AnyGround(),), (1, 2, 3)),
        ((3, AnyGround()), (3, 1, 2)),
        ((HAVELI, 1), (2, 3, 1)),
        ((AnyGround(), 3), (1, 2, 3)),
        ((AnyGround(day=SUNDAY),), (1, 2)),
        ((AnyGround(block="4515", day=MONDAY), AnyGround()), (3, 1, 2)),
        ((HAVELI, HAVELI, AnyGround(district="467")), (2, 3)),
    ],
)
def test_any_ground_stands_for_the_events_that_fit_in_their_order_without_those_named_before(
    asked: tuple[int | AnyGround, ...], events: tuple[int, ...]
) -> None:
    assert spelled_out(asked, FAIR) == events


@given(asked=choices)
def test_choices_name_no_event_twice_and_all_that_was_asked_for(asked: list[int | AnyGround]) -> None:
    try:
        events = spelled_out(tuple(asked), FAIR)
    except (ChoiceTwice, NoGroundFits):
        return
    assert len(set(events)) == len(events)
    wanted = {
        event.number
        for event in FAIR.events
        for choice in asked
        if choice == event.number or (isinstance(choice, AnyGround) and choice.fits(event))
    }
    assert set(events) == wanted


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ((1,) * 21, TooManyChoices),
        ((AnyGround(),) * 21, TooManyChoices),
        ((1, 2, 1), ChoiceTwice),
        ((1, 4), UnknownEvent),
        ((AnyGround(district="467"),), NoGroundFits),
        ((AnyGround(day=date(2026, 12, 8)),), NoGroundFits),
    ],
)
def test_choices_that_cannot_be_are_refused_by_name(asked: tuple[int | AnyGround, ...], problem: type[Problem]) -> None:
    with pytest.raises(problem):
        spelled_out(asked, FAIR)


def test_twenty_choices_are_not_too_many_however_many_events_they_stand_for() -> None:
    assert spelled_out((1, *(AnyGround(),) * 19), FAIR) == (1, 2, 3)


def test_only_grounds_named_by_number_are_looked_at_when_she_applies() -> None:
    wish = replace(WISH, choices=(3, AnyGround(), 1))
    assert [event.number for event in named_events(wish, FAIR)] == [3, 1]
    assert list(named_events(replace(WISH, choices=(9,)), FAIR)) == []


def test_the_categories_of_her_products_are_sorted_and_stand_once() -> None:
    assert categories_of(replace(WISH, products=("toran", "papad")), HERS, PRODUCTS) == ("food", "handicraft")


@pytest.mark.parametrize(
    ("product", "problem", "status"),
    [("quilt", ProductNotHers, 409), ("warli", ProductOffSale, 409), ("pickle", ProductNotKnownYet, 503)],
)
def test_a_product_must_be_known_hers_and_on_sale(product: str, problem: type[Problem], status: int) -> None:
    with pytest.raises(problem, match=product) as refused:
        categories_of(replace(WISH, products=("papad", product)), HERS, PRODUCTS)
    assert refused.value.status == status
    assert bool(refused.value.headers) == (status == 503)


def allowed(**who: frozenset[str]) -> None:
    check(WISH, GROUP, ("food",), call(eligibility=Eligibility(**who)))


@pytest.mark.parametrize(
    ("who", "shown", "word"),
    [
        ({"programmes": frozenset({"nulm", "mavim"})}, "mavim, nulm", "अभियान"),
        ({"districts": frozenset({"467"})}, "467 ", "जिल्हा"),
        ({"categories": frozenset({"textiles"})}, "textiles", "उत्पादन वर्ग"),
    ],
)
def test_who_may_not_apply_is_told_whom_the_call_is_for_in_her_language(who: Any, shown: str, word: str) -> None:
    with pytest.raises(NotEligible) as refused:
        allowed(**who)
    assert shown in refused.value.sentence("mr")
    assert word in refused.value.sentence("mr")


def test_every_one_of_her_categories_has_to_be_admitted() -> None:
    food_only = call(eligibility=Eligibility(categories=frozenset({"food"})))
    check(WISH, GROUP, ("food",), food_only)
    with pytest.raises(NotEligible, match="Yours is handicraft"):
        check(WISH, GROUP, ("food", "handicraft"), food_only)


def test_a_group_that_fits_every_condition_may_apply() -> None:
    allowed(programmes=frozenset({"umed"}), districts=frozenset({"490", "467"}), categories=frozenset({"food"}))


@pytest.mark.parametrize(("tags", "held"), [({"umed", "rural"}, True), ({"disabled_led"}, True), ({"urban"}, False)])
def test_a_tag_stands_in_the_registry_or_is_hers_to_declare(tags: set[str], held: bool) -> None:
    wish = replace(WISH, tags=frozenset(tags))
    if held:
        check(wish, GROUP, ("food",), FAIR)
        return
    with pytest.raises(TagNotHeld, match="does not say urban of your group but rural, umed"):
        check(wish, GROUP, ("food",), FAIR)


def test_a_group_of_a_town_holds_the_tag_of_a_town() -> None:
    town: KnownGroup = replace(GROUP, block=None, local_body="251530")
    check(replace(WISH, tags=frozenset({"urban"})), town, ("food",), FAIR)


def test_a_stage_has_to_be_reserved_somewhere_in_the_call_and_open_is_for_everybody() -> None:
    check(replace(WISH, stages=frozenset({"st", "open"})), GROUP, ("food",), FAIR)
    with pytest.raises(UnknownStage, match="reserved for sc; it knows: st"):
        check(replace(WISH, stages=frozenset({"sc"})), GROUP, ("food",), FAIR)


@pytest.mark.parametrize(
    ("number", "categories", "problem"),
    [
        (None, ("food", "paper"), FoodLicenceMissing),
        ("1152103400012", ("food",), FoodLicenceMalformed),
        ("115210340001234", ("paper",), FoodLicenceMalformed),
        ("११५२१०३४०००१२३", ("food",), FoodLicenceMalformed),
    ],
)
def test_food_needs_the_fourteen_digits_of_its_licence(
    number: str | None, categories: tuple[str, ...], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        check(replace(WISH, fssai=number), GROUP, categories, FAIR)


def test_who_sells_no_food_needs_no_licence() -> None:
    check(Wish(choices=(1,), products=("toran",)), GROUP, ("handicraft",), FAIR)
