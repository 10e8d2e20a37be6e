"""What a rehearsal of several lists remembers: the first would have left something that the next one meets."""

import sqlite3
from hashlib import blake2b
from typing import Literal


class Foretold:
    """By id, a digest of what would stand there. In a file without a name: in memory a state's groups take 150 MB."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("")
        self._kept.execute("CREATE TABLE kept (id BLOB PRIMARY KEY, stands BLOB) WITHOUT ROWID")

    def close(self) -> None:
        self._kept.close()

    def __contains__(self, id_: str) -> bool:
        return self._stands(id_) is not None

    def met(self, id_: str, stands: object) -> Literal["unchanged", "changed"] | None:
        """What becomes of it where this would stand from now on; None where no list before had it."""
        before, now = self._stands(id_), _digest(repr(stands))
        self._kept.execute("REPLACE INTO kept VALUES (?, ?)", (_digest(id_), now))
        if before is None:
            return None
        return "unchanged" if before == now else "changed"

    def _stands(self, id_: str) -> bytes | None:
        found = self._kept.execute("SELECT stands FROM kept WHERE id = ?", (_digest(id_),)).fetchone()
        return found[0] if found else None


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()
