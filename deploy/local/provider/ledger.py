"""The provider's own record: what it accepted and what it reported, in two files of JSON lines."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.provider.messages import Message, Refusal, parts_of

Json = dict[str, Any]
FINAL = ("delivered", "failed")


@dataclass
class Entry:
    """An accepted message: `status` is the newest that happened, `reported` are those the customer acknowledged."""

    provider_id: str
    client_ref: str
    to: str
    fingerprint: str
    status: str = "accepted"
    reported: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        """Whether its end has not been reported yet."""
        return not self.reported.intersection(FINAL)


class Ledger:
    """Keeps one entry a client_ref. One process at a time may hold a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        reports = path.with_suffix(".reports.jsonl")
        self.entries: dict[str, Entry] = {}
        for row in _whole_lines(path):
            self._keep(Entry(row["provider_id"], row["client_ref"], row["to"], row["fingerprint"]))
        for row in _whole_lines(reports):
            self._note(row["client_ref"], row["status"])
        self._accepted = path.open("a", encoding="utf-8", buffering=1)
        self._reports = reports.open("a", encoding="utf-8", buffering=1)

    def find(self, message: Message) -> Entry | None:
        """What this ref was accepted as. Raises Refusal where it was accepted with another body."""
        known = self.entries.get(message.client_ref)
        if known and known.fingerprint != message.fingerprint:
            raise Refusal(409, "RefReused", "this client_ref was used for another message")
        return known

    def accept(self, message: Message) -> Entry:
        """Written before it is answered: what a caller was told survives this process."""
        entry = Entry(f"sms_{uuid.uuid4().hex}", message.client_ref, message.to, message.fingerprint)
        row = {"at": now(), "provider_id": entry.provider_id, **asdict(message), "parts": parts_of(message.text)}
        self._accepted.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._keep(entry)
        return entry

    def reported(self, entry: Entry, status: str) -> None:
        """The customer acknowledged this report."""
        if status not in entry.reported:
            self._reports.write(json.dumps({"at": now(), "client_ref": entry.client_ref, "status": status}) + "\n")
            entry.reported.add(status)

    def close(self) -> None:
        self._accepted.close()
        self._reports.close()

    def _keep(self, entry: Entry) -> None:
        self.entries[entry.client_ref] = entry

    def _note(self, client_ref: str, status: str) -> None:
        entry = self.entries.get(client_ref)
        if entry is None:  # somebody cleared the log file alone
            return
        entry.reported.add(status)
        if entry.status not in FINAL:
            entry.status = status


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _whole_lines(path: Path) -> Iterator[Json]:
    """A last line without its end was cut off by a kill: its message was never answered, so it is dropped."""
    if not path.exists():
        return
    written = path.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if len(whole) < len(written):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    yield from map(json.loads, whole.splitlines())
