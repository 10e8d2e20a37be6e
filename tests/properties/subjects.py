"""What the properties are about: the specification and the engine, asked in the same words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.choose import choose
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.tables import outcome_of, tables_of
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance
from tests.unit.stalls.draw.instances import SEED


@dataclass(frozen=True)
class Subject:
    """`taken`: whom one event takes of a pool by place, in that order."""

    name: str
    drawn: Callable[[Instance, str], Outcome]
    taken: Callable[[Event, Sequence[Applicant]], list[Applicant]]

    def holders(self, instance: Instance, number: int, seed: str) -> list[Applicant]:
        """By place."""
        held = {row.ticket for row in self.drawn(instance, seed).rows if row.event == number}
        return [applicant for applicant in line_up(seed, instance.applicants) if applicant.ticket in held]

    def result(self, instance: Instance, seed: str) -> dict[str, int]:
        """How good for her what each got is: 0 her first choice, 99 nothing."""
        return {row.ticket: 99 if row.choice is None else row.choice - 1 for row in self.drawn(instance, seed).rows}


def by_engine(instance: Instance, seed: str) -> Outcome:
    tables = tables_of(instance)
    return outcome_of(tables, allocate(tables, seed))


def by_engine_alone(event: Event, pool: Sequence[Applicant]) -> list[Applicant]:
    """As the only event of a draw: who applies there is chosen among. The pool stands as SEED places it."""
    people = tuple(sorted(pool, key=lambda applicant: applicant.ticket))
    rows = by_engine(Instance(applicants=people, events=(event,)), SEED).rows if people else ()
    held = {row.ticket for row in rows if row.event is not None}
    return [applicant for applicant in pool if applicant.ticket in held]


SPECIFICATION = Subject("specification", accept, lambda event, pool: list(choose(event, pool).holders))
ENGINE = Subject("engine", by_engine, by_engine_alone)
SUBJECTS = (SPECIFICATION, ENGINE)
