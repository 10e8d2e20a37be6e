"""Long texts in parts: cut at the ends of rows, kept once, checked one by one."""

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.texts import commands as texts
from services.stalls.texts.commands import Keeper
from services.stalls.texts.domain import Cutter, TextChanged, TextPart, first_number, parts_of, rows_in
from services.stalls.texts.store import TextPartDocument
from shared.aggregates import Aggregates
from shared.errors import NotFound
from shared.testing import FakeStores

ROW = "स्टॉल क्रमांक 7, शारदा प्रांगण\n"


@pytest.fixture
def parts() -> Aggregates[TextPart]:
    return FakeStores(TextPartDocument)[TextPart]


@given(rows=st.lists(st.text(max_size=60)), cuts=st.lists(st.integers(1, 80)), most=st.integers(8, 100))
def test_however_it_comes_and_is_cut_the_parts_are_the_text(rows: list[str], cuts: list[int], most: int) -> None:
    whole = "".join(f"{row}\n" for row in rows).encode("utf-8", "replace")
    cutter, found, at = Cutter("27", most), list[TextPart](), 0
    for cut in [*cuts, len(whole)]:
        found += cutter.feed(whole[at : at + cut])
        at += cut
    found += cutter.feed(whole[at:])
    found += cutter.end()
    assert "".join(part.text for part in found).encode() == whole
    assert all(len(part.text.encode()) <= most for part in found)
    assert (cutter.bytes, cutter.crc32, cutter.sha256) == (
        len(whole),
        zlib.crc32(whole),
        hashlib.sha256(whole).hexdigest(),
    )


def test_a_part_ends_where_a_row_ends() -> None:
    cutter = Cutter("27", most_bytes=1000)
    found = [*cutter.feed((ROW * 200).encode()), *cutter.end()]
    assert len(found) > 10
    assert all(part.text.endswith("\n") and part.text.startswith("स्टॉल") for part in found)


def test_a_row_longer_than_a_part_is_cut_between_letters() -> None:
    cutter = Cutter("27", most_bytes=100)
    found = [*cutter.feed(("मैदान" * 100).encode()), *cutter.end()]
    assert "".join(part.text for part in found) == "मैदान" * 100


def test_a_text_is_cut_the_same_whole_or_in_pieces() -> None:
    long = ROW * 60_000
    cutter, pieces = Cutter("27"), list[TextPart]()
    for at in range(0, len(long), 70_001):
        pieces += cutter.feed(long[at : at + 70_001].encode())
    assert [*pieces, *cutter.end()] == parts_of(long, "27")


async def test_a_long_text_is_kept_in_parts_of_a_mebibyte_and_the_same_text_once(parts: Aggregates[TextPart]) -> None:
    long = ROW * 100_000
    where = await texts.keep(parts, {"long": long, "same": long, "empty": ""}, "27")
    assert where["long"] == where["same"]
    assert len(where["long"]) > 1
    assert all(len(part.text.encode()) <= 1024 * 1024 for part in parts_of(long, "27"))
    assert await texts.keep(parts, {"long": long}, "27") == {"long": where["long"]}
    assert await texts.read_all(parts, where) == {"long": long, "same": long, "empty": ""}


async def test_what_a_keeper_says_of_a_text_is_what_is_weighed_later(parts: Aggregates[TextPart]) -> None:
    seen: list[str] = []
    keeper = Keeper(parts, "27", seen.extend)
    await keeper.take(b"place,ticket\n")
    for place in range(1, 60_001):
        await keeper.take(f"{place},{place:016d}\n".encode())
    kept = await keeper.end()
    assert len(kept.parts) == 2
    assert kept.firsts[0] == 1
    assert seen[0] == "1,0000000000000001"
    assert seen[kept.firsts[1] - 1].startswith(f"{kept.firsts[1]},")
    assert len(seen) == 60_000
    assert await texts.weigh(parts, kept.parts) == kept


async def test_a_part_that_is_lost_is_named(parts: Aggregates[TextPart]) -> None:
    with pytest.raises(NotFound, match="draw_files"):
        await texts.read(parts, ("0" * 64,))


async def test_a_part_that_was_changed_is_not_used() -> None:
    stores = FakeStores(TextPartDocument)
    where = await texts.keep(stores[TextPart], {"register": "ticket,group\n"}, "27")
    (id_,) = where["register"]
    stores.database.collection("draw_files").docs[id_]["text"] = "ticket,other\n"
    with pytest.raises(TextChanged, match=id_):
        await texts.read_sound_part(stores[TextPart], id_)
    with pytest.raises(TextChanged):
        await texts.read_sound(stores[TextPart], where["register"])


@pytest.mark.parametrize(
    ("text", "first"), [("", 0), ("place,ticket\n", 0), ("place,ticket\n17,4\n18,5\n", 17), ("18,5\n", 18)]
)
def test_the_first_number_of_a_part_is_that_of_its_first_row(text: str, first: int) -> None:
    assert first_number(text) == first
    assert all(row[0].isdecimal() for row in rows_in(text))
