"""Aggregates as a request sees them: nothing is shown or changed without saying who asks."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Generic, TypeVar

from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.scope import Caller, Scope

T = TypeVar("T")


class ScopeMissingError(TypeError):
    """A route asked a store without a scope or a caller: a bug, never an answer."""


class Scoped(Generic[T]):
    """`find` is for decisions that need another aggregate's state; what it gives is never shown."""

    def __init__(self, aggregates: Aggregates[T]) -> None:
        self._aggregates = aggregates

    async def get(self, id_: str, scope: Scope | None = None) -> T:
        if scope is None:
            raise ScopeMissingError(id_)
        return await self._aggregates.get(id_, scope)

    async def find(self, id_: str) -> T | None:
        return await self._aggregates.find(id_)

    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None = None) -> T:
        if caller is None:
            raise ScopeMissingError(id_)
        return await self._aggregates.create(id_, decide, caller)

    async def change(self, id_: str, decide: Callable[[T], Decision[T]], caller: Caller | None = None) -> T:
        if caller is None:
            raise ScopeMissingError(id_)
        return await self._aggregates.change(id_, decide, caller)


class Found(Generic[T]):
    """Single aggregates by their id; nothing can be listed or changed."""

    def __init__(self, aggregates: Aggregates[T]) -> None:
        self._aggregates = aggregates

    async def find(self, id_: str) -> T | None:
        return await self._aggregates.find(id_)

    async def get(self, id_: str) -> T:
        """Raises NotFound."""
        return await self._aggregates.get(id_)


class Published:
    """What anybody may read without saying who asks: `published[Call].find(id)`, only of the kinds named."""

    def __init__(self, work: Work, kinds: Collection[type[Any]]) -> None:
        self._work, self._kinds = work, frozenset(kinds)

    def __getitem__(self, holds: type[T]) -> Found[T]:
        if holds not in self._kinds:
            raise ScopeMissingError(holds.__name__)
        return Found(self._work[holds])
