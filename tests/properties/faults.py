"""Faults to plant in an outcome: each a draw that some official might have liked better, or that a slip might make."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.stalls.draw.accept import Outcome, Row
from services.stalls.draw.plan import Instance
from services.stalls.draw.reasons import Refusal
from tests.properties.dice import Dice

Rows = list[Row]
COUNTS = ("stalls", "other_products", "other_reservation", "better_place")


def favour(rows: Rows, instance: Instance, dice: Dice) -> None:
    """Somebody without a stall gets that of somebody else."""
    for at, there in _pair(rows, dice, lambda one, other: one.event is None and other.event is not None):
        wanted = _choices(instance, rows[at])
        if rows[there].event in wanted:
            choice = wanted.index(rows[there].event or 0) + 1
            rows[at] = replace(rows[at], event=rows[there].event, stall=rows[there].stall, choice=choice, waiting=())
            rows[there] = replace(rows[there], event=None, stall=None, choice=None)
            return


def exchange(rows: Rows, instance: Instance, dice: Dice) -> None:
    """Two at different events change places."""
    for at, there in _pair(
        rows, dice, lambda one, other: None not in {one.event, other.event} and one.event != other.event
    ):
        if rows[there].event in _choices(instance, rows[at]) and rows[at].event in _choices(instance, rows[there]):
            mine, hers = rows[at], rows[there]
            for who, seat in ((at, hers), (there, mine)):
                choice = _choices(instance, rows[who]).index(seat.event or 0) + 1
                rows[who] = replace(rows[who], event=seat.event, stall=seat.stall, choice=choice)
            return


def forget(rows: Rows, instance: Instance, dice: Dice) -> None:
    """A holder goes away empty, and her stall stays so."""
    at = _some(rows, dice, lambda row: row.event is not None)
    if at is not None:
        rows[at] = replace(rows[at], event=None, stall=None, choice=None)


def squeeze_in(rows: Rows, instance: Instance, dice: Dice) -> None:
    """Somebody without a stall gets one more than there are."""
    at = _some(rows, dice, lambda row: row.event is None)
    if at is not None:
        wanted = _choices(instance, rows[at])
        choice = dice.below(len(wanted))
        stall = 1 + sum(row.event == wanted[choice] for row in rows)
        rows[at] = replace(rows[at], event=wanted[choice], stall=stall, choice=choice + 1, waiting=())


def push_down(rows: Rows, instance: Instance, dice: Dice) -> None:
    """A holder gets a later choice of hers."""
    at = _some(rows, dice, lambda row: row.choice is not None and row.choice < len(_choices(instance, row)))
    if at is not None:
        wanted, first = _choices(instance, rows[at]), rows[at].choice or 0
        choice = first + dice.below(len(wanted) - first)
        stall = 1 + sum(row.event == wanted[choice] for row in rows)
        rows[at] = replace(rows[at], event=wanted[choice], stall=stall, choice=choice + 1)


def renumber(rows: Rows, instance: Instance, dice: Dice) -> None:
    """Two holders of one event have each other's stall."""
    for at, there in _pair(rows, dice, lambda one, other: one.event is not None and one.event == other.event):
        rows[at], rows[there] = replace(rows[at], stall=rows[there].stall), replace(rows[there], stall=rows[at].stall)
        return


def misrank(rows: Rows, instance: Instance, dice: Dice) -> None:
    """It is said that she got another of her choices than she did."""
    at = _some(rows, dice, lambda row: row.choice is not None and len(_choices(instance, row)) > 1)
    if at is not None:
        rows[at] = replace(rows[at], choice=(rows[at].choice or 0) % len(_choices(instance, rows[at])) + 1)


def jump_the_queue(rows: Rows, instance: Instance, dice: Dice) -> None:
    """She waits one further behind, or in front."""
    at = _some(rows, dice, lambda row: bool(row.waiting))
    if at is not None:
        where = dice.below(len(rows[at].waiting))
        moved = [(e, n + 1 if number == where else n) for number, (e, n) in enumerate(rows[at].waiting)]
        rows[at] = replace(rows[at], waiting=tuple(moved))


def miscount(rows: Rows, instance: Instance, dice: Dice) -> None:
    """A stall is counted under another reason."""
    _refusal(rows, dice, _moved, lambda refusal: refusal.stalls > 0)


def _moved(refusal: Refusal, dice: Dice) -> Refusal:
    names = COUNTS[1:]
    one = next(name for name in names if getattr(refusal, name))
    other = dice.of([name for name in names if name != one])
    return replace(refusal, **{one: getattr(refusal, one) - 1, other: getattr(refusal, other) + 1})


def misname(rows: Rows, instance: Instance, dice: Dice) -> None:
    """Another last place is named."""
    _refusal(rows, dice, lambda one, _: replace(one, last_place=_other(one.last_place, len(rows))), lambda one: True)


def _other(place: int | None, most: int) -> int | None:
    return 1 if place is None else place % most + 1 if most > 1 else None


def _refusal(
    rows: Rows, dice: Dice, changed: Callable[[Refusal, Dice], Refusal], fits: Callable[[Refusal], bool]
) -> None:
    at = _some(rows, dice, lambda row: any(map(fits, row.refusals)))
    if at is not None:
        refusals = list(rows[at].refusals)
        which = dice.of([number for number, one in enumerate(refusals) if fits(one)])
        refusals[which] = changed(refusals[which], dice)
        rows[at] = replace(rows[at], refusals=tuple(refusals))


OF_HOLDERS = (favour, exchange, forget, squeeze_in, push_down)
OF_CELLS = (renumber, misrank, jump_the_queue, miscount, misname)
EVERY = (*OF_HOLDERS, *OF_CELLS)


def planted(outcome: Outcome, instance: Instance, fault: Callable[[Rows, Instance, Dice], None], dice: Dice) -> Outcome:
    """The same where there was nothing to spoil."""
    rows = list(outcome.rows)
    fault(rows, instance, dice)
    return Outcome(rows=tuple(rows))


def _choices(instance: Instance, row: Row) -> Sequence[int]:
    return next(one.choices for one in instance.applicants if one.ticket == row.ticket)


def _some(rows: Rows, dice: Dice, fits: Callable[[Row], bool]) -> int | None:
    found = [at for at, row in enumerate(rows) if fits(row)]
    return dice.of(found) if found else None


def _pair(rows: Rows, dice: Dice, fits: Callable[[Row, Row], bool]) -> list[tuple[int, int]]:
    """All that fit, from a random one on."""
    found = [
        (at, there)
        for at, one in enumerate(rows)
        for there, other in enumerate(rows)
        if fits(one, other) and at != there
    ]
    first = dice.below(len(found)) if found and len(found) < 256 else 0
    return found[first:] + found[:first]
