"""A window of any size as it stands at its close, planted straight into the database; and two officers who draw it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from services.stalls.applications.domain import Application, Desk, submit
from services.stalls.applications.store import ApplicationDocument
from services.stalls.calls.domain import Call, Status, open_
from services.stalls.calls.store import CallDocument
from services.stalls.draw.plan import Line as Stalls
from services.stalls.draw.seed import commitment
from services.stalls.draws import commands as draws
from services.stalls.draws.commands import Value
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.makers.store import KnownGroupDocument
from services.stalls.offers.domain import Offer, Opening, Promise
from services.stalls.venues.domain import Venue
from services.stalls.venues.store import VenueDocument
from services.stalls.wishes.domain import Wish
from shared import clock
from shared.decisions import Decision
from shared.documents import Doc, Kind
from shared.ids import derived_id, new_id
from shared.localized import Localized
from shared.outbox import Entry, insert_all, new_document
from shared.scope import Caller, Role, Scope
from shared.service import Running

GROUNDS, STALLS = 60, 512
PLAN = (Stalls(count=200), Stalls(tags=frozenset({"mavim"}), count=200), Stalls(tags=frozenset({"rural"}), count=112))
OFFICER = Scope(tenant="27", role=Role.MISSION_MANAGER, party="officer-1")
PLANTED_AT_ONCE = 1_000
ENVELOPE = ("tenant", "schema", "version", "sequence", "seen", "requests", "outbox")
PATIENCE_SECONDS = 3_600.0
LOOK_SECONDS = 0.05
A_SECOND = timedelta(seconds=1)


async def planted(running: Running, applications: int) -> Call:
    """As if so many groups had applied; what they told the world when they did is not told again."""
    grounds = {f"venue-{number}": _ground(number) for number in range(1, GROUNDS + 1)}
    call = _call(grounds)
    await insert_all(running.database, VenueDocument, [Decision(one) for one in grounds.values()])
    await insert_all(running.database, CallDocument, [Decision(call)])
    for kind, docs in ((KnownGroupDocument, _groups(applications)), (ApplicationDocument, _asked(call, applications))):
        await _inserted(running, kind, docs)
    return call


def _ground(number: int) -> Venue:
    names = Localized(mr=f"शारदा प्रांगण {number}", hi=f"शारदा प्रांगण {number}", en=f"Sharada hall {number}")
    return Venue(
        id=f"venue-{number}",
        tenant="27",
        kind="exhibition_hall",
        owner="नगरपरिषद",
        names=names,
        district="490",
        block="4512",
        stalls=STALLS,
    )


def _call(grounds: dict[str, Venue]) -> Call:
    """Its close lies behind us; its public value comes a second after it was closed."""
    closes_at = (clock.now() - timedelta(hours=2)).replace(microsecond=0)
    days = (clock.today() + timedelta(days=21),)
    opening = Opening(
        names=Localized(mr="दिवाळी बाजार, महाराष्ट्र"),
        opens_at=closes_at - timedelta(days=1),
        closes_at=closes_at,
        offers=tuple(Offer(venue=id_, days=days, lines=PLAN, caps={}) for id_ in grounds),
        promises=(Promise(names=Localized(mr="ग्रामविकास विभाग"), commitment=commitment("pinned")),),
        public_source="मुंबई सराफा बाजार",
        public_at=closes_at + A_SECOND,
    )
    return open_(new_id(), opening, grounds, OFFICER, closes_at - timedelta(days=2), A_SECOND).state


def _groups(count: int) -> Iterator[Doc]:
    like = KnownGroup(id="", tenant="27", programme="umed", district="490", block="4512", local_body=None)
    for number in range(count):
        known = replace(like, id=_group(number), programme="umed" if number % 3 else "mavim")
        yield {**KnownGroupDocument.of(known), "_id": known.id}


def _group(number: int) -> str:
    return derived_id("bench", "group", str(number))


def _asked(call: Call, count: int) -> Iterator[Doc]:
    """One application, with the identity, ticket and wishes of so many."""
    like = _application(call)
    for number in range(count):
        group = _group(number)
        choices = tuple((number * 7 + step * 11) % GROUNDS + 1 for step in range(number % 5 + 1))
        ticket = f"{(number * 2_654_435_761 + 1) % 10**16:016d}"
        one = replace(like, id=derived_id(call.id, group), group=group, ticket=ticket, choices=choices)
        yield {**ApplicationDocument.of(one), "_id": one.id}


def _application(call: Call) -> Application:
    group = KnownGroup(id="g", tenant="27", programme="umed", district="490", block="4512", local_body=None)
    product = KnownProduct(id="p", tenant="27", seller="g", category="food", on_sale=True)
    by = Scope(tenant="27", role=Role.GROUP_LEADER, party="leader", groups=frozenset({"g"}))
    wish = Wish(choices=(1,), products=("p",), fssai="12345678901234")
    desk = Desk(call=call, group=group, products={"p": product})
    at = call.closes_at - timedelta(hours=1)
    return submit("a", "g", wish, desk, ticket="0" * 16, by=by, now=at).state


async def _inserted(running: Running, kind: Kind, docs: Iterator[Doc]) -> None:
    entry: Entry[Venue] = Entry(VenueDocument, None, None)
    entry.decided(Decision(_ground(1)))
    envelope = {**new_document(entry, running.database.incarnation, None), "schema": kind.schema}
    envelope = {
        name: envelope[name] for name in ("tenant", "schema", "version", "sequence", "seen", "requests", "outbox")
    }
    rows, some = running.database.collection(kind.collection), list[Doc]()
    for doc in docs:
        some.append({**envelope, **doc})
        if len(some) == PLANTED_AT_ONCE:
            await rows.insert_many(some, ordered=False)
            some = []
    if some:
        await rows.insert_many(some, ordered=False)


async def closed(running: Running, call_id: str) -> None:
    await draws.close(running, call_id, Caller(scope=OFFICER, key="close", body="close"))
    await reached(running, call_id, Status.CLOSED)


async def confirmed(running: Running, call_id: str) -> None:
    """Named by one officer, confirmed by another: from now on it is drawn."""
    call = await running[Call].get(call_id)
    await asyncio.sleep(max(0.0, (call.value_from - clock.now()).total_seconds()))
    value = Value(value="78425", published_at=clock.now())
    for party in ("officer-1", "officer-2"):
        by = Caller(scope=replace(OFFICER, party=party), key=party, body=party)
        await draws.draw(running, call_id, value, by)


async def reached(running: Running, call_id: str, *statuses: Status) -> Call:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (call := await running[Call].get(call_id)).status not in statuses:  # noqa: ASYNC110  another process
            await asyncio.sleep(LOOK_SECONDS)
    return call
