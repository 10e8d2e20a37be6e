"""What a service measures as it flows: which facts of which topic change which figures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from zlib import crc32

from shared.aggregates import Work
from shared.documents import Key
from shared.events import Event, Fact
from shared.handlers import Handlers, Reaction
from shared.settings import CommonSettings
from shared.streaming.figures import Step

D = TypeVar("D", bound=Fact)
Steps = Callable[[Event[Any]], Iterable[Step]]

LAYOUT = 2
"""How keys and records of figures are written. The number is in every name: what was written otherwise is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Figures of one topic. `counts` names the numbers of a figure, in the order of `Step.stands`.

    A key begins with the partition of its facts: what a fact changes and what it remembers move together. Within it
    a figure lies in `spread` parts, by the line: each change writes the memory of its part anew, so the memory of a
    product that everybody buys must not be one. Then comes the tenant, then what a step names: all that its labels say,
    so that no fact changes the labels of another's figure. The fields of `indexes` come after the tenant.
    """

    name: str
    topic: str
    counts: tuple[str, ...]
    indexes: tuple[Key, ...] = ()
    spread: int = 16
    handlers: Handlers = field(init=False)
    steps: dict[tuple[str, int], Steps] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "handlers", Handlers(self.topic))

    def on(
        self, fact: type[D]
    ) -> Callable[[Callable[[Event[D]], Iterable[Step]]], Callable[[Event[D]], Iterable[Step]]]:
        """Says what a fact changes; its function raises Invalid for one that must be parked."""

        def register(steps: Callable[[Event[D]], Iterable[Step]]) -> Callable[[Event[D]], Iterable[Step]]:
            self.steps[fact.name, fact.major] = steps
            self.handlers.reactions[fact.name, fact.major] = Reaction(fact, _by_steps, {})
            return steps

        return register

    def changed(self, event: Event[Any], partition: int) -> Mapping[str, list[Step]]:
        """The steps of a fact that stands in `partition`, by key. Raises Invalid."""
        found: dict[str, list[Step]] = {}
        for step in self.steps[event.data.name, event.data.major](event):
            part = f"{partition}.{crc32(step.line.encode()) % self.spread}"
            found.setdefault(key_of(part, event.tenant, *step.key), []).append(step)
        return found


def key_of(*parts: str) -> str:
    """Parted by `|`; one within a part is escaped, so that different parts never make the same key."""
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def figures_of(name: str, number: int) -> str:
    """The collection a generation of measure `name` is read from."""
    return f"{name}_{LAYOUT}_{number}"


async def _by_steps(event: Event[Any], work: Work) -> None:
    """A measure's facts are folded into figures, never handed to a handler."""
    raise TypeError(event, work)


@dataclass(frozen=True, slots=True)
class Generation:
    """One life of a measure's figures: a rebuild begins the next. Names carry the namespace."""

    settings: CommonSettings
    service: str
    measure: Measure
    number: int

    @property
    def app_id(self) -> str:
        """The consumer group too."""
        return self.settings.group(f"{self.service}.{self.measure.name}-{LAYOUT}-{self.number}")

    @property
    def source(self) -> str:
        return self.settings.topic(self.measure.topic)

    @property
    def changelog(self) -> str:
        return f"{self.app_id}.changelog"

    @property
    def collection(self) -> str:
        return figures_of(self.measure.name, self.number)

    def numbered(self, number: int) -> "Generation":
        return replace(self, number=number)
