"""Whether a draw went by its rules: who promised what, which step came when, and that no entry was changed since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from services.stalls.draw import log, seed
from services.stalls.draw.damage import (
    CellUnusable,
    EntryBroken,
    NonceNotPromised,
    RowRepeated,
    StepMissing,
    StepsByOne,
)
from services.stalls.draw.files import Said
from services.stalls.draw.log import Entry, Party
from services.stalls.draw.rules import RULES_DIGEST

LOG, PARTIES = "log.csv", "parties.csv"
VALUE_STEPS = ("value_named", "confirmed")
OFFICERS = ("block_officer", "district_officer", "mission_manager", "admin")
"""Who may name a public value, and confirm what another named."""
Claim = tuple[str, object, object]
"""Field, what stands there, what has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceedings:
    said: Said
    parties: Sequence[Party]
    log: Sequence[Entry]


def check_nonces(parties: Sequence[Party]) -> None:
    """Each is what its party promised. Raises NonceNotPromised."""
    for party in parties:
        if party.nonce is not None and (found := seed.commitment(party.nonce)) != party.commitment:
            raise NonceNotPromised(file=PARTIES, row=party.number, found=found, promised=party.commitment)


def check_log(made: Proceedings) -> None:
    """Raises EntryBroken, StepMissing, StepsByOne, RowRepeated or CellUnusable for the first thing wrong.

    A rehearsal, and what was closed by version 1 of the rules, need not have all steps: those they have must be right.
    """
    check_entries(made)
    if made.said.run == "final" and made.said.rules_digest == RULES_DIGEST:
        _check_steps(made)
        _check_order(made)
    _check_parties(made.parties)
    for entry in made.log:
        if entry.step in VALUE_STEPS and entry.by.split(" ")[0] not in OFFICERS:
            raise _wrong(entry, "by", ", ".join(OFFICERS))


def _check_parties(parties: Sequence[Party]) -> None:
    """Each promised a nonce of its own."""
    known: set[str] = set()
    for party in parties:
        if party.commitment in known:
            raise RowRepeated(file=PARTIES, row=party.number, field="commitment", value=party.commitment)
        known.add(party.commitment)


def _check_order(made: Proceedings) -> None:
    """What was promised before the close, and each step no earlier than the one before."""
    for before, entry in pairwise(made.log):
        if entry.at < before.at:
            raise _wrong(entry, "at", f"≥ {log.cell(before.at)}")
    opened, closed = made.log[:2]
    said, hour = made.said, _due(made.said)
    if opened.at >= said.closes_at:
        raise _wrong(opened, "at", f"< {log.cell(said.closes_at)}")
    if closed.at <= (last := max(said.opens_at, said.closes_at)):
        raise _wrong(closed, "at", f"> {log.cell(last)}")
    for entry in made.log:
        if entry.step == "nonces_struck" and hour is not None and entry.at < hour:
            raise _wrong(entry, "at", f"≥ {log.cell(hour)}")


def check_entries(made: Proceedings) -> None:
    """Those there are, of a draw that may not be finished. Raises EntryBroken, StepsByOne or CellUnusable."""
    if right := log.broken(made.log):
        raise EntryBroken(file=LOG, row=right.number, expected=right.digest)
    for number, entry in enumerate(made.log, 1):
        if [one.step for one in made.log[number - 1 : number + 1]] == ["value_named", "value_named"]:
            continue
        for field, found, expected in _claims(made, entry):
            if found != expected:
                raise _wrong(entry, field, expected)
    _check_hours(made)
    _check_two(made.log)


def _check_two(entries: Sequence[Entry]) -> None:
    """Who confirmed the value is not who named it."""
    for named, confirmed in pairwise(entries):
        if confirmed.step == "confirmed" and named.by.rpartition(" ")[2] == confirmed.by.rpartition(" ")[2]:
            raise StepsByOne(file=LOG, row=confirmed.number, by=confirmed.by)


