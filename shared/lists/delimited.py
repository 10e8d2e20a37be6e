"""Lists that are text: any usual delimiter and encoding, line by line, so that a bad line costs only itself."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from shared.errors import Invalid
from shared.lists import iscii
from shared.lists.problems import CellTooLong, CutOff, OpenQuote, UnreadableRow

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 64 * 1024
MOST_LINES_QUOTED = 8
"""Lines that one quoted cell may span; beyond it the quotation mark is a mistake."""
LOOKED_AT = 64 * 1024
UNMARKED = 40
"""Bytes that show UTF-16 without its mark."""
WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MOJIBAKE = re.compile("à[¤¥]|Ã[\u0080-¿]|â€")
"""UTF-8 of Devanagari and of signs, read as Windows-1252."""
TYPED = re.compile(
    "^(?!.*[\u00a1-\u00ff]{3})"
    "[\t -~\u00a0-\u00ff\u20ac\u201a\u201e\u2026\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u2122]*$"
)
"""What people type in Windows-1252: Latin letters, the euro, quotation marks, dashes; never only accents."""

Text = tuple[int, str | Invalid]
"""A line of the file and its text, or why it has none."""


class Lines:
    """The lines of a text file, decoded one by one.

    `position`: bytes read so far; `unended`: the last line, once read, if the file stops within it.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.position = 0
        self.unended = 0
        head = source.read(LOOKED_AT)
        source.seek(0)
        self.wide = next((name for bom, name in WIDE.items() if head.startswith(bom)), None) or _unmarked(head)
        self.turned = b"\n" not in head and b"\r" in head

    def __iter__(self) -> Iterator[Text]:
        return self._wide(self.wide) if self.wide else self._narrow()

    def _narrow(self) -> Iterator[Text]:
        for number, (raw, ended) in enumerate(self._raw(), 1):
            self.unended = 0 if ended else number
            yield number, decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw, ended=ended)

    def _raw(self) -> Iterator[tuple[bytes, bool]]:
        """Each line and whether it ended; of a monstrous one its first part, the rest is dropped."""
        source = io.BufferedReader(_OfOldMacs(self.source)) if self.turned else self.source
        while raw := source.readline(LONGEST_LINE):
            self.position += len(raw)
            ended = raw.endswith(b"\n")
            while not ended and len(raw) >= LONGEST_LINE and (rest := source.readline(LONGEST_LINE)):
                self.position += len(rest)
                ended = rest.endswith(b"\n")
            yield raw, ended

    def _wide(self, encoding: str) -> Iterator[Text]:
        """UTF-16, as Excel saves "Unicode text"."""
        reader = io.TextIOWrapper(self.source, encoding, errors="replace", newline=None)
        number = 0
        while text := reader.readline(LONGEST_LINE):
            number += 1
            part = text
            while not part.endswith("\n") and (rest := reader.readline(LONGEST_LINE)):
                part = rest
            self.position = self.source.tell()
            self.unended = 0 if part.endswith("\n") else number
            line = text.removeprefix("\ufeff").rstrip("\n") if number == 1 else text.rstrip("\n")
            yield number, _whole(line, ended=not self.unended)
        reader.detach()


class _OfOldMacs(io.RawIOBase):
    """Lines that end in a carriage return alone."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        turned = self.source.read(len(into)).replace(b"\r", b"\n")
        into[: len(turned)] = turned
        return len(turned)


def decoded(raw: bytes, *, ended: bool) -> str | Invalid:
    """A line in UTF-8, or in Windows-1252 or ISCII where that makes sense."""
    if len(raw) >= LONGEST_LINE:
        return CellTooLong(field="-", count=len(raw), most=LONGEST_LINE)
    line = raw.rstrip(b"\r\n")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        if not ended and error.end >= len(line) - 3:
            return CutOff()
    text = line.decode("cp1252", "replace")
    if TYPED.match(text) and not MOJIBAKE.search(text):
        return text
    return iscii.decoded(line) or UnreadableRow()


def _whole(line: str, *, ended: bool) -> str | Invalid:
    if len(line) >= LONGEST_LINE:
        return CellTooLong(field="-", count=len(line), most=LONGEST_LINE)
    if "\ufffd" in line:
        return UnreadableRow() if ended else CutOff()
    return line


def _unmarked(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte says Latin or Devanagari."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        pages = head[first:UNMARKED:2]
        if len(head) > UNMARKED and b"\0" in pages and not pages.strip(b"\x00\x09"):
            return encoding
    return None


Cells = tuple[int, list[str] | Invalid]
"""The first line of a row, and its cells or why there are none."""


def rows(lines: Iterator[Text], delimiter: str) -> Iterator[Cells]:
    """Rows, where a quoted cell may go over several lines."""
    waiting: deque[Text] = deque()
    while item := (waiting.popleft() if waiting else next(lines, None)):
        number, text = item
        if isinstance(text, Invalid):
            yield number, text
        elif '"' not in text:
            yield number, text.split(delimiter)
        else:
            yield number, _quoted(text, delimiter, lines, waiting)


def _quoted(text: str, delimiter: str, lines: Iterator[Text], waiting: deque[Text]) -> list[str] | Invalid:
    """The row that begins with this line. What was read ahead in vain waits to be read as rows of its own."""
    ahead: list[Text] = []
    is_open = False

    def asked() -> Iterator[str]:
        nonlocal is_open
        yield f"{text}\n"
        while len(ahead) < MOST_LINES_QUOTED and (item := waiting.popleft() if waiting else next(lines, None)):
            ahead.append(item)
            if isinstance(item[1], Invalid):
                break
            yield f"{item[1]}\n"
        is_open = True

    with suppress(csv.Error):
        cells = next(csv.reader(asked(), delimiter=delimiter, strict=True))
        if not is_open:
            return cells
    if not ahead and not is_open:  # more after a closing mark: a slip of the hand within this line
        with suppress(csv.Error):
            return next(csv.reader([text.replace("\r", " ")], delimiter=delimiter))
    waiting.extendleft(reversed(ahead))
    return OpenQuote(most=MOST_LINES_QUOTED)
