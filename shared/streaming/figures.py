"""A figure and its memory: which line of which fact stands in it, and how a fact changes both at once. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Invalid
from shared.events import Event

KEPT = timedelta(hours=48)
KEPT_MILLISECONDS = KEPT // timedelta(milliseconds=1)

ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
CHANGES = re.compile(rb'"changes":([0-9]+)')

Entry = tuple[int, ...]
"""What is remembered of a line: incarnation, sequence and time (ms) of its last fact, then what it stands at."""


class TooOld(Invalid):
    """Fact {id} is more than {hours} hours older than the newest one of its figure and not remembered there."""

    mr = "घटना {id} ही तिच्या आकड्यातील सर्वात नव्या घटनेपेक्षा {hours} तासांहून जुनी आहे आणि तेथे लक्षात ठेवलेली नाही."
    hi = "घटना {id} अपने आँकड़े की सबसे नई घटना से {hours} घंटे से अधिक पुरानी है और वहाँ याद नहीं रखी गई है।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one fact says of one line of one figure.

    `stands` is what the line counts from now on, `stood` what it counted before if it was counted at `since`: that is
    asked only where the memory may already be gone. `labels` are kept beside the figure, for those who read it.
    """

    key: tuple[str, ...]
    line: str
    stands: tuple[int, ...]
    stood: tuple[int, ...] = ()
    since: datetime | None = None
    labels: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """`newest` is the time (ms) of the newest fact applied; `seen` reaches 48 hours behind it."""

    counts: tuple[int, ...]
    changes: int = 0
    newest: int = 0
    seen: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """Of older facts nothing is remembered (ms)."""
        return self.newest - KEPT_MILLISECONDS


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def applied(figure: Figure, event: Event[Any], steps: Iterable[Step]) -> Figure:
    """The figure after one fact, itself when nothing in it is new. Raises TooOld; then nothing has changed."""
    at, counts, seen = milliseconds(event.time), figure.counts, dict(figure.seen)
    for step in steps:
        known = seen.get(step.line)
        if known is None and at < figure.horizon:
            raise TooOld(id=event.id, hours=KEPT // timedelta(hours=1))
        if known is None or event.place > known[:2]:
            stood = known[3:] if known is not None else _forgotten(step, figure.horizon)
            counts = tuple(count - was + now for count, was, now in zip(counts, stood, step.stands, strict=True))
            seen[step.line] = (*event.place, at, *step.stands)
    if seen == figure.seen:
        return figure
    newest = max(figure.newest, at)
    return Figure(counts, figure.changes + 1, newest, _remembered(seen, newest - KEPT_MILLISECONDS))


def _forgotten(step: Step, horizon: int) -> tuple[int, ...]:
    """What a line without a memory stands at: what the fact says when its memory may be gone, else nothing."""
    gone = step.since is not None and milliseconds(step.since) < horizon
    return step.stood if gone and step.stood else (0,) * len(step.stands)


def _remembered(seen: dict[str, Entry], oldest: int) -> dict[str, Entry]:
    if all(entry[2] >= oldest for entry in seen.values()):
        return seen
    return {line: entry for line, entry in seen.items() if entry[2] >= oldest}


def kept(figure: Figure, names: Iterable[str]) -> bytes:
    """As it stands in the changelog: figure and memory in one record."""
    counts = dict(zip(names, figure.counts, strict=True))
    memory = {"changes": figure.changes, "newest": figure.newest, "seen": figure.seen}
    return ENCODE({**counts, **memory}).encode()


def changes_of(value: bytes | None) -> int:
    """How often a kept figure has changed, without reading its memory; -1 for None."""
    found = CHANGES.search(value) if value else None
    return int(found[1]) if found else -1


def read(value: bytes | None, names: tuple[str, ...]) -> Figure:
    """From the changelog's record; None is a figure nobody has counted in yet."""
    if value is None:
        return Figure((0,) * len(names))
    doc = json.loads(value)
    seen = {line: tuple(entry) for line, entry in doc["seen"].items()}
    return Figure(tuple(doc[name] for name in names), doc["changes"], doc["newest"], seen)
