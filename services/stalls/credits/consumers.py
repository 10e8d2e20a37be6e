"""What credits react to: a group confirms its stall, gives it back, or is given one on the day."""

from services.stalls.credits import commands
from services.stalls.credits.domain import CreditAccount, account_id
from shared.aggregates import Work
from shared.contracts.stalls_allotments import AllotmentConfirmed, AllotmentGivenBack, StandbySeated
from shared.events import Event
from shared.handlers import Handlers

ALLOTMENTS = Handlers("stalls.allotments")  # tracks nothing: an account is charged once for each allotment's id


def accounts(event: Event[AllotmentConfirmed | AllotmentGivenBack | StandbySeated]) -> list[str]:
    return [account_id(event.tenant, event.data.held.group)]


@ALLOTMENTS.on(AllotmentConfirmed, loads={CreditAccount: accounts})
async def on_allotment_confirmed(event: Event[AllotmentConfirmed], work: Work) -> None:
    held = event.data.held
    await commands.charge(work[CreditAccount], event.tenant, held.group, event.subject, min(held.days))


@ALLOTMENTS.on(StandbySeated, loads={CreditAccount: accounts})
async def on_standby_seated(event: Event[StandbySeated], work: Work) -> None:
    held = event.data.held
    await commands.charge(work[CreditAccount], event.tenant, held.group, event.subject, min(held.days))


@ALLOTMENTS.on(AllotmentGivenBack, loads={CreditAccount: accounts})
async def on_allotment_given_back(event: Event[AllotmentGivenBack], work: Work) -> None:
    if event.data.credit == "returned":
        await commands.give_back(work[CreditAccount], event.tenant, event.data.held.group, event.subject)
