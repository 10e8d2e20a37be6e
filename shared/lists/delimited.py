"""Lists that are text: any usual delimiter and encoding, line by line, so that a bad line costs only itself."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from shared.errors import Invalid
from shared.lists.problems import CellTooLong, CutOff, OpenQuote, UnreadableRow

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 64 * 1024
MOST_LINES_QUOTED = 8
"""Lines that one quoted cell may span; beyond it the quotation mark is a mistake."""
LOOKED_AT = 64 * 1024
WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MOJIBAKE = re.compile("à[¤¥]|Ã[\u0080-¿]|â€")
"""UTF-8 of Devanagari and of signs, read as Windows-1252."""
TYPED = re.compile("^[\t -~\u00a0-\u00ff\u20ac\u201a\u201e\u2026\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u2122]*$")
"""What people type in Windows-1252: Latin letters, the euro, quotation marks, dashes."""

Text = tuple[int, str | Invalid]
"""A line of the file and its text, or why it has none."""


class Lines:
    """The lines of a text file, decoded one by one. `position`: bytes read so far."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.position = 0
        head = source.read(LOOKED_AT)
        source.seek(0)
        self.wide = next((name for bom, name in WIDE.items() if head.startswith(bom)), None) or _unmarked(head)
        self.end = b"\r" if b"\n" not in head and b"\r" in head else b"\n"

    def __iter__(self) -> Iterator[Text]:
        return self._wide(self.wide) if self.wide else self._narrow()

    def _narrow(self) -> Iterator[Text]:
        for number, (raw, ended) in enumerate(self._raw(), 1):
            yield number, decoded(raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw, ended=ended)

    def _raw(self) -> Iterator[tuple[bytes, bool]]:
        """Each line and whether it ended; of a monstrous one its first part, the rest is dropped."""
        source = _of_old_macs(self.source) if self.end == b"\r" else self.source
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
            self.position = self.source.tell()
            ended = text.endswith("\n")
            while not text.endswith("\n") and (rest := reader.readline(LONGEST_LINE)):
                text = rest
                ended = True
            line = text.removeprefix("\ufeff").rstrip("\n") if number == 1 else text.rstrip("\n")
            yield number, _whole(line, ended=ended)
        reader.detach()


def decoded(raw: bytes, *, ended: bool) -> str | Invalid:
    """A line in UTF-8, or in Windows-1252 where that makes sense."""
    if len(raw) >= LONGEST_LINE:
        return CellTooLong(field="-", count=len(raw), most=LONGEST_LINE)
    line = raw.rstrip(b"\r\n")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        if not ended and error.end >= len(line) - 3:
            return CutOff()
    text = line.decode("cp1252", "replace")
    return text if TYPED.match(text) and not MOJIBAKE.search(text) else UnreadableRow()


def _whole(line: str, *, ended: bool) -> str | Invalid:
    if len(line) >= LONGEST_LINE - 1:
        return CellTooLong(field="-", count=len(line), most=LONGEST_LINE)
    if "\ufffd" in line:
        return UnreadableRow() if ended else CutOff()
    return line


def _unmarked(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of a Latin header is 0."""
    if head[1:20:2].strip(b"\0") == b"" and len(head) > 20:  # noqa: PLR2004
        return "utf-16-le"
    return "utf-16-be" if head[0:20:2].strip(b"\0") == b"" and len(head) > 20 else None  # noqa: PLR2004


def _of_old_macs(source: BinaryIO) -> BinaryIO:
    """Lines that end in a carriage return alone."""
    return io.BytesIO(source.read().replace(b"\r", b"\n"))


Cells = tuple[int, list[str] | Invalid, str]
"""The first line of a row, its cells or why there are none, and its text."""


def rows(lines: Iterator[Text], delimiter: str) -> Iterator[Cells]:
    """Rows, where a quoted cell may go over several lines."""
    waiting: list[Text] = []
    while item := (waiting.pop(0) if waiting else next(lines, None)):
        number, text = item
        if isinstance(text, Invalid):
            yield number, text, ""
        elif '"' not in text:
            yield number, text.split(delimiter), text
        else:
            yield _quoted(number, text, delimiter, lines, waiting)


def _quoted(number: int, text: str, delimiter: str, lines: Iterator[Text], waiting: list[Text]) -> Cells:
    """The row that begins here. What was read ahead in vain waits to be read as rows of its own."""
    ahead: list[Text] = []
    joined = text
    while joined.count('"') % 2 and len(ahead) < MOST_LINES_QUOTED:
        item = waiting.pop(0) if waiting else next(lines, None)
        if item is None or isinstance(item[1], Invalid):
            ahead += [item] if item else []
            break
        ahead.append(item)
        joined = f"{joined}\n{item[1]}"
    if joined.count('"') % 2:
        waiting[:0] = ahead
        return number, OpenQuote(most=MOST_LINES_QUOTED), text
    try:
        return number, next(csv.reader(io.StringIO(joined, newline=""), delimiter=delimiter)), joined
    except (csv.Error, StopIteration):
        return number, UnreadableRow(), text
