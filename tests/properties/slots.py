"""The staged stall plan once more, stall by stall and word by word, by trying everything: for small events only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.stalls.draw.plan import Applicant, Event, Line

May = Callable[[Applicant, Line], bool]


@dataclass(frozen=True)
class Slot:
    number: int
    at: int
    line: Line


@dataclass(frozen=True)
class Given:
    """One pass: who sits where."""

    may: May
    seats: dict[Slot, Applicant]


def slot_by_slot(event: Event, pool: Sequence[Applicant]) -> list[Given]:
    slots = [(at, line) for at, line in enumerate(event.lines) for _ in range(line.count)]
    free = [Slot(number, at, line) for number, (at, line) in enumerate(slots)]
    left, found = list(pool), []
    for may in passes(event):
        s: list[Applicant] = []
        for applicant in left:
            if seats([*s, applicant], free, may) is not None:
                s.append(applicant)
        b: list[Slot] = []
        for slot in free:
            if fillable([*b, slot], left, may):
                b.append(slot)
        taken = seats(s, b, may)
        assert taken is not None
        assert len(taken) == len(b)
        found.append(Given(may, taken))
        left = [applicant for applicant in left if applicant not in s]
        free = [slot for slot in free if slot not in b]
    return found


def passes(event: Event) -> list[May]:
    verticals = list(dict.fromkeys(line.stage for line in event.lines if line.stage != "open"))
    found: list[May] = []
    for stage in ["open", *verticals]:
        found += [guarantee(stage), fill(stage)]
    return [*found, lambda i, s: s.fallback is None or i.categories.issubset(s.fallback)]


def fill(stage: str) -> May:
    def may(i: Applicant, s: Line) -> bool:
        usable = stage == "open" or stage in i.stages
        return s.stage == stage and usable and (s.categories is None or i.categories.issubset(s.categories))

    return may


def guarantee(stage: str) -> May:
    def may(i: Applicant, s: Line) -> bool:
        return fill(stage)(i, s) and bool(i.tags & s.tags or i.district == s.district)

    return may


def seats(people: Sequence[Applicant], free: Sequence[Slot], may: May) -> dict[Slot, Applicant] | None:
    """All of them at once in distinct stalls, or None."""
    if not people:
        return {}
    first, *rest = people
    for slot in free:
        if may(first, slot.line):
            others = seats(rest, [other for other in free if other != slot], may)
            if others is not None:
                return {slot: first, **others}
    return None


def fillable(slots: Sequence[Slot], people: Sequence[Applicant], may: May) -> bool:
    if not slots:
        return True
    first, *rest = slots
    return any(
        may(applicant, first.line) and fillable(rest, [other for other in people if other != applicant], may)
        for applicant in people
    )


def most_seated(people: Sequence[Applicant], free: Sequence[Slot], may: May) -> int:
    """The size of a maximum matching, by trying every way."""
    if not people:
        return 0
    first, *rest = people
    best = most_seated(rest, free, may)
    for slot in free:
        if may(first, slot.line):
            best = max(best, 1 + most_seated(rest, [other for other in free if other != slot], may))
    return best
