"""What turns react to: a stall is confirmed, taken on the day, exchanged for a better one, given back."""

from collections.abc import Iterable
from datetime import date

from services.catalog.groups.domain import Group
from services.catalog.turns import commands
from services.catalog.turns.domain import Turns, turns_id
from shared.aggregates import Work
from shared.contracts.stalls_allotments import AllotmentConfirmed, AllotmentGivenBack, AllotmentUpgraded, StandbySeated
from shared.events import Event
from shared.handlers import Handlers

ALLOTMENTS = Handlers("stalls.allotments")  # tracks nothing: where each allotment stands is kept in its group's turns

HolderTold = AllotmentConfirmed | StandbySeated | AllotmentUpgraded | AllotmentGivenBack


def turns(event: Event[HolderTold]) -> list[str]:
    return [turns_id(event.tenant, event.data.held.group)]


def group(event: Event[HolderTold]) -> list[str]:
    return [event.data.held.group]


@ALLOTMENTS.on(AllotmentConfirmed, loads={Turns: turns, Group: group})
async def on_allotment_confirmed(event: Event[AllotmentConfirmed], work: Work) -> None:
    await hear(event, event.data.held.days, work)


@ALLOTMENTS.on(StandbySeated, loads={Turns: turns, Group: group})
async def on_standby_seated(event: Event[StandbySeated], work: Work) -> None:
    await hear(event, event.data.held.days, work)


@ALLOTMENTS.on(AllotmentUpgraded, loads={Turns: turns, Group: group})
async def on_allotment_upgraded(event: Event[AllotmentUpgraded], work: Work) -> None:
    """Where she had not confirmed, the better one waits for her answer too."""
    if event.data.confirm_by is None:
        await hear(event, event.data.held.days, work)


@ALLOTMENTS.on(AllotmentGivenBack, loads={Turns: turns, Group: group})
async def on_allotment_given_back(event: Event[AllotmentGivenBack], work: Work) -> None:
    await hear(event, (), work)


async def hear(event: Event[HolderTold], days: Iterable[date], work: Work) -> None:
    await commands.hear(work, event.tenant, event.data.held.group, event.subject, days, event.place)
