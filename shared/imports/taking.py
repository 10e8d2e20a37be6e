"""What a service does with the rows of a list: the Taker it plugs in, and what it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

from shared.imports.foretold import Foretold
from shared.lists.rows import BadRow, Row
from shared.scope import Scope
from shared.service import Running


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows by what became of them.

    `kept`: what a person set herself, or a newer list, stays; `skipped`: says nothing for us.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    kept: int = 0
    skipped: int = 0
    bad: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)})

    def shown(self) -> dict[str, int]:
        return {one.name: getattr(self, one.name) for one in fields(Counts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One pass over one list. `scope`: whose area the rows must lie in.

    `patient`: it may still wait for what others tell, by `NotYet`.
    `foretold`: of a rehearsal, what the lists before this one would have left.
    `order`: what a pass with a higher one wrote is newer, and stays whenever this one comes to write.
    """

    import_id: str
    number: int
    programme: str
    scope: Scope
    order: int = 0
    patient: bool = False
    dry_run: bool = False
    foretold: Foretold | None = None

    @property
    def mark(self) -> str:
        """Stands in every document that this pass writes: a batch that is taken again counts as it did."""
        return f"{self.import_id}:{self.number}"


class NotYet(Exception):
    """What rows need has not come here: nothing of the batch was written, and it is tried again in a moment."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one batch. `places`: LGD codes that the end of the import has to look at."""

    counts: Counts
    bad: Sequence[BadRow] = ()
    places: frozenset[str] = field(default_factory=frozenset)


Told = Callable[[int, int], None]
"""How far a stage is: done, total."""


class Taker(Protocol):
    """One for each pass. Rows come in the list's order, in batches."""

    def kept(self, cells: Mapping[str, str]) -> dict[str, str]:
        """What of a row's cells may lie in this service's database until the row is taken."""

    def shown(self, cells: Mapping[str, str]) -> dict[str, str]:
        """What may be shown of a row, and stays of a refused one, for every officer who may see the import.

        Done twice it is the same.
        """

    def remember(self, rows: Sequence[Row], run: Run) -> None:
        """Rows that an earlier try has taken."""

    async def take(self, rows: Sequence[Row], run: Run) -> Taken:
        """Write these, each once or not at all; taken again it says the same. Of a dry run it writes nothing.

        Raises NotYet, while the run is patient.
        """

    async def end(self, run: Run, places: frozenset[str], told: Told) -> None:
        """After the last row; may be begun again."""


Takers = Callable[[Running], Taker]
