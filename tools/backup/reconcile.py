"""What a restored service told after its backup and no longer knows: Kafka has it, the database has not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tools.backup.archive import Archive
from tools.backup.log import Told

Known = dict[str, dict[str, int]]
"""Topic → subject → the sequence of its last fact in the archive."""
Place = tuple[str, str]


class Fate(StrEnum):
    AGAIN = "told again"
    BACK = "brought back"
    OTHERWISE = "told otherwise"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """One fact others have acted on. `known`: whether its subject was in the backup at all."""

    told: Told
    known: bool
    fate: Fate
    now: str = ""
    """What was told in its place."""


def known_in(archive: Archive, topics: Mapping[str, str]) -> Known:
    """`topics`: full topic name by collection."""
    found: Known = {topic: {} for topic in topics.values()}
    for name in archive.manifest().collections.keys() & topics.keys():
        for doc in archive.documents(name):
            found[topics[name]][str(doc["_id"])] = int(doc["sequence"])
    return found


def forgotten(told: Iterable[Told], known: Known, incarnation: int, now: Known | None = None) -> list[Forgotten]:
    """Facts of earlier incarnations past what the archive holds, in order of time; each once.

    `now`: where their subjects stand in the database, when that is not as the archive has them.
    """
    facts = sorted(told, key=lambda fact: (fact.time, fact.offset))
    since: dict[Place, list[Told]] = {}
    for fact in facts:
        if fact.incarnation >= incarnation:
            since.setdefault((fact.topic, fact.subject), []).append(fact)
    lost = {
        (fact.topic, fact.subject, fact.incarnation, fact.sequence): fact
        for fact in facts
        if fact.incarnation < incarnation and fact.sequence > known[fact.topic].get(fact.subject, 0)
    }
    stands = known if now is None else now
    return [_judged(fact, known, stands, since.get((fact.topic, fact.subject), [])) for fact in lost.values()]


def _judged(fact: Told, known: Known, stands: Known, since: list[Told]) -> Forgotten:
    told = fact.subject in known[fact.topic]
    unused = all(newer.sequence > fact.sequence for newer in since)
    if unused and stands[fact.topic].get(fact.subject, 0) >= fact.sequence:
        return Forgotten(told=fact, known=told, fate=Fate.BACK)
    if any((newer.type, newer.said) == (fact.type, fact.said) for newer in since):
        return Forgotten(told=fact, known=told, fate=Fate.AGAIN)
    if instead := next((newer for newer in since if newer.sequence >= fact.sequence), None):
        return Forgotten(told=fact, known=told, fate=Fate.OTHERWISE, now=instead.name)
    return Forgotten(told=fact, known=told, fate=Fate.MISSING)


def next_incarnation(told: Iterable[Told], *others: int) -> int:
    """Newer than any whose facts anybody may have seen: a number used twice would make new facts look like repeats."""
    return max([*others, *(fact.incarnation for fact in told)]) + 1
