"""Who fixed the seed and in which steps: the parties with their commitments, and the log, each entry bound to the last.

An entry's digest is the SHA-256 of these lines, joined by a line feed: the digest before (64 zeros for the first), its
number, its instant, its step, by whom, what. So no entry can be changed, lost or slipped in without all after it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

START = "0" * 64
TIMER = "timer"
Terms = tuple[str, datetime, datetime, str, int | None, datetime | None]
"""Call, opens_at, closes_at, public_source, public_round, public_at."""
Step = Literal["opened", "closed", "nonce_opened", "nonces_struck", "value_named", "confirmed", "drawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who promised a nonce: `number` from 1 in the order of the announcement; `nonce` None until it is opened."""

    number: int
    name: str
    commitment: str
    nonce: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step. `at` is aware, kept to the millisecond; `by` is `actor` of somebody, or TIMER."""

    number: int
    at: datetime
    step: Step
    by: str
    what: str
    digest: str


def opened(parties: Iterable[Party]) -> list[str]:
    """The nonces that go into the seed, in the order of the parties; what was not opened in time is struck out."""
    return [party.nonce for party in parties if party.nonce is not None]


def actor(call: str, role: str, party: str) -> str:
    """Who did it: her role, and a name that tells two people apart and is another in every call."""
    return f"{role} {_sha256(f'{call}:{party}')[:12]}"


def added(log: Sequence[Entry], at: datetime, step: Step, by: str, what: str) -> tuple[Entry, ...]:
    before = log[-1].digest if log else START
    entry = Entry(number=len(log) + 1, at=at, step=step, by=by, what=what, digest="")
    return (*log, _sealed(entry, before))


def broken(log: Sequence[Entry]) -> Entry | None:
    """The first entry that does not follow from those before it, as it would have to be."""
    before = START
    for number, entry in enumerate(log, 1):
        right = _sealed(entry, before)
        if entry.number != number or right.digest != entry.digest:
            return right
        before = entry.digest
    return None


def _sealed(entry: Entry, before: str) -> Entry:
    lines = (before, str(entry.number), instant(entry.at), entry.step, entry.by, entry.what)
    return Entry(
        number=entry.number,
        at=entry.at,
        step=entry.step,
        by=entry.by,
        what=entry.what,
        digest=_sha256("\n".join(lines)),
    )


def due(closes_at: datetime, public_at: datetime, closed_at: datetime | None) -> datetime:
    """From when on the public value counts, and until when nonces are opened: the announced hour.

    Where all was fixed only then or later, that hour gave away what nobody may know: it is put off by itself, and lies
    as long after the close as was announced.
    """
    if closed_at is None or closed_at < public_at:
        return public_at
    return closed_at.replace(microsecond=0) + (public_at - closes_at)


def announced(terms: Terms, parties: Iterable[Party]) -> str:
    """What `opened` says: the SHA-256 over what was announced, one thing a line, then a line for each party."""
    promised = (f"{party.commitment} {party.name}" for party in parties)
    return _sha256("\n".join([*map(cell, terms), *promised]))


def fixed(inputs_digest: str, plan_digest: str, rules_digest: str) -> str:
    """What `closed` says."""
    return f"{inputs_digest} {plan_digest} {rules_digest}"


def revealed(party: Party) -> str:
    """What `nonce_opened` says."""
    return f"{party.number} {party.commitment}"


def struck(parties: Iterable[Party]) -> str:
    """What `nonces_struck` says: the parties that did not open theirs."""
    return " ".join(str(party.number) for party in parties if party.nonce is None)


def named(public_round: int | None, published_at: datetime | None, public_value: str) -> str:
    """What `value_named` and `confirmed` say: the round, if any, and the SHA-256 of instant and value, one a line."""
    digest = _sha256(f"{cell(published_at)}\n{public_value}")
    return digest if public_round is None else f"{public_round} {digest}"


def finished(seed: str, outcome_digest: str) -> str:
    """What `drawn` says."""
    return f"{seed} {outcome_digest}"


def cell(value: object) -> str:
    """As it stands in a cell; nothing for None, instants as 2026-11-22T12:30:00.000Z."""
    if isinstance(value, datetime):
        return instant(value)
    return "" if value is None else str(value)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _sha256(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8")).hexdigest()
