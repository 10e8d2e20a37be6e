"""Sentences about two texts that are compared piece by piece."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.draw.comparing import Difference, cells, first_difference

MANY = settings(max_examples=300, deadline=None, derandomize=True)
TEXTS = st.text("ab,\n", max_size=30).map(str.encode)
SIZES = st.integers(1, 9)


def pieces(text: bytes, size: int) -> list[bytes]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def by_lines(found: bytes, expected: bytes) -> tuple[int, bytes | None, bytes | None]:
    """The same, with both texts whole."""
    left, right = found.split(b"\n"), expected.split(b"\n")
    ended = [lines[:-1] if not lines[-1] else lines for lines in (left, right)]
    row = next((at for at, (a, b) in enumerate(zip(*ended, strict=False)) if a != b), min(map(len, ended)))
    one, other = (lines[row] if row < len(lines) else None for lines in ended)
    return row, one, other


@MANY
@given(TEXTS, TEXTS, TEXTS, SIZES, SIZES)
def test_the_first_row_that_differs_is_named_however_the_texts_are_cut(
    begin: bytes, left: bytes, right: bytes, size: int, other: int
) -> None:
    found = first_difference(pieces(begin + left, size), pieces(begin + right, other))
    if left == right:
        assert found is None
        return
    row, one, another = by_lines(begin + left, begin + right)
    assert found == Difference(row, one, another)


@pytest.mark.parametrize(
    ("found", "expected", "difference"),
    [
        (b"", b"", None),
        (b"head\na\n", b"head\na\n", None),
        (b"head\na\n", b"head\nb\n", Difference(1, b"a", b"b")),
        (b"head\na\n", b"head\na\nb\n", Difference(2, None, b"b")),
        (b"head\na\nb\n", b"head\na\n", Difference(2, b"b", None)),
        (b"head\na", b"head\na\n", Difference(2, None, None)),
    ],
)
def test_a_row_that_is_missing_or_too_many_is_told_apart(
    found: bytes, expected: bytes, difference: Difference | None
) -> None:
    assert first_difference([found], [expected]) == difference


def test_the_cells_of_a_row_are_as_csv_has_them_and_of_noise_it_is_one() -> None:
    assert cells('1,"मैदान, कात्रज"'.encode()) == ["1", "मैदान, कात्रज"]
    assert cells(b'1,"a') == ['1,"a']
    assert cells(b"") == []
