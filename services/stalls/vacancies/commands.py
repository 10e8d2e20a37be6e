"""What can be asked of vacancies: who is next for a stall that was left, and what the log says."""

import asyncio
from collections import OrderedDict

from services.stalls.calls.domain import Call
from services.stalls.draw import chain_log
from services.stalls.draw.chain import Live
from services.stalls.draw.chain_log import Entry
from services.stalls.outcomes.domain import Draw
from services.stalls.vacancies import domain, store
from services.stalls.vacancies.domain import Book, Cause, Logged, NothingDrawn, Seats, Vacancies
from shared import clock
from shared.aggregates import Finds
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound
from shared.mongo import Database
from shared.reads import BadCursor, Page, Paging, cursor_of, parsed
from shared.scoped import Published
from shared.service import Running

BOOKS_REMEMBERED = 4


class Books:
    """The logs used last, each with its lock. An entry never changes, so only what came since is read again."""

    def __init__(self) -> None:
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    def lock(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    async def read(self, key: str, running: Running, made: Draw) -> Book:
        """Raises LogBroken."""
        book = self._books.get(key)
        if book is None or not await _catch_up(running, made.kept.id, book):
            book = await _opened(running, made)
            self._books[key] = book
        self._books.move_to_end(key)
        while len(self._books) > BOOKS_REMEMBERED:
            self._locks.pop(self._books.popitem(last=False)[0], None)
        return book

    def forget(self, key: str) -> None:
        self._books.pop(key, None)

    def clear(self) -> None:
        """As a process just started knows them."""
        self._books.clear()


BOOKS = Books()


def _key(running: Running, made: Draw) -> str:
    return f"{running.database.db.name} {made.kept.id} {made.kept.outcome_digest} {id(asyncio.get_running_loop())}"


async def _opened(running: Running, made: Draw) -> Book:
    book = Book(await asyncio.to_thread(Live, made.instance, made.outcome))
    for entry in await _old(running[Vacancies], made.kept.id):
        book.read(entry)
    await _catch_up(running, made.kept.id, book)
    return book


async def _old(vacancies: Finds[Vacancies], call: str) -> list[Entry]:
    old = await vacancies.find(call)
    return domain.entries_of(old) if old else []


async def _catch_up(running: Running, call: str, book: Book) -> bool:
    """False when the last entry known is not the one that is kept."""
    known = book.entries[-1:] if book.entries and book.entries[-1].kind is not chain_log.Kind.OLD else []
    while True:
        first = known[0].number if known else len(book.entries) + 1
        found = await store.entries_from(running.database, call, first)
        if known and found[:1] != known:
            return False
        new = found[len(known) :]
        for entry in new:
            domain.require_follows(book, call, entry)
            book.read(entry)
        if not new:
            return True
        known = new[-1:]


async def record(running: Running, made: Draw, call: Call, cause: Cause, days_before: int) -> Entry | None:
    """The entry of this cause, the same however often it is asked; None when an empty stall has no taker.

    Who is next is looked for under a lock and written under the next number; who finds it taken looks again.
    Raises LogBroken.
    """
    key = _key(running, made)
    async with BOOKS.lock(key):
        while True:
            book = await BOOKS.read(key, running, made)
            if (entry := book.entry_of(cause, clock.today())) is not None:
                return entry
            try:
                return await _append(running, book, call, cause, days_before)
            except AlreadyExists:
                BOOKS.forget(key)
            except BaseException:
                BOOKS.forget(key)
                raise


async def _append(running: Running, book: Book, call: Call, cause: Cause, days_before: int) -> Entry | None:
    begun = domain.begun(book, cause, call, clock.now(), days_before)
    entry = await asyncio.to_thread(domain.decided, book, begun, domain.first_days(call))
    if entry is None:
        return None
    logged = domain.logged(call, entry)

    async def decide() -> Decision[Logged]:
        return Decision(logged)

    await running[Logged].create(logged.id, decide)
    book.add(entry)
    return entry


async def takes(running: Running, made: Draw, ticket: str) -> list[Entry]:
    """By which entries she was given a stall, those undone left out."""
    key = _key(running, made)
    async with BOOKS.lock(key):
        return (await BOOKS.read(key, running, made)).takes(ticket)


async def replayed(running: Running, made: Draw, call: Call) -> tuple[Live, list[str]]:
    """Who holds what by the log, read from its beginning; and what is wrong with it. Raises LogBroken."""
    old = await _old(running[Vacancies], call.id)
    entries = [*old, *await every(running.database, call.id)]
    live = await asyncio.to_thread(Live, made.instance, made.outcome)
    return live, await asyncio.to_thread(chain_log.replay, live, entries, domain.first_days(call))


async def every(database: Database, call: str) -> list[Entry]:
    """The entries of a call, without those of before."""
    found: list[Entry] = []
    while some := await store.entries_from(database, call, found[-1].number + 1 if found else 1):
        found += some
    return found


async def read_on(database: Database, call: str, seats: Seats) -> None:
    """What came since, at most a thousand entries."""
    for entry in await store.entries_from(database, call, seats.last + 1):
        seats.read(entry)


async def page(published: Published, database: Database, call_id: str, paging: Paging) -> Page[Entry]:
    """What anybody may read, in order. Raises NotFound, NothingDrawn, LogBroken, BadCursor."""
    call = await published[Call].find(call_id)
    if call is None:
        raise NotFound(what="calls", id=call_id)
    if call.outcome_digest is None:
        raise NothingDrawn
    last = _number(paging.cursor) if paging.cursor else 0
    old = await _old(published[Vacancies], call_id)
    found = [*old[last:], *await _shown(database, call_id, old, max(last, len(old)), paging.limit + 1)]
    items = found[: paging.limit]
    return Page(items, cursor_of(items[-1].number, call_id) if len(found) > paging.limit else None)


async def _shown(database: Database, call: str, old: list[Entry], last: int, most: int) -> list[Entry]:
    """What follows entry `last`, each from the one before it. Raises LogBroken."""
    found = await store.entries_from(database, call, max(last, 1), most + 1)
    before = old[-1].digest if old and last == len(old) else ""
    if last > len(old):
        before, found = (found[0].digest, found[1:]) if found else ("", [])
    domain.require_chained(call, last, before, found)
    return found[:most]


def _number(cursor: str) -> int:
    """Of the last entry of the page before. Raises BadCursor."""
    number, _ = parsed(cursor)
    if not isinstance(number, int) or number < 0:
        raise BadCursor
    return number
