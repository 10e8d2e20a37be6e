"""Parked events as a person reads them. What came from outside may hold anything: it is shown as plain, safe text."""

import json
from collections.abc import Iterable
from datetime import timedelta

from rich.table import Table
from rich.text import Text

from shared import clock
from shared.documents import Doc
from tools.environment import decoded
from tools.parked import Chain
from tools.printing import printable

COLOURS = {"poison": "red", "ready": "yellow", "applied": "green", "dropped": "dim"}
MOST_CHARACTERS = 20_000


def place_of(row: Doc) -> str:
    return f"{row['topic']}:{row['partition']}:{row['offset']}"


def chains_table(chains: Iterable[Chain]) -> Table:
    """A line a key: its earliest open event and how many wait behind it."""
    shown = Table("id", "key", "status", "code and reason", "attempts", "age", "behind")
    for chain in chains:
        row = chain.head
        shown.add_row(*_cells(row), str(row["attempts"]), age(clock.now() - row["parked_at"]), str(chain.behind))
    return shown


def chains_json(chains: Iterable[Chain]) -> str:
    """A list with an object a key: its earliest open event, and how many wait `behind` it. Instants are RFC 3339."""
    return json.dumps([_object(chain) for chain in chains], ensure_ascii=False)


def _object(chain: Chain) -> dict[str, object]:
    row = chain.head
    key = None if row["key"] is None else decoded(row["key"])
    return {
        "id": place_of(row),
        "key": key,
        "status": row["status"],
        "code": row["code"],
        "reason": printable(row["reason"]),
        "attempts": row["attempts"],
        "parked_at": row["parked_at"].isoformat(),
        "behind": chain.behind,
    }


def rows_table(rows: Iterable[Doc]) -> Table:
    shown = Table("id", "key", "status", "code and reason", "attempts", "age")
    for row in rows:
        shown.add_row(*_cells(row), str(row["attempts"]), age(clock.now() - row["parked_at"]))
    return shown


def _cells(row: Doc) -> list[Text]:
    status = str(row["status"]) + (" (forced)" if row.get("forced") else "")
    why = f"{row['code']}: {row['reason']}" if row["status"] != "dropped" else f"dropped: {row['drop_reason']}"
    place = Text(place_of(row), overflow="fold")
    return [place, Text(decoded(row["key"]), overflow="fold"), Text(status, COLOURS.get(row["status"], "")), _text(why)]


def headers_table(row: Doc) -> Table:
    shown = Table("header", "value")
    for name, value in row["headers"]:
        shown.add_row(_text(str(name)), _text(decoded(value)))
    return shown


def body(row: Doc) -> Text:
    """JSON indented; anything else as text, with every byte that is none as an escape."""
    value = row["value"]
    if value is None:
        return Text("no body")
    try:
        text = printable(json.dumps(json.loads(bytes(value)), ensure_ascii=False, indent=2))
    except (ValueError, RecursionError):
        text = decoded(value)
    more = f"\n… {len(value)} bytes in all" if len(text) > MOST_CHARACTERS else ""
    return Text(text[:MOST_CHARACTERS] + more)


def age(waited: timedelta) -> str:
    """In the largest unit that counts at least two: `90 s`, `45 min`, `30 h`, `3 d`."""
    seconds = max(0, int(waited.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _text(text: str) -> Text:
    return Text(printable(text))
