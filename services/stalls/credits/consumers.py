"""What credits react to: a group confirms its stall."""

from services.stalls.credits import commands
from services.stalls.credits.domain import CreditAccount, account_id
from shared.aggregates import Work
from shared.contracts.stalls import AllotmentConfirmed
from shared.events import Event
from shared.handlers import Handlers

ALLOTMENTS = Handlers("stalls.allotments")  # tracks nothing: an account is charged once for each allotment's id


def accounts(event: Event[AllotmentConfirmed]) -> list[str]:
    return [account_id(event.tenant, event.data.held.group)]


@ALLOTMENTS.on(AllotmentConfirmed, loads={CreditAccount: accounts})
async def on_allotment_confirmed(event: Event[AllotmentConfirmed], work: Work) -> None:
    held = event.data.held
    await commands.charge(work[CreditAccount], event.tenant, held.group, event.subject, min(held.days))
