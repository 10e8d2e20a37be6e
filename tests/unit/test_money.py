"""Sentences about money as people read it."""

from hypothesis import given
from hypothesis import strategies as st

from shared.money import rupees


def test_lakhs_and_crores_are_grouped_as_india_groups_them() -> None:
    assert rupees(12_345_650) == "₹1,23,456.50"
    assert rupees(1_234_567_800) == "₹1,23,45,678"


def test_whole_rupees_have_no_paise_and_small_sums_no_comma() -> None:
    assert (rupees(10_000), rupees(99_900), rupees(5), rupees(0)) == ("₹100", "₹999", "₹0.05", "₹0")


def test_marathi_keeps_latin_digits_unless_its_own_are_asked_for() -> None:
    assert rupees(12_345_650, "mr") == "₹1,23,456.50"
    assert rupees(12_345_650, "mr", devanagari=True) == "₹१,२३,४५६.५०"
    assert rupees(12_345_650, "en", devanagari=True) == "₹1,23,456.50"


def test_a_debt_carries_its_sign_before_the_rupee() -> None:
    assert rupees(-150_050) == "-₹1,500.50"


@given(st.integers(-(10**15), 10**15))
def test_nothing_is_lost_in_writing(paise: int) -> None:
    plain = rupees(paise).replace(",", "").replace("₹", "")
    whole, _, rest = plain.lstrip("-").partition(".")
    assert (int(whole) * 100 + int(rest or 0)) * (-1 if paise < 0 else 1) == paise


@given(st.integers(0, 10**15))
def test_the_last_group_has_three_digits_and_the_others_two(whole: int) -> None:
    head, *groups = rupees(whole * 100).lstrip("₹").split(",")
    assert 1 <= len(head) <= 3
    assert [len(group) for group in groups] == ([2] * (len(groups) - 1) + [3] if groups else [])
