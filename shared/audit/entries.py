"""The form of an entry that is hashed, and how one hangs on the one before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.documents import Doc

BEGINNING = "0" * 64
"""The hash before the first entry."""

Plain = dict[str, Any]
"""An entry as JSON has it: {seq, id, prev, hash, at, tenant, actor, act, subject, request_id, trace, digest}."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry, or what stands before the first."""

    seq: int = 0
    hash: str = BEGINNING

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def plain(row: Mapping[str, Any]) -> Plain:
    """As it is exported and hashed: `_id` is `seq`, times are text in UTC to the millisecond."""
    return {"seq" if name == "_id" else name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(one: Plain) -> bytes:
    """All of it but its own hash, as ASCII JSON without spaces, names in order, whatever fields there are."""
    said = {name: value for name, value in one.items() if name != "hash"}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), default=str).encode()


def hash_of(one: Plain) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(canonical(one)).hexdigest()


def linked(waiting: Iterable[Doc], head: Head) -> list[Doc]:
    """The rows of what waits, in this order, each hanging on the one before, the first on `head`."""
    rows, before = list[Doc](), head.hash
    for number, one in enumerate(waiting, head.seq + 1):
        row = {"_id": number, "prev": before, **one}
        before = row["hash"] = hash_of(plain(row))
        rows.append(row)
    return rows