def _check_steps(made: Proceedings) -> None:
    """Every step that has to be there is, once and in its order; a value may be named again until it is confirmed."""
    again = [False, *(a.step == b.step == "value_named" for a, b in pairwise(made.log))]
    found = [entry for entry, same in zip(made.log, again, strict=False) if not same]
    expected = list(_steps(made.parties))
    for at, step in enumerate(expected):
        if len(found) <= at or found[at].step != step:
            row = found[at].number if at < len(found) else len(made.log) + 1
            raise StepMissing(file=LOG, row=row, step=step)
    if len(found) > len(expected):
        raise _wrong(found[len(expected)], "step", "-")


def _steps(parties: Sequence[Party]) -> Iterator[str]:
    yield from ("opened", "closed", *("nonce_opened" for _ in log.opened(parties)))
    if log.struck(parties):
        yield "nonces_struck"
    yield from ("value_named", "confirmed", "drawn")


def _claims(made: Proceedings, entry: Entry) -> Iterator[Claim]:
    said = made.said
    match entry.step:
        case "opened":
            yield "what", entry.what, _announced(made)
        case "closed":
            yield "what", entry.what, log.fixed(said.inputs_digest, said.plan_digest, said.rules_digest)
            yield "at", entry.at, said.closed_at
        case "nonce_opened":
            number = entry.what.partition(" ")[0]
            at = int(number[:8]) - 1 if number.isascii() and number.isdigit() else -1
            party = made.parties[at] if 0 <= at < len(made.parties) else None
            if party is None or party.nonce is None or log.revealed(party) != entry.what:
                yield "what", entry.what, " | ".join(log.revealed(one) for one in made.parties if one.nonce is not None)
        case "nonces_struck":
            yield "what", entry.what, log.struck(made.parties)
        case "value_named" | "confirmed":
            yield "what", entry.what, log.named(_round(said, entry.what), said.published_at, said.public_value)
        case "drawn":
            yield "what", entry.what, log.finished(said.seed, said.outcome_digest)


def _round(said: Said, what: str) -> int | None:
    """The announced one; a later one may stand there when that was out before all was fixed."""
    late = said.public_at is not None and _due(said) != said.public_at
    used = what.partition(" ")[0]
    if late and said.public_round is not None and used.isascii() and used.isdigit():
        return max(int(used[:9]), said.public_round)
    return said.public_round


def _announced(made: Proceedings) -> str:
    said = made.said
    terms = (said.call, said.opens_at, said.closes_at, said.public_source, said.public_round, said.public_at)
    return log.announced(terms, made.parties)


def _check_hours(made: Proceedings) -> None:
    """Nonces between the close and the announced hour, the value after it; each nonce once."""
    seen: set[str] = set()
    for entry, after in zip(made.log, [*made.log[1:], None], strict=False):
        if entry.step == "nonce_opened":
            if entry.what in seen:
                raise _wrong(entry, "what", "-")
            seen.add(entry.what)
            if made.said.rules_digest == RULES_DIGEST and not _in_time(made.said, entry.at):
                raise _wrong(entry, "at", f"< {log.cell(_due(made.said))}")
        stands = entry.step == "value_named" and not (after and after.step == "value_named")
        if stands and made.said.published_at and entry.at < made.said.published_at:
            raise _wrong(entry, "at", f"≥ {log.cell(made.said.published_at)}")


def _in_time(said: Said, at: datetime) -> bool:
    due = _due(said)
    return said.closed_at <= at and (due is None or at < due)


def _due(said: Said) -> datetime | None:
    return None if said.public_at is None else log.due(said.closes_at, said.public_at, said.closed_at)


def _wrong(entry: Entry, field: str, expected: object) -> CellUnusable:
    found = log.cell(getattr(entry, field))
    return CellUnusable(file=LOG, row=entry.number, field=field, value=repr(found)[:80], expected=log.cell(expected))
