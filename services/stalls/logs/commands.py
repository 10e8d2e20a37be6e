"""What can be asked of the log of a call: all of it, if it is whole."""

from services.stalls.calls.domain import Call
from services.stalls.logs import domain
from shared.scoped import Published


async def get(published: Published, call_id: str) -> Call:
    """What anybody may read. Raises NotFound, LogDamaged."""
    call = await published[Call].get(call_id)
    domain.require_sound(call)
    return call
