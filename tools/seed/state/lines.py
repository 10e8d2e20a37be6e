"""The lines of one list in their order: the good rows, among them repeats and faults, and what the answers say."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from shared.contracts.catalog import Programme
from tools.seed.state.cells import Cell, Line
from tools.seed.state.columns import COLUMNS, NUMBER
from tools.seed.state.faults import BAD_PHONES, CUT, CUT_OFF, Fault, of
from tools.seed.state.habits import written
from tools.seed.state.listing import Listed, listed, one
from tools.seed.state.plan import Plan
from tools.seed.state.words import names

FAULTS_IN_A_MILLION = 400
"""Of every kind, at least one in a list."""
REPEAT_EVERY, REPEAT_AFTER = 300, 11
BAD_PHONE_EVERY = 250
ANSI_EVERY = 20
KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line, and the group it is right about; `repeated` when the same line came before. `phone`: good, bad, none."""

    line: Line
    group: Listed | None = None
    repeated: bool = False
    phone: str = "none"


@dataclass(slots=True, kw_only=True)
class Sheet:
    """One header and its rows: a file of text, or a sheet of a workbook."""

    state: str
    seed: int
    programme: Programme
    plans: tuple[Plan, ...]

    def rows(self, kinds: tuple[bool, ...]) -> Iterator[Row]:
        """`kinds`: villages (False), towns (True), in their order."""
        total = sum(plan.place.counts.get(self.programme, 0) for plan in self.plans if plan.place.urban in kinds)
        due, number = _Faults(total, of(self.programme)), 0
        kept: deque[Row] = deque(maxlen=KEPT)
        last: Listed | None = None
        for urban in kinds:
            for group in listed(self.state, self.seed, self.programme, self.plans, urban=urban):
                kept.append(row := self._good(group, number))
                yield row
                yield from self._repeat(kept, number)
                for nth, fault in due.after(number):
                    yield self._bad(fault, group, nth)
                number, last = number + 1, group
        if self.programme == CUT and last is not None:
            yield self._bad(CUT_OFF, last, due.total)

    def _good(self, group: Listed, number: int) -> Row:
        cells: dict[str, Cell] = {**written(group.cells, number), NUMBER: str(number + 1)}
        phone = "good" if cells["phone"] else "none"
        if number % BAD_PHONE_EVERY == BAD_PHONE_EVERY // 10:
            cells["phone"], phone = BAD_PHONES[number // BAD_PHONE_EVERY % len(BAD_PHONES)], "bad"
        if ansi := self.programme == "umed" and number % ANSI_EVERY == 0 and str(cells["name"]).isascii():
            cells["federation"] = f"“{cells['federation']}”"
        return Row(line=Line(cells=self._in_order(cells), ansi=ansi), group=group, phone=phone)

    def _repeat(self, kept: deque[Row], number: int) -> Iterator[Row]:
        if number % REPEAT_EVERY != REPEAT_AFTER:
            return
        row = kept[max(0, len(kept) - REPEAT_AFTER)]
        if row.phone != "bad":
            yield Row(line=row.line, group=row.group, repeated=True, phone=row.phone)

    def _bad(self, fault: Fault, near: Listed, nth: int) -> Row:
        """A group beyond those of the place; without a phone, so that the contacts have nothing of it."""
        beyond = near.plan.place.counts[self.programme] + nth
        group = one(self.state, self.seed, self.programme, near.plan, beyond)
        cells: dict[str, Cell] = {**group.cells, NUMBER: "", "phone": ""}
        if fault.shape == "code":
            cells["code"] = near.code
        fault.spoil(cells, self.state)
        return Row(line=self._shaped(fault, self._in_order(cells)))

    def _shaped(self, fault: Fault, cells: tuple[Cell, ...]) -> Line:
        if fault.shape == "header":
            cells = tuple(COLUMNS[self.programme].headers.values())
        elif fault.shape == "long":
            cells = (*cells, "x", "y")
        elif fault.shape == "short":
            cells = cells[: len(cells) // 2]
        elif fault.shape == "cut":
            cells = (*cells[:2], names()[0][0])
        return Line(cells=cells, rule=fault.rule, cut=fault.shape == "cut")

    def _in_order(self, cells: dict[str, Cell]) -> tuple[Cell, ...]:
        return tuple(cells.get(field, "") for field in COLUMNS[self.programme].headers)


class _Faults:
    """Which faults follow which row, evenly over the list."""

    def __init__(self, rows: int, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        self.rows = rows
        self.total = len(faults) * max(1, round(rows * FAULTS_IN_A_MILLION / 1_000_000))
        self.given = 0

    def after(self, number: int) -> Iterator[tuple[int, Fault]]:
        last = number == self.rows - 1
        while self.given < self.total and (last or (2 * self.given + 1) * self.rows <= (2 * number + 1) * self.total):
            yield self.given, self.faults[self.given % len(self.faults)]
            self.given += 1
