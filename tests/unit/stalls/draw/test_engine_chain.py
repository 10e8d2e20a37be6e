"""The compiled chain is the specification's, step for step; a state's worth of events is not looked at for one."""

import numpy as np
from hypothesis import given

from services.stalls.draw.chain import Live, Seat, Step
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.chain import PHASES, Chain
from services.stalls.draw.engine.tables import I32, Tables, tables_of
from tests.unit.stalls.draw.chains import OFTEN, Act, Story, acted, opting, stories


class Played:
    """A story by the engine, in the specification's words."""

    def __init__(self, story: Story) -> None:
        self.tables: Tables = tables_of(story.instance)
        result = allocate(self.tables, story.outcome_seed)
        self.chain = Chain(self.tables, result)
        self.tickets = [f"{int(self.tables.tickets[who]):016}" for who in result.order]

    def acted(self, act: Act) -> list[Step]:
        phases = np.array([PHASES.index(act.phases[int(number)]) for number in self.tables.events], np.int8)
        place = self.tickets.index(act.ticket)
        if act.event is None:
            return [self.step(row) for row in self.chain.cancel(place, phases)]
        event = int(np.searchsorted(self.tables.events, act.event))
        return [self.step(row) for row in self.chain.stand_by(place, event, phases)]

    def step(self, row: I32) -> Step:
        leaver, event, stall, taker, source, left = map(int, row)
        return Step(
            leaver=None if leaver < 0 else self.tickets[leaver],
            event=int(self.tables.events[event]),
            stall=stall,
            taker=None if taker < 0 else self.tickets[taker],
            source=None if source < 0 else (int(self.tables.events[source]), left),
        )

    @property
    def held(self) -> dict[str, Seat]:
        hall = self.chain.hall
        rows = zip(self.tickets, hall.event, hall.stall, strict=True)
        return {ticket: (int(self.tables.events[event]), int(stall)) for ticket, event, stall in rows if event >= 0}


@OFTEN
@given(stories())
def test_the_engine_moves_whom_the_specification_moves(story: Story) -> None:
    live, played = Live(story.instance, story.outcome), Played(story)
    assert played.held == live.held
    for act in story.acts:
        assert played.acted(act) == acted(live, act)
        assert played.held == live.held


@OFTEN
@given(stories())
def test_where_all_want_more_and_where_nobody_does_the_engine_follows_too(story: Story) -> None:
    for wish in (True, False):
        instance = opting(story.instance, [wish] * len(story.instance.applicants))
        told = Story(instance, story.outcome, story.outcome_seed, story.acts)
        live, played = Live(instance, story.outcome), Played(told)
        for act in story.acts:
            assert played.acted(act) == acted(live, act)
        assert played.held == live.held
