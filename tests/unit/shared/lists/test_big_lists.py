"""Lists of any size are read in flat memory: a stream that pretends to be a file of 2 GB."""

import io
import tracemalloc
from itertools import islice
from typing import Any, cast

from shared.lists.problems import CellTooLong
from shared.lists.reading import OpenList
from shared.lists.rows import BadRow, Row

HEADER = b"Code,Name,District,Block,Village\n"
GIGABYTES = 2 << 30
MEGABYTE = 1 << 20


class Endless(io.RawIOBase):
    """`size` bytes: a header and then the same piece again and again. It goes back to the beginning only."""

    def __init__(self, piece: bytes, size: int) -> None:
        self.piece, self.size, self.at = piece, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = self.size if whence == io.SEEK_END else offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, into: Any) -> int:
        left = min(len(into), self.size - self.at)
        begins = HEADER[self.at : self.at + left]
        if not begins and left:
            at = (self.at - len(HEADER)) % len(self.piece)
            begins = self.piece[at : at + left]
        into[: len(begins)] = begins
        self.at += len(begins)
        return len(begins)


def endless(piece: bytes, size: int) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", Endless(piece, size)), 1 << 18)


def opened(piece: bytes, size: int) -> OpenList:
    return OpenList(endless(piece, size), "big.csv", "umed")


def test_two_gigabytes_are_opened_at_once_and_read_row_by_row() -> None:
    piece = "".join(f"U-{number},सखी महिला बचत गट,490,4278,कोंढवा\n" for number in range(20_000)).encode()
    tracemalloc.start()
    with opened(piece, GIGABYTES) as big:
        assert big.size == GIGABYTES
        rows = sum(isinstance(line, Row) for line in islice(big.rows(), 60_000))
        read, peak = big.position, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 60_000
    assert 3 * len(piece) <= read < 4 * len(piece)
    assert peak < 8 * MEGABYTE


def test_two_gigabytes_without_a_line_end_are_one_bad_row() -> None:
    tracemalloc.start()
    with opened(b"x" * MEGABYTE, GIGABYTES) as big:
        (line,) = big.rows()
        assert big.position == big.size
        peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(line, BadRow)
    assert isinstance(line.problem, CellTooLong)
    assert peak < 8 * MEGABYTE


def test_lines_of_old_macs_are_read_piece_by_piece_too() -> None:
    tracemalloc.start()
    piece = "".join(f"U-{number},सखी,490,4278,कोंढवा\r" for number in range(20_000)).encode()
    stream = endless(piece, GIGABYTES)
    with OpenList(_Turned(stream), "mac.csv", "umed") as big:  # type: ignore[arg-type]
        rows = list(islice(big.rows(), 20_000))
        peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {type(line) for line in rows} == {Row}
    assert peak < 32 * MEGABYTE


class _Turned:
    """The stream with a carriage return after its header."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self.stream = stream
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def read(self, size: int = -1) -> bytes:
        return self.stream.read(size).replace(b"\n", b"\r")
