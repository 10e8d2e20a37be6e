"""Where a kind of aggregate lives, as commands see it: the same on a request and in a consumer's batch."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from shared.decisions import Decision
from shared.errors import AlreadyExists
from shared.scope import Caller, Scope

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Finds(Protocol[T_co]):
    async def find(self, id_: str) -> T_co | None:
        """What there is by that id, whoever asks: for decisions that need another aggregate's state."""


class Aggregates(Finds[T], Protocol[T]):
    async def get(self, id_: str, scope: Scope | None = None) -> T:
        """Raises NotFound, also for what the scope does not see. Without a scope: only for consumers and timers."""

    async def create(self, id_: str, decide: Callable[[], Awaitable[Decision[T]]], caller: Caller | None = None) -> T:
        """Decide and insert. The same request again gets the first answer; raises AlreadyExists, KeyReused.

        In a batch (no caller) an id that is there already is left as it is: its effect has happened.
        """

    async def change(self, id_: str, decide: Callable[[T], Decision[T]], caller: Caller | None = None) -> T:
        """Decide and write, again on what another left when second. Raises NotFound, VersionMismatch, KeyReused."""


class Work(Protocol):
    """All kinds of one service: `work[Order]` is an Aggregates[Order]."""

    def __getitem__(self, holds: type[T]) -> Aggregates[T]: ...


async def first_kept(aggregates: Aggregates[T], id_: str, state: T) -> T:
    """What stands under this id: this, or what was there before it."""

    async def decide() -> Decision[T]:
        return Decision(state)

    try:
        return await aggregates.create(id_, decide)
    except AlreadyExists:
        return await aggregates.get(id_)
