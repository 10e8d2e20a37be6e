"""Bank accounts: what is sealed, what stays sealed, and what is none."""

from datetime import UTC, datetime, timedelta

import pytest

from services.catalog.accounts.domain import (
    NoAccountKey,
    NotAnAccount,
    PlaceholderAccount,
    References,
    WrongIfsc,
    hidden,
    keys_of,
    sealed,
)

KEYS = keys_of(f"k2:{'ab' * 16},k1:{'cd' * 32}")
OLD = keys_of(f"k1:{'cd' * 32}")
ACCOUNT, IFSC = "60112233445566", "MAHB0001234"
NOW, KEEPS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC), timedelta(days=90)
REFERENCES = References(KEYS, KEEPS)


def test_the_first_key_seals_and_its_id_stands_before_the_seal() -> None:
    seal = sealed(ACCOUNT, IFSC, KEYS)
    assert seal.startswith("k2:")
    assert len(seal) == len("k2:") + 64
    assert ACCOUNT not in seal
    assert seal != sealed(ACCOUNT, IFSC, OLD).replace("k1", "k2")


@pytest.mark.parametrize(
    "written", ["6011 2233 445566", "६०११२२३३४४५५६६", "6011-2233-445566", "060112233445566", "0060112233445566"]
)
def test_one_account_has_one_seal_however_it_is_written(written: str) -> None:
    assert sealed(written, "mahb 0001234", KEYS) == sealed(ACCOUNT, None, KEYS)


def test_a_merged_banks_new_ifsc_makes_no_other_account() -> None:
    assert sealed(ACCOUNT, "SBIN0000456", KEYS) == sealed(ACCOUNT, IFSC, KEYS)


def test_a_seal_that_comes_from_outside_is_no_account() -> None:
    with pytest.raises(NotAnAccount):
        sealed(sealed(ACCOUNT, IFSC, OLD), None, KEYS)


def test_a_reference_says_nothing_and_is_good_in_its_row_for_its_time() -> None:
    seal = sealed(ACCOUNT, IFSC, OLD)
    first, second = (REFERENCES.to(seal, "U-1", NOW) for _ in range(2))
    assert first != second, "else it could be looked up in a dictionary"
    assert seal.partition(":")[2] not in first
    assert REFERENCES.seal(first, "U-1", NOW) == REFERENCES.seal(second, "U-1", NOW + KEEPS) == seal
    assert REFERENCES.seal(first, "U-2", NOW) is None
    assert REFERENCES.seal(first, "U-1", NOW + KEEPS + timedelta(seconds=2)) is None
    assert References(keys_of(f"k1:{'ee' * 32}"), KEEPS).seal(first, "U-1", NOW) is None
    for cell in (first[:-8], first.replace("r-", ""), "r-k1:", "r-k1:क", "r-k9:AAAA", seal):
        assert REFERENCES.seal(cell, "U-1", NOW) is None


@pytest.mark.parametrize("written", ["1234", "12345678", "1" * 19, "नाही", "60112233A45566", "k9:" + "0" * 64, "xxxx"])
def test_what_is_no_account_is_refused(written: str) -> None:
    with pytest.raises(NotAnAccount, match="9 to 18 digits"):
        sealed(written, None, KEYS)


@pytest.mark.parametrize("written", ["000000000", "0" * 18, "९९९९९९९९९९९", "1111-1111-111"])
def test_a_cell_that_one_digit_fills_is_no_account_that_groups_could_share(written: str) -> None:
    with pytest.raises(PlaceholderAccount, match="passbook"):
        sealed(written, None, KEYS)


@pytest.mark.parametrize("ifsc", ["ZZHB-12", "MAHB1001234", "MAHB000123", "1234"])
def test_a_wrong_ifsc_is_refused_by_its_name(ifsc: str) -> None:
    with pytest.raises(WrongIfsc, match=ifsc):
        sealed(ACCOUNT, ifsc, KEYS)


def test_without_a_key_no_account_is_taken() -> None:
    with pytest.raises(NoAccountKey, match="ACCOUNT_KEYS"):
        sealed(ACCOUNT, None, keys_of(""))


@pytest.mark.parametrize("text", ["k1:abcd", "k1:" + "zz" * 16, f"k1:{'ab' * 16},k1:{'cd' * 16}", "ab" * 16])
def test_a_key_that_is_none_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        keys_of(text)
    assert "ab" * 8 not in str(refused.value)


def test_what_is_hidden_shows_its_length_alone() -> None:
    assert hidden("9876") == "xxxx"
