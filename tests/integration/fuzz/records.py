"""Records as nobody should send them: real facts whose bytes, headers and values are bent."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from shared.documents import Doc
from tests.processes import ROOT

EXAMPLES = ROOT / "tests" / "contract" / "examples"
NAMES = ("ce_id", "ce_type", "ce_subject", "ce_time", "ce_sequence", "ce_tenant", "ce_source", "ce_partitionkey")
ODD_TEXTS = ["", "बचत गट", "-1", "0", "9" * 40, "1e999", "null", "\u0000", "27", "2026-02-30T25:61:00Z", "a" * 5_000]
ODD_VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=30),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


@cache
def real(topic: str) -> list[Doc]:
    """The examples of that topic as a relay sends them."""
    return [record_of(json.loads(path.read_text("utf-8"))) for path in sorted((EXAMPLES / topic).glob("*.json"))]


def record_of(example: Mapping[str, Any]) -> Doc:
    value = json.dumps(example["data"], ensure_ascii=False).encode()
    headers = [(name, text.encode()) for name, text in example["headers"].items()]
    return {"key": example["key"].encode(), "value": value, "headers": headers}


def bent(topic: str) -> st.SearchStrategy[Doc]:
    """Any record at all: noise, or an example with one thing about it changed."""
    noise = st.fixed_dictionaries(
        {
            "key": st.none() | st.binary(max_size=40),
            "value": st.none() | st.binary(max_size=200),
            "headers": st.lists(st.tuples(st.text(max_size=12), st.binary(max_size=30)), max_size=6),
        }
    )
    one = st.sampled_from(real(topic))
    return st.one_of(
        one,
        noise,
        st.builds(_with_value, one, st.binary(max_size=60)),
        st.builds(_cut, one, st.integers(0, 400)),
        st.builds(_with_header, one, st.sampled_from(NAMES), st.binary(max_size=40)),
        st.builds(_with_header, one, st.sampled_from(NAMES), st.sampled_from([text.encode() for text in ODD_TEXTS])),
        st.builds(_with_field, one, st.integers(0, 30), ODD_VALUES),
        st.builds(_with_key, one, st.none() | st.binary(max_size=40)),
    )


def _with_value(record: Doc, value: bytes) -> Doc:
    return {**record, "value": value}


def _cut(record: Doc, at: int) -> Doc:
    return {**record, "value": record["value"][:at] + record["value"][at + 1 :]}


def _with_header(record: Doc, name: str, value: bytes) -> Doc:
    return {**record, "headers": [*((n, v) for n, v in record["headers"] if n != name), (name, value)]}


def _with_field(record: Doc, number: int, value: Any) -> Doc:
    data = json.loads(record["value"])
    names = sorted(data) or ["odd"]
    data[names[number % len(names)]] = value
    return {**record, "value": json.dumps(data).encode()}


def _with_key(record: Doc, key: bytes | None) -> Doc:
    return {**record, "key": key}
