"""What can be asked of a closed call's nonces: open one of them."""

from functools import partial

from services.stalls.calls.domain import Call
from services.stalls.nonces import domain
from shared import clock
from shared.aggregates import Aggregates
from shared.scope import Caller


async def open_nonce(calls: Aggregates[Call], call_id: str, nonce: str, caller: Caller) -> Call:
    """Raises NotFound, OutsideArea, NotClosedYet, NonceMismatch, NonceTooLate."""
    decide = partial(domain.open_nonce, nonce=nonce, by=caller.scope, now=clock.now())
    return await calls.change(call_id, decide, caller)
