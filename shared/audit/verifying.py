"""Whether a chain is whole: pure functions over its entries, as JSON has them, in the order they stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.audit.entries import Head, Plain, hash_of

Why = Literal["changed", "missing", "inserted", "reordered", "truncated", "replaced"]


@dataclass(frozen=True, slots=True)
class Damage:
    """The first entry that is wrong, by its number."""

    seq: int
    why: Why
    because: str

    def __str__(self) -> str:
        return f"entry {self.seq} {self.why}: {self.because}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head` is the last entry that was right."""

    head: Head
    damage: Damage | None = None


def verified(entries: Iterable[Plain], known: Head | None = None) -> Verdict:
    """Whether all hangs together from the first entry on, and still holds what was `known` (a head kept elsewhere).

    The hash of `known` may be only its first digits.
    """
    rest, before, head = iter(entries), Head(), Head()
    for one in rest:
        if damage := _damage(one, head, rest):
            return Verdict(head, damage)
        before, head = head, Head(one["seq"], one["hash"])
        if known and known.seq == head.seq and not head.hash.startswith(known.hash):
            return Verdict(before, Damage(head.seq, "replaced", "at that number another entry was known"))
    if known and head.seq < known.seq:
        return Verdict(head, Damage(head.seq + 1, "truncated", f"{known.seq} entries were known, {head.seq} are there"))
    return Verdict(head)


def _damage(one: Plain, head: Head, rest: Iterator[Plain]) -> Damage | None:
    """What is wrong with the entry that stands after `head`, if anything."""
    seq, expected = one.get("seq"), head.seq + 1
    if not isinstance(seq, int) or isinstance(seq, bool):
        return Damage(expected, "changed", "it has no number")
    if seq != expected:
        return _out_of_line(seq, expected, rest)
    if hash_of(one) != one.get("hash"):
        return _of_another_hash(one, expected, rest)
    return None if one.get("prev") == head.hash else _of_another_chain(expected, head, next(rest, None))


def _of_another_chain(seq: int, head: Head, follower: Plain | None) -> Damage:
    """Its hash is its own, but it does not hang on the entry before: it is strange, or that one is."""
    if head.seq == 0 or (follower and follower.get("prev") == head.hash):
        return Damage(seq, "inserted", "the chain hangs together without it")
    return Damage(head.seq, "changed", f"{seq} hangs on another entry with that number")


def _out_of_line(seq: int, expected: int, rest: Iterator[Plain]) -> Damage:
    if seq < expected:
        return Damage(seq, "inserted", "there are two with that number")
    if any(one.get("seq") == expected for one in rest):
        return Damage(expected, "reordered", f"{seq} stands before it")
    return Damage(expected, "missing", f"{seq} stands in its place")


def _of_another_hash(one: Plain, seq: int, rest: Iterator[Plain]) -> Damage:
    """Its content is not what was hashed, unless only its number was made to fit."""
    if _was(one, seq - 1):
        return Damage(seq - 1, "inserted", "what follows was numbered anew")
    if not _was(one, seq + 1):
        return Damage(seq, "changed", "its content is not what was hashed")
    follower = next(rest, None)
    if follower and _was(follower, seq):
        return Damage(seq, "reordered", "it was numbered anew")
    return Damage(seq, "missing", "what follows was numbered anew")


def _was(one: Plain, seq: int) -> bool:
    return hash_of({**one, "seq": seq}) == one.get("hash")
