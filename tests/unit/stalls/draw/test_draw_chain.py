"""Sentences about stalls given back: chains of moves to better choices, one new group at most, nobody dropped."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given

from services.stalls.draw.accept import accept
from services.stalls.draw.chain import Live, Phase, Seat, Step, cancel, stand_by
from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.unit.stalls.draw.chains import OFTEN, Act, Story, acted, opting, stories
from tests.unit.stalls.draw.instances import SEED, group, places

Held = dict[str, Seat]
LAST = 99


def lived(story: Story) -> Iterator[tuple[Act, Held, list[Step], Live]]:
    """Each act, who held what before it, its chain, and what came of it."""
    live = Live(story.instance, story.outcome)
    for act in story.acts:
        before = dict(live.held)
        yield act, before, acted(live, act), live


def rank(applicant: Applicant, seat: Seat | None) -> int:
    return LAST if seat is None else applicant.choices.index(seat[0])


@OFTEN
@given(stories())
def test_a_vacancy_brings_at_most_one_new_group_and_drops_nobody(story: Story) -> None:
    for act, before, steps, live in lived(story):
        kept = set(before) - ({act.ticket} if act.event is None else set())
        assert kept <= set(live.held)
        new = set(live.held) - kept
        assert len(new) <= 1
        assert new == {step.taker for step in steps if step.taker and step.source is None}


@OFTEN
@given(stories())
def test_nobody_is_worse_off_when_another_leaves_and_who_moves_asked_for_it(story: Story) -> None:
    people = {one.ticket: one for one in story.instance.applicants}
    for act, before, _, live in lived(story):
        for ticket, seat in before.items():
            if ticket == act.ticket and act.event is None:
                continue
            now = live.held[ticket]
            assert rank(people[ticket], now) <= rank(people[ticket], seat)
            moved = now != seat
            assert not moved or people[ticket].upgrade
            assert not moved or act.phases[now[0]] is act.phases[seat[0]] is Phase.UPGRADES


@OFTEN
@given(stories())
def test_a_chain_is_one_line_of_stalls_each_left_for_the_one_before_it(story: Story) -> None:
    for act, before, steps, live in lived(story):
        for step, following in pairwise(steps):
            assert (step.source, step.taker) == ((following.event, following.stall), following.leaver)
        if act.event is None and act.ticket in before:
            assert (steps[0].leaver, (steps[0].event, steps[0].stall)) == (act.ticket, before[act.ticket])
        touched = {step.event for step in steps}
        elsewhere = {t: seat for t, seat in before.items() if seat[0] not in touched}
        assert elsewhere == {t: seat for t, seat in live.held.items() if seat[0] not in touched}
        assert not live.pending


@OFTEN
@given(stories())
def test_no_stall_ever_has_two_holders_and_the_plan_still_seats_everybody(story: Story) -> None:
    place = places(story.instance, story.outcome_seed)
    for _, _, _, live in lived(story):
        assert len(set(live.held.values())) == len(live.held)
        for event in story.instance.events:
            mine = [one for one in story.instance.applicants if live.held.get(one.ticket, (0, 0))[0] == event.number]
            mine.sort(key=lambda one: place[one.ticket])
            assert list(choose(event, mine).holders) == mine
            assert sorted(live.tickets[event.number].values()) == sorted(one.ticket for one in mine)


@OFTEN
@given(stories(last=Phase.OFFERS))
def test_among_those_who_take_part_nobody_has_a_claim_to_anothers_stall(story: Story) -> None:
    for act, _, _, live in lived(story):
        for event in story.instance.events:
            holders = set(live.tickets[event.number].values())
            pool = [
                one
                for one in live.wanted[event.number]
                if one.ticket in holders or live.may_take(one, event.number, act.phase_of)
            ]
            assert {one.ticket for one in choose(event, pool).holders} == holders


@OFTEN
@given(stories())
def test_on_the_day_only_who_stands_there_is_taken_and_afterwards_nobody(story: Story) -> None:
    for act, before, steps, live in lived(story):
        for step in steps:
            phase = act.phases[step.event]
            assert phase is not Phase.OVER or step.taker is None
            if phase is Phase.STANDBY and step.taker is not None:
                assert step.taker in live.standing_by[step.event]
                assert step.taker not in before


def three_in_a_row() -> tuple[Instance, Live]:
    """One stall on each of three grounds, four groups: the second and third would rather be where the one before is."""
    events = tuple(Event(number=number, lines=(Line(count=1),)) for number in (1, 2, 3))
    people = (
        group(1, 1, upgrade=True),
        group(2, 1, 2, tier=1, upgrade=True),
        group(3, 1, 2, 3, tier=2, upgrade=True),
        group(4, 3, tier=3),
    )
    instance = Instance(applicants=people, events=events)
    return instance, Live(instance, accept(instance, SEED))


def tickets(*numbers: int) -> list[str]:
    return [f"{number:016}" for number in numbers]


def test_a_stall_that_is_left_moves_a_whole_row_up_and_brings_in_who_had_none() -> None:
    _, live = three_in_a_row()
    first, second, third, fourth = tickets(1, 2, 3, 4)
    steps = cancel(live, first, lambda _: Phase.UPGRADES)
    assert [(step.leaver, step.taker, step.event) for step in steps] == [
        (first, second, 1),
        (second, third, 2),
        (third, fourth, 3),
    ]
    assert live.held == {second: (1, 1), third: (2, 1), fourth: (3, 1)}


def test_who_did_not_ask_for_a_better_choice_is_left_in_peace() -> None:
    instance, _ = three_in_a_row()
    content = opting(instance, [True, False, False, False])
    live = Live(content, accept(content, SEED))
    assert [step.taker for step in cancel(live, "1".zfill(16), lambda _: Phase.UPGRADES)] == [None]


def test_a_ground_whose_last_week_has_begun_is_not_left_for_another() -> None:
    _, live = three_in_a_row()
    phases = {1: Phase.UPGRADES, 2: Phase.OFFERS, 3: Phase.UPGRADES}
    first, _, third, fourth = tickets(1, 2, 3, 4)
    steps = cancel(live, first, phases.__getitem__)
    assert [(step.taker, step.source) for step in steps] == [(third, (3, 1)), (fourth, None)]


def test_in_the_last_week_a_stall_goes_only_to_a_group_without_one() -> None:
    _, live = three_in_a_row()
    third, fourth = tickets(3, 4)
    assert [step.taker for step in cancel(live, third, lambda _: Phase.OFFERS)] == [fourth]


def test_an_empty_stall_is_given_on_the_day_to_who_comes_in_order_of_place() -> None:
    event = Event(number=1, lines=(Line(count=2),))
    instance = Instance(applicants=tuple(group(number, tier=number % 7) for number in range(1, 6)), events=(event,))
    live = Live(instance, accept(instance, SEED))
    first, second, third, fourth, fifth = tickets(1, 2, 3, 4, 5)
    today = {1: Phase.STANDBY}.__getitem__
    assert stand_by(live, fifth, 1, today) == []
    assert [step.taker for step in cancel(live, first, today)] == [fifth]
    assert stand_by(live, fourth, 1, today) == stand_by(live, third, 1, today) == []
    assert [step.taker for step in cancel(live, second, today)] == [third]


def test_who_comes_late_does_not_push_out_who_was_let_in_before() -> None:
    """A stall kept for the disabled went to another, as nobody else stood there; a disabled one comes after."""
    kept = Line(tags=frozenset({"disabled_led"}), count=1)
    event = Event(number=1, lines=(kept, Line(categories=frozenset({"paper"}), fallback=frozenset(), count=1)))
    hers = frozenset({"disabled_led"})
    people = (group(1, tags=hers), group(2, sells="paper", tier=1), group(3, tier=2), group(4, tags=hers, tier=1))
    instance = Instance(applicants=people, events=(event,))
    live = Live(instance, accept(instance, SEED))
    first, second, third, fourth = tickets(1, 2, 3, 4)
    today = {1: Phase.STANDBY}.__getitem__
    stand_by(live, third, 1, today)
    assert [step.taker for step in cancel(live, first, today)] == [third]
    stand_by(live, fourth, 1, today)
    assert [step.taker for step in cancel(live, second, today)] == [None]
    assert live.held == {third: (1, 1)}
