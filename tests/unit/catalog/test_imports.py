"""From a row to an entry: what is understood, what is refused, and what of it may lie in the database."""

from typing import Any

import pytest

from services.catalog.accounts.domain import NotAnAccount, PlaceholderAccount, WrongIfsc, keys_of
from services.catalog.imports.domain import (
    BadCode,
    CodeMissing,
    NameInAnotherScript,
    NameMissing,
    another,
    check_place,
    code_of,
    digest,
    entry,
    names,
    understood,
    without_secrets,
)
from shared.localized import Localized
from shared.places.area import OutsideArea
from tests.unit.catalog.samples import BARAMATI, PUNE

KEYS = keys_of(f"k1:{'ab' * 16}")
ROW = {
    "code": "MH-490-04512-0007",
    "name": "सावित्रीबाई फुले महिला बचत गट",
    "district": "४९०",
    "block": "4512",
    "village": "माळेगाव बुद्रुक",
    "activities": "पापड, लोणचे;\nमसाले, पापड",
    "federation": "जिजाऊ ग्रामसंघ",
    "account": "6011 2233 445566",
    "ifsc": "MAHB0001234",
    "phone": "9000000007",
    "language": "mr",
}


def without(*fields: str, **more: str) -> dict[str, str]:
    return {field: text for field, text in {**ROW, **more}.items() if field not in fields}


def test_a_row_is_an_entry_with_its_account_sealed_and_no_phone() -> None:
    found = entry(understood(ROW, KEYS), ROW["code"], "umed", "27")
    assert (found.programme, found.code, found.district, found.block) == ("umed", ROW["code"], "490", "4512")
    assert found.names == Localized(mr="सावित्रीबाई फुले महिला बचत गट")
    assert found.activities == ("पापड", "लोणचे", "मसाले")
    assert found.account is not None
    assert found.account.startswith("k1:")
    assert "9000000007" not in repr(found)
    assert "445566" not in repr(understood(ROW, KEYS))


@pytest.mark.parametrize(
    ("cells", "state", "expected"),
    [
        ({"name": "सावित्री महिला गट"}, "27", {"mr": "सावित्री महिला गट"}),
        ({"name": "सावित्री महिला समूह"}, "10", {"hi": "सावित्री महिला समूह"}),
        ({"name": "Savitri SHG"}, "27", {"en": "Savitri SHG"}),
        ({"name": "Savitri महिला गट"}, "27", {"mr": "Savitri महिला गट"}),
        ({"name": "Savitri SHG", "name_mr": "सावित्री गट"}, "27", {"mr": "सावित्री गट", "en": "Savitri SHG"}),
        ({"name": "सावित्री", "name_mr": "सावित्री गट"}, "27", {"mr": "सावित्री गट"}),
        ({"name_hi": "सावित्री समूह"}, "27", {"hi": "सावित्री समूह"}),
    ],
)
def test_the_script_says_the_language_where_the_column_does_not(
    cells: dict[str, str], state: str, expected: dict[str, str]
) -> None:
    assert names(cells, state).kept() == expected


def test_a_name_in_a_third_script_or_none_is_refused() -> None:
    with pytest.raises(NameInAnotherScript, match="સાવિત્રી"):
        names({"name": "સાવિત્રી"}, "27")
    with pytest.raises(NameMissing):
        names({}, "27")


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (without("code"), CodeMissing),
        (without(code="७ अ"), BadCode),
        (without(code="x" * 41), BadCode),
        (without(code="=1+1"), BadCode),
        (without(account="1234"), NotAnAccount),
        (without(ifsc="ZZHB-12"), WrongIfsc),
    ],
)
def test_what_is_wrong_with_a_row_has_its_own_name(wrong: dict[str, str], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        code_of(wrong) and understood(wrong, KEYS)


def test_a_code_is_the_same_in_both_scripts_digits_and_with_spaces() -> None:
    assert code_of(without(code="MH- ४९० -7")) == "MH-490-7"


def test_the_digest_follows_what_is_kept_and_nothing_else() -> None:
    first = digest(ROW, KEYS)
    assert digest(without(phone="9000000008", language="hi"), KEYS) == first
    assert digest(dict(reversed(ROW.items())), KEYS) == first
    assert digest(without(village="माळेगाव खुर्द"), KEYS) != first
    assert digest(without("village", ward="माळेगाव बुद्रुक"), KEYS) != first
    assert digest(without(account="60112233445567"), KEYS) != first


def test_whoever_has_the_digest_cannot_try_account_numbers_without_the_key() -> None:
    assert digest(ROW, KEYS) != digest(ROW, keys_of(f"k1:{'cd' * 16}"))


def test_an_officer_brings_groups_of_her_own_area_alone() -> None:
    check_place(understood(ROW, KEYS), BARAMATI)
    check_place(without(block="4515", district="490"), PUNE)
    with pytest.raises(OutsideArea):
        check_place(without(block="4515", district="490"), BARAMATI)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({}, None), ({"account": "98765"}, NotAnAccount), ({"ifsc": "ZZHB-12"}, WrongIfsc),
     ({"account": "98765", "ifsc": "ZZHB-12"}, WrongIfsc),
     ({"account": "0" * 11}, PlaceholderAccount), ({"account": "0" * 11, "ifsc": "ZZHB-12"}, WrongIfsc)],
)  # fmt: skip
def test_a_row_that_waits_holds_no_number_and_is_judged_as_before(changes: dict[str, str], rule: Any) -> None:
    kept = without_secrets({**ROW, **changes}, KEYS)
    assert not {"phone", "language"} & set(kept)
    assert "98765" not in str(kept)
    assert "445566" not in str(kept).replace(" ", "")
    assert without_secrets(kept, KEYS) == kept
    if rule is None:
        assert understood(kept, KEYS) == understood(ROW, KEYS)
    else:
        with pytest.raises(rule):
            understood(kept, KEYS)


@pytest.mark.parametrize(
    ("standing", "there"),
    [
        ({"umed": 6, "nulm": 0, "mavim": 0}, "umed"),
        ({"umed": 5, "nulm": 0, "mavim": 0}, ""),
        ({"umed": 6, "nulm": 0, "mavim": 6}, ""),
        ({"umed": 0, "nulm": 0, "mavim": 10}, ""),
    ],
)
def test_a_programme_is_doubted_where_most_of_the_numbers_stand_under_another_and_not_here(
    standing: dict[str, int], there: str
) -> None:
    assert another(standing, "mavim", 10) == there
