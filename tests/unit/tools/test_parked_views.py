import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console, RenderableType

from shared.documents import Doc
from tools.environment import decoded
from tools.lag import Lag, note, table
from tools.parked import Chain, pending
from tools.parked_views import age, body, chains_json, chains_table, headers_table
from tools.printing import printable

ROW: Doc = {
    "_id": "notify.reactions:orders.orders:2:17",
    "topic": "orders.orders",
    "partition": 2,
    "offset": 17,
    "key": b"0199a000-0000-7000-8000-000000000001",
    "status": "poison",
    "code": "DoesNotParse",
    "reason": "मजकूर वाचता आला नाही [bold]",
    "attempts": 3,
    "parked_at": datetime(2026, 11, 22, tzinfo=UTC),
    "headers": [["ce_type", b"in.bachathaat.orders.order-placed.v1"], ["ce_source", b"\xff\x1b]0;x\x07"]],
    "value": '{"शीर्षक": "उडीद पापड"}'.encode(),
}


def row(offset: int, status: str, key: bytes | None = b"a") -> Doc:
    return {**ROW, "_id": str(offset), "offset": offset, "status": status, "key": key}


def shown(what: RenderableType) -> str:
    written = io.StringIO()
    Console(width=200, file=written).print(what)
    return written.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "no body"),
        ('{"शीर्षक": "उडीद पापड"}'.encode(), '{\n  "शीर्षक": "उडीद पापड"\n}'),
        (b"\xff\xfe\x1b[2J", r"\xff\xfe\x1b[2J"),
        (b'{"a": "\\u001b[2J"}', '{\n  "a": "\\u001b[2J"\n}'),
        (b'{"half": "\\ud83d"}', '{\n  "half": "\\ud83d"\n}'),
        ("बचत\u200dगट".encode(), "बचत\u200dगट"),
        (b"[" * 100_000, "["),
    ],
)
def test_any_body_is_shown_and_none_reaches_the_terminal_raw(value: bytes | None, text: str) -> None:
    assert body({**ROW, "value": value}).plain.startswith(text)


def test_a_long_body_is_cut_and_its_size_is_told() -> None:
    assert body({**ROW, "value": b"x" * 300_000}).plain.endswith("… 300000 bytes in all")


def test_a_program_reads_a_key_that_waits_as_an_object() -> None:
    (key,) = json.loads(chains_json([Chain([ROW, row(18, "behind")])]))
    assert key == {
        "id": "orders.orders:2:17",
        "key": "0199a000-0000-7000-8000-000000000001",
        "status": "poison",
        "code": "DoesNotParse",
        "reason": "मजकूर वाचता आला नाही [bold]",
        "attempts": 3,
        "parked_at": "2026-11-22T00:00:00+00:00",
        "behind": 1,
    }


def test_headers_and_keys_that_are_no_text_are_escaped() -> None:
    assert r"\xff\x1b]0;x\x07" in shown(headers_table(ROW))
    assert (decoded(None), decoded(b"\xc3("), printable("ओळ\r")) == ("-", r"\xc3(", r"ओळ\r")


def test_a_reason_is_shown_as_it_is_written_brackets_included() -> None:
    text = shown(chains_table([Chain([ROW, ROW, ROW])]))
    assert "DoesNotParse: मजकूर वाचता आला नाही [bold]" in text
    assert "orders.orders:2:17" in text


@pytest.mark.parametrize(
    ("waited", "text"),
    [
        ({"seconds": 90}, "90 s"),
        ({"minutes": 2}, "2 min"),
        ({"minutes": 119}, "119 min"),
        ({"hours": 47}, "47 h"),
        ({"days": 12}, "12 d"),
        ({"seconds": -5}, "0 s"),
    ],
)
def test_an_age_is_in_the_unit_a_person_would_say(waited: dict[str, int], text: str) -> None:
    assert age(timedelta(**waited)) == text


def test_a_row_behind_poison_is_not_waited_for_and_other_keys_are() -> None:
    rows = [row(1, "applied"), row(2, "poison"), row(3, "ready"), row(4, "ready", b"b"), row(5, "ready", None)]
    assert [found["offset"] for found in pending(rows)] == [4, 5]


def lag(**changed: Any) -> Lag:
    usual = {"group": "orders.reactions", "topic": "catalog.products", "partition": 0, "end": 9}
    return Lag(**{**usual, "next": 7, "committed": 7, "parked": 0, **changed})


@pytest.mark.parametrize(
    ("found", "behind", "said"),
    [
        (lag(), 2, ""),
        (lag(committed=4), 2, "Kafka was told 3 less"),
        (lag(committed=8), 2, "Kafka was told 1 more"),
        (lag(next=None), None, "no row in MongoDB"),
        (lag(committed=None), 2, ""),
        (lag(remade=True), 2, "made anew"),
    ],
)
def test_a_partition_s_note_names_what_a_person_should_look_at(found: Lag, behind: int | None, said: str) -> None:
    assert found.lag == behind
    assert said in note(found)
    assert bool(said) == bool(note(found))


def test_every_column_of_the_lag_table_has_a_name_and_its_figures_are_explained_below() -> None:
    made = table([lag()])
    assert all(column.header for column in made.columns)
    for name in ("end", "next", "lag", "told Kafka", "parked"):
        assert f"{name}: " in str(made.caption)
