"""What can be asked of a closed call: open its nonce. Closing and drawing it are outcomes' business."""

from functools import partial

from services.stalls.calls.domain import Call
from services.stalls.steps import domain
from shared.aggregates import Aggregates
from shared.scope import Caller


async def open_nonce(calls: Aggregates[Call], call_id: str, nonce: str, caller: Caller) -> Call:
    """Raises NotFound, OutsideArea, NotClosedYet, NonceMismatch."""
    return await calls.change(call_id, partial(domain.open_nonce, nonce=nonce, by=caller.scope), caller)
