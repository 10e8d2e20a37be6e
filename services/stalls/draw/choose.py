"""An event's choice rule, the staged stall plan: whom of a pool it takes, pass by pass."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.stalls.draw.plan import OPEN, Applicant, Event, Line, Mask, stages

Lines = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Who may take what for now.

    A guarantee is for those a line is kept for, a fill for all who may use its stage, the fallback for all whose
    products a line takes in the end.
    """

    kind: Literal["guarantee", "fill", "fallback"]
    stage: str = OPEN

    def concerns(self, line: Line) -> bool:
        return self.kind == "fallback" or (line.stage == self.stage and (self.kind == "fill" or line.guaranteed))

    def may(self, applicant: Applicant, line: Line) -> bool:
        """Whether she may take a stall of this line in this pass."""
        if not self.concerns(line):
            return False
        if self.kind == "fallback":
            return fits(line.fallback, applicant)
        usable = self.stage in {OPEN, *applicant.stages} and fits(line.categories, applicant)
        return usable and (self.kind == "fill" or kept_for(line, applicant))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one pass gave out: `holders` by place, `stalls` of each line of the plan; as many of these as of those."""

    step: Pass
    holders: tuple[Applicant, ...]
    stalls: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`holders`: everybody taken, by place."""

    holders: tuple[Applicant, ...]
    passes: tuple[Taken, ...]


def fits(mask: Mask, applicant: Applicant) -> bool:
    """All she sells is admitted, so that a cap in the plan holds whatever she brings."""
    return mask is None or applicant.categories <= mask


def kept_for(line: Line, applicant: Applicant) -> bool:
    return not line.tags.isdisjoint(applicant.tags) or (
        line.district is not None and line.district == applicant.district
    )


def passes(lines: Iterable[Line]) -> Iterator[Pass]:
    for stage in stages(lines):
        yield Pass(kind="guarantee", stage=stage)
        yield Pass(kind="fill", stage=stage)
    yield Pass(kind="fallback")


def choose(event: Event, pool: Sequence[Applicant]) -> Chosen:
    """`pool`: by place, the best first."""
    left, free, found = list(pool), [line.count for line in event.lines], []
    for step in passes(event.lines):
        taken = _take(step, event.lines, left, free)
        found.append(taken)
        gone = {holder.ticket for holder in taken.holders}
        left = [applicant for applicant in left if applicant.ticket not in gone]
        free = [count - given for count, given in zip(free, taken.stalls, strict=True)]
    refused = {applicant.ticket for applicant in left}
    return Chosen(holders=tuple(a for a in pool if a.ticket not in refused), passes=tuple(found))


def _take(step: Pass, lines: Sequence[Line], pool: Sequence[Applicant], free: Sequence[int]) -> Taken:
    """S takes exactly B.

    B is looked for among S alone: some matching covers both S and the B of the whole pool (Mendelsohn and Dulmage
    1958), so B is the same, and filling it seats everybody of S.
    """
    offered = [(number, line) for number, line in enumerate(lines) if free[number] and step.concerns(line)]
    open_to = (
        [[number for number, line in offered if step.may(applicant, line)] for applicant in pool] if offered else []
    )
    seated = _seated(open_to, free)
    stalls = _filled([open_to[who] for who in seated], free)
    return Taken(step=step, holders=tuple(pool[who] for who in seated), stalls=tuple(stalls))


def _seated(open_to: Lines, free: Sequence[int]) -> list[int]:
    """S: by place, whoever can be seated at once with those before. `open_to`: for each applicant her lines."""
    sitting: list[list[int]] = [[] for _ in free]
    full: set[int] = set()  # a search that fails has shown that nobody there can ever move on
    seated = []
    for who in range(len(open_to)):
        seen = set(full)
        if _seat(who, open_to, free, sitting, seen):
            seated.append(who)
        else:
            full = seen
    return seated


def _seat(who: int, open_to: Lines, free: Sequence[int], sitting: list[list[int]], seen: set[int]) -> bool:
    """An augmenting path: she sits down where there is room, or where somebody can move to another line."""
    for line in open_to[who]:
        if line in seen:
            continue
        seen.add(line)
        if len(sitting[line]) < free[line]:
            sitting[line].append(who)
            return True
        for at, other in enumerate(sitting[line]):
            if _seat(other, open_to, free, sitting, seen):
                sitting[line][at] = who
                return True
    return False


def _filled(open_to: Lines, free: Sequence[int]) -> list[int]:
    """B: by line, the stalls that can be filled at once with those before; how many of each line."""
    willing = [[who for who, lines in enumerate(open_to) if line in lines] for line in range(len(free))]
    holds: dict[int, int] = {}
    stalls = [0] * len(free)
    for line, count in enumerate(free):
        while stalls[line] < count and len(holds) < len(open_to) and _fill(line, willing, holds, set()):
            stalls[line] += 1
    return stalls


def _fill(line: int, willing: Lines, holds: dict[int, int], seen: set[int]) -> bool:
    """An augmenting path: somebody free takes the stall, or somebody whose own can be filled by another."""
    for who in willing[line]:
        if who in seen:
            continue
        seen.add(who)
        if who not in holds or _fill(holds[who], willing, holds, seen):
            holds[who] = line
            return True
    return False
