"""The names of columns, as data: which header says which field, in a list of which programme."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "columns.toml"
UNHEARD = re.compile(r"[^\w\u0900-\u0963]|_")
EVERY = "every"
LONGEST_HEADER = 200
REQUIRED = (("code",), ("name", "name_mr", "name_hi", "name_en"), ("district",), ("block", "local_body"))
"""Of each of these at least one."""


def folded(header: str) -> str:
    """A header without what people write differently: case, spaces, punctuation, joiners."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", header[:LONGEST_HEADER]).casefold())
    return UNHEARD.sub("", text)


@cache
def fields() -> tuple[str, ...]:
    """All that a list can say, in the order in which it is shown."""
    return tuple(tomllib.loads(FILE.read_text("utf-8"))[EVERY])


@cache
def of_headers(programme: str) -> dict[str, str]:
    """Folded header to field; a programme's own names go before those of every list."""
    table = tomllib.loads(FILE.read_text("utf-8"))
    return {
        folded(header): field
        for part in (EVERY, programme)
        for field, headers in table.get(part, {}).items()
        for header in (*headers, field)
    }
