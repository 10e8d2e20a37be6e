"""Sentences about an event's choice rule: what the staged plan promises, on small events of every kind."""

from collections import Counter

from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Event, takes
from tests.properties.dice import Dice
from tests.properties.draws import dices, events, pools, small_pools
from tests.properties.proving import holds, of_the_specification
from tests.properties.slots import Slot, guarantee, most_seated, passes, slot_by_slot
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import PRODUCTS

Pool = tuple[Applicant, ...]


def slots_of(event: Event) -> list[Slot]:
    return [Slot(n, at, line) for at, line in enumerate(event.lines) for n in range(line.count)]


@holds(events, small_pools)
def test_it_takes_whom_the_rule_takes_slot_by_slot(subject: Subject, event: Event, pool: Pool) -> None:
    seated = [applicant for step in slot_by_slot(event, pool) for applicant in step.seats.values()]
    assert Counter(subject.taken(event, pool)) == Counter(seated)


@of_the_specification(events, small_pools)
def test_each_pass_takes_whom_and_what_it_takes_slot_by_slot(subject: Subject, event: Event, pool: Pool) -> None:
    for found, expected in zip(choose(event, pool).passes, slot_by_slot(event, pool), strict=True):
        assert set(found.holders) == set(expected.seats.values())
        at = [slot.at for slot in expected.seats]
        assert list(found.stalls) == [at.count(number) for number in range(len(event.lines))]


@holds(events, pools, dices)
def test_substitutes_who_is_refused_is_not_wanted_when_others_come(
    subject: Subject, event: Event, pool: Pool, dice: Dice
) -> None:
    fewer = [i for i in pool if dice.below(2)]
    refused = set(fewer) - set(subject.taken(event, fewer))
    assert refused.isdisjoint(subject.taken(event, pool))


@holds(events, pools, dices)
def test_size_monotone_more_applicants_never_fill_fewer_stalls(
    subject: Subject, event: Event, pool: Pool, dice: Dice
) -> None:
    fewer = [i for i in pool if dice.below(2)]
    assert len(subject.taken(event, fewer)) <= len(subject.taken(event, pool))


@holds(events, pools, dices)
def test_path_independence_in_parts_and_then_among_the_chosen_is_the_same(
    subject: Subject, event: Event, pool: Pool, dice: Dice
) -> None:
    sides = [dice.below(3) for _ in pool]
    left = subject.taken(event, [i for i, side in zip(pool, sides, strict=True) if side != 0])
    right = subject.taken(event, [i for i, side in zip(pool, sides, strict=True) if side != 1])
    assert subject.taken(event, [i for i in pool if i in left or i in right]) == subject.taken(event, pool)


@holds(events, small_pools)
def test_the_guarantee_pass_is_a_maximum_matching(subject: Subject, event: Event, pool: Pool) -> None:
    """Those taken could fill as many of the open stalls kept for them as all applicants could."""
    taken, slots = subject.taken(event, pool), slots_of(event)
    assert most_seated(taken, slots, guarantee("open")) == most_seated(pool, slots, guarantee("open"))


@of_the_specification(events, small_pools)
def test_every_pass_seats_as_many_as_can_be_seated(subject: Subject, event: Event, pool: Pool) -> None:
    left, free = list(pool), slots_of(event)
    for step, may in zip(choose(event, pool).passes, passes(event), strict=True):
        assert len(step.holders) == most_seated(left, free, may)
        left = [i for i in left if i not in step.holders]
        for at, count in enumerate(step.stalls):
            for slot in [slot for slot in free if slot.at == at][:count]:
                free.remove(slot)


@holds(events, pools)
def test_no_waste_no_listed_stall_she_fits_stays_empty(subject: Subject, event: Event, pool: Pool) -> None:
    taken = subject.taken(event, pool)
    steps = slot_by_slot(event, taken)
    filled = [slot.at for step in steps for slot in step.seats]
    for at, line in enumerate(event.lines):
        if filled.count(at) < line.count:
            assert not any(step.may(i, line) for i in pool if i not in taken for step in steps)


@holds(events, pools)
def test_caps_written_into_the_plan_hold_whoever_comes(subject: Subject, event: Event, pool: Pool) -> None:
    taken = subject.taken(event, pool)
    for product in PRODUCTS:
        admitting = sum(s.count for s in event.lines if takes(s.categories, product) or takes(s.fallback, product))
        assert sum(product in holder.categories for holder in taken) <= admitting
