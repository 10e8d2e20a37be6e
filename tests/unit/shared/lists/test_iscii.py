"""Devanagari of another time: the bytes are those that ICU writes for these texts."""

import unicodedata

import pytest

from shared.lists import iscii
from shared.lists.reading import open_list
from shared.lists.rows import Row

WRITTEN = [
    (
        "सावित्रीबाई महिला स्वयंसहाय्यता बचत गट ४९०",
        "ef42d7dad4dbc2e8cfdccadaa720ccd8dbd1da20d7e8d4cda2d7d8dacde8cdc2da20cab8c220b5bd20f5faf1",
    ),
    ("ज़मीन ॐ क्\u200cष र्\u200dया कॉफी ऍप।", "bae9ccdcc620a1e920b3e8e8d620cfe8e9cdda20b3e7c9dc20aec8ea"),
]


@pytest.mark.parametrize(("text", "content"), WRITTEN)
def test_a_text_of_iscii_is_read_letter_by_letter(text: str, content: str) -> None:
    read = iscii.decoded(bytes.fromhex(content))
    assert read is not None
    assert unicodedata.normalize("NFC", read) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "content",
    [
        b"U-1,\xff\x81\x8d\x9d",
        b"\xda\xda\xda",
        b"\xe8\xd1\xda",
        b"\xa2\xd1\xda",
        b"\xd1\xb3\xcc",
        "सखी".encode(),
        "सखी".encode()[:-1],
        b"na\xefve caf\xe9",
        b"\xb3\xe8" * 30_000 + b"\xeb",
    ],
)
def test_bytes_that_make_no_devanagari_are_none(content: bytes) -> None:
    assert iscii.decoded(content) is None


def test_a_list_may_hold_lines_of_iscii_among_others() -> None:
    name = bytes.fromhex(WRITTEN[0][1])
    content = "समूह क्रमांक,समूहाचे नाव,जिल्हा,तालुका\nU-1,सखी,490,4278\n".encode() + b"U-2," + name + b",490,4278\n"
    with open_list(content, "old.csv", "umed") as opened:
        lines = list(opened.rows())
    assert [line.cells["name"] for line in lines if isinstance(line, Row)] == ["सखी", WRITTEN[0][0]]
