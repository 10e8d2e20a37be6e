"""What can be asked of a kept outcome: a page, one ticket, the file, who stands at which places.

Only the parts in which an answer stands are read. What was kept before there were such is read whole.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence

from services.stalls.applications import commands as applications
from services.stalls.calls.domain import Call
from services.stalls.draw import archive, headers
from services.stalls.draw.headers import Listed
from services.stalls.outcomes import domain
from services.stalls.outcomes.domain import Draw, InLine, KeptOutcome
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from shared.aggregates import Finds
from shared.errors import NotFound
from shared.reads import BadCursor, Page, Paging, cursor_of, parsed
from shared.scoped import Published
from shared.service import Running

SENT_AT_ONCE_BYTES = 64 * 1024  # on a slow line a whole part would look like silence
DRAWS_REMEMBERED = 4  # a week after a draw hardly anybody asks for it
ROWS, REASONS, LINE, TICKETS = "outcome.csv", "refusals.csv", "line", "tickets"


class Recent:
    """The draws read whole last. An outcome never changes, so what was read once stays true."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, ...], Draw] = OrderedDict()

    async def read(self, kept: KeptOutcome, parts: Finds[TextPart]) -> Draw:
        """Raises DrawFilesDamaged where the texts are not those that were published."""
        key = (kept.id, kept.outcome_digest, *kept.register)
        if key not in self._read:
            files_, register = await texts.read_all(parts, kept.files), await texts.read_sound(parts, kept.register)
            self._read[key] = await asyncio.to_thread(domain.read, kept, files_, register)
        self._read.move_to_end(key)
        while len(self._read) > DRAWS_REMEMBERED:
            self._read.popitem(last=False)
        return self._read[key]


RECENT = Recent()


async def acted_on(running: Running, call: Call) -> KeptOutcome:
    """The outcome as it was published. Raises OutcomeNotYet, DrawFilesDamaged."""
    kept = await running[KeptOutcome].find(call.id)
    if kept is None:
        raise domain.not_yet(call)
    domain.require_digest(call, "outcome", kept.outcome_digest, call.outcome_digest)
    domain.require_same_parts(kept)
    return kept


async def require_theirs(running: Running, call: Call, some: Sequence[InLine]) -> None:
    """Each row is of the group whose application has its ticket. Raises TicketOfAnother."""
    ids = [one.whose.application for one in some]
    domain.require_theirs(call, some, await applications.whose(running.database, call.id, call.tenant, ids))


async def drawn(running: Running, call: Call) -> Draw:
    """All of it, for those who act on it. Raises OutcomeNotYet, DrawFilesDamaged."""
    return await RECENT.read(await acted_on(running, call), running[TextPart])


async def outcome(
    published: Published, call_id: str, paging: Paging, ticket: str | None
) -> tuple[Call, KeptOutcome, Page[InLine]]:
    """What anybody may read: who stands in line, or the one of a ticket.

    Raises NotFound, OutcomeNotYet, BadTicket, TicketNotDrawn, BadCursor, TextChanged, DrawFilesDamaged.
    """
    call, kept = await _kept(published, call_id)
    parts = published[TextPart]
    if ticket is not None:
        return call, kept, Page(await of_ticket(kept, parts, domain.ticket_of(ticket)), None)
    return call, kept, await page(kept, parts, paging)


async def file(published: Published, call_id: str) -> tuple[KeptOutcome, int, AsyncIterator[bytes]]:
    """The zip anybody can check, of what is kept: its bytes, and these piece by piece; the same every time.

    Raises NotFound, OutcomeNotYet.
    """
    _, kept = await _kept(published, call_id)
    if not kept.weights:
        whole = await asyncio.to_thread(archive.pack, await texts.read_all(published[TextPart], kept.files))
        return kept, len(whole), _one(whole)
    listed = [Listed(name=name, size=of.bytes, crc=of.crc32) for name, of in sorted(kept.weights.items())]
    return kept, archive.length(listed), _zipped(kept, listed, published[TextPart])


async def in_line(
    kept: KeptOutcome, parts: Finds[TextPart], first: int, last: int, *, reasons: bool = False
) -> list[InLine]:
    """Who stands at these places, both included; with `reasons` also why nothing better. Raises TextChanged, ..."""
    if not kept.shelves:
        made = await RECENT.read(kept, parts)
        return [_of_whole(made, row.ticket) for row in made.outcome.rows[first - 1 : last]]
    names = (ROWS, LINE, REASONS) if reasons else (ROWS, LINE)
    ids = {name: kept.shelves[name].covering(first, last) for name in names}
    found = dict(zip(ids, await asyncio.gather(*(texts.read_sound(parts, some) for some in ids.values())), strict=True))
    return domain.in_line(found[ROWS], found[LINE], found.get(REASONS, ""), first, last)


async def page(kept: KeptOutcome, parts: Finds[TextPart], paging: Paging) -> Page[InLine]:
    before = _place(paging.cursor) if paging.cursor else 0
    last = min(before + paging.limit, kept.rows)
    found = await in_line(kept, parts, before + 1, last, reasons=True) if before < last else []
    return Page(found, cursor_of(last, found[-1].row.ticket) if found and last < kept.rows else None)


async def of_ticket(kept: KeptOutcome, parts: Finds[TextPart], ticket: str) -> list[InLine]:
    """Where she stands and why. Raises TicketNotDrawn, TextChanged."""
    if not kept.shelves:
        return [_of_whole(await RECENT.read(kept, parts), ticket)]
    tickets = await texts.read_sound(parts, kept.shelves[TICKETS].covering(int(ticket), int(ticket)))
    place = domain.place_in(tickets, ticket)
    if place is None:
        raise domain.TicketNotDrawn(ticket=ticket)
    return await in_line(kept, parts, place, place, reasons=True)


def _of_whole(made: Draw, ticket: str) -> InLine:
    """Raises TicketNotDrawn."""
    return InLine(row=made.row_of(ticket), whose=made.whose(ticket))


async def _one(whole: bytes) -> AsyncIterator[bytes]:
    yield whole


async def _zipped(kept: KeptOutcome, listed: Sequence[Listed], parts: Finds[TextPart]) -> AsyncIterator[bytes]:
    """As `archive.packed` makes it; a part of a file is held at a time."""
    for entry in listed:
        yield headers.local(entry)
        for id_ in kept.files[entry.name]:
            part = (await texts.read_part(parts, id_)).encode("utf-8")
            for at in range(0, len(part), SENT_AT_ONCE_BYTES):
                yield part[at : at + SENT_AT_ONCE_BYTES]
    yield headers.directory(listed)


async def _kept(published: Published, call_id: str) -> tuple[Call, KeptOutcome]:
    call, kept = await asyncio.gather(published[Call].find(call_id), published[KeptOutcome].find(call_id))
    if call is None:
        raise NotFound(what="calls", id=call_id)
    if kept is None:
        raise domain.not_yet(call)
    domain.require_same_parts(kept)
    return call, kept


def _place(cursor: str) -> int:
    """Of the last row of the page before. Raises BadCursor."""
    place, _ = parsed(cursor)
    if not isinstance(place, int) or place < 0:
        raise BadCursor
    return place
