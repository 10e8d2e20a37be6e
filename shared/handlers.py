"""What a service reacts to. A room's `consumers` fills one `Handlers` for each topic it reads."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.aggregates import Work
from shared.events import Event, Fact

D = TypeVar("D", bound=Fact)
Handle = Callable[[Event[D], Work], Awaitable[None]]
Loads = Mapping[type[Any], Callable[[Event[D]], Iterable[str]]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """`loads` names the documents the handler needs, by state class, so that a batch fetches them at once."""

    fact: type[Fact]
    handle: Handle[Any]
    loads: Loads[Any]


class Handlers:
    """The reactions to one topic.

    `tracks` is the state class whose document has the event's subject as its id: it remembers the last
    (incarnation, sequence) seen, so a repeated event is skipped and a gap is parked, never guessed. Where there
    is no such document, effects must be idempotent by their natural id.
    """

    def __init__(self, topic: str, *, tracks: type[Any] | None = None) -> None:
        self.topic, self.tracks = topic, tracks
        self.reactions: dict[tuple[str, int], Reaction] = {}

    def on(self, fact: type[D], *, loads: Loads[D] | None = None) -> Callable[[Handle[D]], Handle[D]]:
        def register(handle: Handle[D]) -> Handle[D]:
            if fact.topic != self.topic:
                msg = f"{fact.__name__} stands in {fact.topic}, not in {self.topic}"
                raise ValueError(msg)
            self.reactions[fact.name, fact.major] = Reaction(fact, handle, loads or {})
            return handle

        return register

    def majors(self, name: str) -> list[int]:
        return [major for known, major in self.reactions if known == name]
