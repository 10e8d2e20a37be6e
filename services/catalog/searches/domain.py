"""What a search for a name may mean, of the sounds there are: the word itself, its beginnings, what is nearest to it.

A name is found by the keys that `names` gives it, so nothing here reads a name.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import islice, product

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from services.catalog.names.domain import COMMON, both, joined, sound, spelt, whole
from shared.localized import Localized

MOST_TERMS = 60
"""Sounds one word may stand for; MongoDB merges up to 200 ranges of an index in the order of ids."""
MOST_PAIRS = 180
MOST_ASKED = 5
NEAREST = 12
SHORTEST_MENDED = 3
SURE = 6
"""From so many letters on a known sound stands for those a slip away too: there are groups entered with the slip."""
LONG = 7
"""From so many letters on two slips are looked past."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every sound of a word in the registry's names, sorted."""

    sounds: tuple[str, ...] = ()
    by_length: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    meant: dict[tuple[str, bool], frozenset[str]] = field(default_factory=dict)

    def __contains__(self, one: str) -> bool:
        at = bisect_left(self.sounds, one)
        return at < len(self.sounds) and self.sounds[at] == one

    def beginning(self, start: str) -> Iterator[str]:
        for at in range(bisect_left(self.sounds, start), len(self.sounds)):
            if not self.sounds[at].startswith(start):
                return
            yield self.sounds[at]

    def near(self, one: str, slips: int) -> list[str]:
        """Those the fewest slips away, at most `slips`."""
        lengths = range(len(one) - slips, len(one) + slips + 1)
        choices = [known for length in lengths for known in self.by_length.get(length, ())]
        found = extract(one, choices, scorer=OSA.distance, score_cutoff=slips, limit=NEAREST)
        fewest = min((away for _, away, _ in found if away), default=0)
        return [known for known, away, _ in found if away <= fewest]


def vocabulary(sounds: Iterable[str]) -> Vocabulary:
    known = tuple(sorted(set(sounds)))
    lengths: dict[int, list[str]] = {}
    for one in known:
        lengths.setdefault(len(one), []).append(one)
    return Vocabulary(known, {length: tuple(there) for length, there in lengths.items()})


@dataclass(frozen=True, slots=True)
class Meant:
    """One reading of the words: any of `words` and any of `pairs` (empty: not asked), and every set of `besides` too.

    `start`: any word that begins so, where too many do to name them.
    """

    words: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    besides: tuple[frozenset[str], ...] = ()
    start: str | None = None

    @property
    def plain(self) -> bool:
        """Whether it asks for words alone or for pairs alone."""
        return not self.besides and self.start is None


class Reach(IntEnum):
    """How far from what is asked a word may be; each holds the ones before it. The nearest are shown first."""

    AS_ASKED = 0
    BEGUN = 1
    SLIPS = 2


def ranked(asked: str | None, known: Vocabulary) -> list[list[Meant]]:
    """The readings by reach; none where it has only words that every name has. The last word may be a beginning."""
    told = _told(asked or "")
    return [list(_meant(told, known, reach)) for reach in Reach] if told else []


def _meant(told: list[str], known: Vocabulary, reach: Reach) -> Iterator[Meant]:
    yield from _read([sound(word) for word in told], known, reach)
    for at in range(len(told) - 1):
        merged = [*map(sound, told[:at]), joined(told[at], told[at + 1]), *map(sound, told[at + 2 :])]
        yield from _read(merged, known, reach, exact=at)


def together(readings: Iterable[Meant]) -> list[Meant]:
    """The same: all that ask for words alone as one, and all that ask for pairs alone: one walk of an index each."""
    each = list(dict.fromkeys(readings))
    rest = [one for one in each if not one.plain]
    words = frozenset(word for one in each if one.plain for word in one.words)
    pairs = frozenset(pair for one in each if one.plain for pair in one.pairs)
    return [*([Meant(words=words)] if words else []), *([Meant(pairs=pairs)] if pairs else []), *rest]


def beyond(readings: Iterable[Meant], before: Iterable[Meant]) -> list[Meant]:
    """Those that ask for more than the ones before, `together`; of words and pairs what those do not ask for."""
    asked = together(before)
    words = frozenset(word for one in asked if one.plain for word in one.words)
    pairs = frozenset(pair for one in asked if one.plain for pair in one.pairs)
    more = [
        replace(one, words=one.words - words, pairs=one.pairs - pairs) if one.plain else one
        for one in together(readings)
        if one not in asked
    ]
    return [one for one in more if one.words or one.pairs or not one.plain]


def whole_names(names: Localized) -> set[str]:
    """What it is called and nothing more, in each language, as one key."""
    return {whole(Localized(en=text)) for text in names.kept().values()}


def strange(asked: str, known: Vocabulary) -> list[str]:
    """The sounds of the search that neither are nor begin a known one."""
    return [one for one in map(sound, _told(asked)) if next(known.beginning(one), None) is None]


def _told(asked: str) -> list[str]:
    """The words that narrow a search. A letter alone does so only where it may begin a word."""
    words = [word for word in spelt(asked) if sound(word) and sound(word) not in COMMON]
    return [word for word in words[:-1] if len(word) > 1][: MOST_ASKED - 1] + words[-1:]


def _read(sounds: list[str], known: Vocabulary, reach: Reach, exact: int = -1) -> Iterator[Meant]:
    last = len(sounds) - 1
    wide = reach >= Reach.BEGUN and _wide(sounds[last], known)
    terms = [
        _terms(one, known, begins=reach >= Reach.BEGUN and at == last, mended=reach >= Reach.SLIPS and at != exact)
        for at, one in enumerate(sounds)
        if one and not (wide and at == last)
    ]
    start = sounds[last] if wide else None
    if not terms:
        yield Meant(start=start)
    elif len(terms) == 1:
        yield Meant(words=terms[0], start=start)
        if start is None:
            yield Meant(pairs=terms[0])
    else:
        first, second, *rest = sorted(terms, key=len)
        pairs = (both(one, other) for one, other in _nearest(first, second, sounds))
        yield Meant(pairs=frozenset(islice(pairs, MOST_PAIRS)), besides=tuple(rest), start=start)


def _nearest(first: frozenset[str], second: frozenset[str], asked: list[str]) -> list[tuple[str, str]]:
    """Every two, those first that are as asked in one word or both: what is cut off is far from it in both."""
    return sorted(product(first, second), key=lambda two: ((two[0] not in asked) + (two[1] not in asked), two))


def _wide(one: str, known: Vocabulary) -> bool:
    return sum(1 for _ in islice(known.beginning(one), MOST_TERMS + 1)) > MOST_TERMS


def _terms(one: str, known: Vocabulary, *, begins: bool, mended: bool) -> frozenset[str]:
    found = {one, *islice(known.beginning(one), MOST_TERMS)} if begins else {one}
    there = one in known or len(found) > 1
    if mended and len(one) >= (SURE if there else SHORTEST_MENDED):
        found.update(_mended(one, 1 if there or len(one) < LONG else 2, known))
    return frozenset(sorted(found, key=lambda term: (abs(len(term) - len(one)), term))[:MOST_TERMS])


def _mended(one: str, slips: int, known: Vocabulary) -> frozenset[str]:
    """Looked for once: the same words are asked for again and again."""
    if (kept := known.meant.get((one, slips > 1))) is None:
        kept = known.meant.setdefault((one, slips > 1), frozenset(known.near(one, slips)))
    return kept
