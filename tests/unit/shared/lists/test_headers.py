"""Which column says what: found in three languages, shown before anything is written, and told otherwise."""

import tomllib

import pytest

from shared.lists.columns import FILE, fields, folded
from shared.lists.mapping import Columns, mapped
from shared.lists.problems import ColumnMissing, ColumnTwice, HeaderNotFound, UnknownColumn, UnknownField
from shared.lists.reading import open_list

PROGRAMMES = ("umed", "nulm", "mavim")
MARATHI = ["अ.क्र.", "समूह क्रमांक", "समूहाचे नाव", "जिल्हा LGD क्रमांक", "तालुका LGD क्रमांक", "अध्यक्षांचे नाव", "मोबाईल क्रमांक"]


def test_a_header_is_known_however_it_is_typed() -> None:
    for typed in ("SHG  Code", "shg_code", "Shg-Code:", "SHG\u200bCODE", "\uff33\uff28\uff27 \uff23\uff4f\uff44\uff45"):
        assert folded(typed) == folded("shg code")
    assert folded("जिल्\u200dहा") == folded("जिल्हा")
    assert folded("गाँव") != folded("गाव")


def test_no_header_means_two_fields() -> None:
    table = tomllib.loads(FILE.read_text("utf-8"))
    for programme in PROGRAMMES:
        meant: dict[str, set[str]] = {}
        for part in ("every", programme):
            for field, headers in table[part].items():
                for header in headers:
                    meant.setdefault(folded(header), set()).add(field)
        assert {header: said for header, said in meant.items() if len(said) > 1} == {}


def test_every_field_has_headers_in_marathi_hindi_and_english() -> None:
    for field, headers in tomllib.loads(FILE.read_text("utf-8"))["every"].items():
        assert any(header.isascii() for header in headers), field
        assert any("\u0900" <= letter <= "\u0963" for header in headers for letter in header), field


def test_a_marathi_header_is_understood_and_people_s_names_are_not_read() -> None:
    columns = mapped(MARATHI, 3, "umed", "umed.csv")
    assert dict(columns.at) == {"code": 1, "name": 2, "district": 3, "block": 4, "phone": 6}
    assert columns.unread == ("अ.क्र.", "अध्यक्षांचे नाव")
    assert columns.header("code") == "समूह क्रमांक"


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_names_of_the_fields_themselves_are_headers(programme: str) -> None:
    headers = ["_file", "_line", "_rule", "_fix", *fields()]
    columns = mapped(headers, 1, programme, "report.csv")
    assert tuple(columns.at) == fields()
    assert columns.unread == ("_file", "_line", "_rule", "_fix")


def test_a_person_can_say_which_column_is_meant() -> None:
    headers = ["Id", "Samuha", "District", "Block"]
    with pytest.raises(ColumnMissing) as missing:
        mapped(headers, 1, "umed", "u.csv")
    assert missing.value.params["field"] == "code"
    assert "Samuha" in str(missing.value)
    columns = mapped(headers, 1, "umed", "u.csv", {"code": "id", "name": "SAMUHA"})
    assert dict(columns.at) == {"code": 0, "name": 1, "district": 2, "block": 3}


def test_what_a_person_says_wins_over_what_is_recognised() -> None:
    headers = ["Code", "Group Code", "Name", "District", "Block"]
    with pytest.raises(ColumnTwice):
        mapped(headers, 1, "umed", "u.csv")
    assert mapped(headers, 1, "umed", "u.csv", {"code": "Group Code"}).at["code"] == 1


def test_a_column_that_is_not_there_and_a_field_that_is_none_are_refused() -> None:
    with pytest.raises(UnknownColumn):
        mapped(MARATHI, 1, "umed", "u.csv", {"code": "Nummer"})
    with pytest.raises(UnknownField):
        mapped(MARATHI, 1, "umed", "u.csv", {"president": "अध्यक्षांचे नाव"})


def test_titles_may_stand_above_the_header_and_it_is_asked_for_when_missing() -> None:
    titles = "उमेद\n\nसमूहांची यादी,,,,,,\n"
    with open_list((titles + ",".join(MARATHI) + "\n").encode(), "u.csv", "umed") as opened:
        assert opened.columns.line == 4
        assert list(opened.rows()) == []
    with pytest.raises(HeaderNotFound):
        open_list(("कोणतेही,शीर्षक,नाही\n" * 40).encode(), "u.csv", "umed")
    with pytest.raises(HeaderNotFound):
        open_list(("\n" * 20 + ",".join(MARATHI)).encode(), "u.csv", "umed")


def test_a_programme_s_own_header_is_known_in_its_list_alone() -> None:
    headers = ["Lokos SHG Code", "SHG Name", "District", "Block"]
    assert isinstance(mapped(headers, 1, "umed", "u.csv"), Columns)
    with pytest.raises(ColumnMissing):
        mapped(headers, 1, "mavim", "u.csv")
