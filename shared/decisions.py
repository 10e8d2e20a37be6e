"""What a rule answers: the state it leads to and the facts that are true from then on."""

from typing import Generic, TypeVar

from shared.events import Fact

T = TypeVar("T")


class Decision(Generic[T]):
    """`state` replaces the aggregate, `facts` are told to the world in their order; both are written at once."""

    __slots__ = ("facts", "state")

    def __init__(self, state: T, *facts: Fact) -> None:
        self.state = state
        self.facts = facts
