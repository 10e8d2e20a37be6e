"""What people write: one form, nothing invisible, Marathi joiners kept."""

import unicodedata
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from shared.reads import Page
from shared.web.views import PageView, Paragraphs, Text, View, clean, page_view


class Label(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=12)]
    about: Paragraphs = ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  ज्वारी  ", "ज्वारी"),
        ("क\u093cलम", "क़लम".replace("\u0958", "क\u093c")),
        ("e\u0301", "\u00e9"),
        ("र\u200dया", "र\u200dया"),
        ("क्\u200cष", "क्\u200cष"),
        ("\u200dभाकरी\u200c", "भाकरी"),
        ("पापड\u00a0लोणचे", "पापड लोणचे"),
        ("शेव\tचिवडा", "शेव चिवडा"),
        ("\ufeffगूळ\u200b\u202e", "गूळ"),
        ("सॉफ्ट\u00adवेअर", "सॉफ्टवेअर"),
    ],
)
def test_a_text_is_kept_in_one_readable_form(written: str, kept: str) -> None:
    assert Label(name=written).name == kept


@pytest.mark.parametrize("written", ["", "   ", "\u200b", "\u200d\u200c", "\u00a0\t"])
def test_a_text_of_nothing_to_see_is_empty(written: str) -> None:
    with pytest.raises(ValidationError, match="too_short"):
        Label(name=written)


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x85", "\ue000"])
def test_a_character_that_cannot_be_shown_is_named(letter: str) -> None:
    with pytest.raises(ValidationError, match=f"U\\+{ord(letter):04X}"):
        Label(name=f"तूप{letter}")


def test_the_length_counts_what_is_left() -> None:
    assert Label(name=" " * 50 + "बारा अक्षरे" + "\u200b" * 50).name == "बारा अक्षरे"
    with pytest.raises(ValidationError, match="too_long"):
        Label(name="अ" * 13)


def test_paragraphs_keep_their_lines_and_a_text_does_not() -> None:
    assert Label(name="a\nb", about="पहिली\r\nदुसरी\n\n").model_dump() == {"name": "a b", "about": "पहिली\nदुसरी"}


def test_the_bounds_stand_in_the_schema() -> None:
    assert Label.model_json_schema()["properties"]["name"] == {
        "maxLength": 12,
        "minLength": 1,
        "title": "Name",
        "type": "string",
    }


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Co"))))
def test_cleaning_twice_changes_nothing_more_and_is_nfc(written: str) -> None:
    once = clean(written)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


class Item(View):
    id: str


def test_a_page_of_states_becomes_a_page_of_views() -> None:
    class Row:
        id = "१"
        hidden = "no"

    shown = page_view(Item, Page([Row()], "next"))
    assert isinstance(shown, PageView)
    assert shown.model_dump() == {"items": [{"id": "१"}], "next_cursor": "next"}
