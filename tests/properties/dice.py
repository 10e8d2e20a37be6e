"""Small draws out of a string of bytes: a thousand a second, and hypothesis makes a failing one small byte by byte."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
D = TypeVar("D")


class Dice:
    """A byte a throw; where the bytes end, every throw is 0, the simplest."""

    def __init__(self, thrown: bytes) -> None:
        self._bytes, self._thrown = thrown, iter(thrown)

    def __repr__(self) -> str:
        return f"Dice({self._bytes!r})"

    def below(self, bound: int) -> int:
        """0 … bound - 1, at most 255."""
        return next(self._thrown, 0) % bound

    def of(self, options: Sequence[T]) -> T:
        """The first is the simplest."""
        return options[self.below(len(options))]

    def some(self, words: Sequence[T]) -> frozenset[T]:
        """Each or not; at most eight."""
        chosen = self.below(256)
        return frozenset(word for bit, word in enumerate(words) if chosen >> bit & 1)

    def one_or_more(self, words: Sequence[T]) -> frozenset[T]:
        return self.some(words) or frozenset(words[:1])

    def shuffled(self, words: Sequence[T]) -> list[T]:
        left = list(words)
        return [left.pop(self.below(len(left))) for _ in words]


def thrown(made: Callable[[Dice], D], throws: int) -> st.SearchStrategy[D]:
    """What `made` makes of so many throws."""
    return st.binary(min_size=throws, max_size=throws).map(lambda data: made(Dice(data)))
