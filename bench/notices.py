"""A message to every group: rows expanded from facts, claimed, handed to a stub, marked; and all of it told again."""

import asyncio

from bench import goods, topic
from bench.chain import rested
from bench.effects import bulk_a_second
from bench.lines import Line, took
from bench.place import Place, place
from bench.processes import Serving
from bench.settings import BenchSettings
from bench.stub import asked, stub
from bench.waiting import applied, growth
from services.notify.contacts.domain import Contact, Purpose, contact_id
from services.notify.notifications.store import NotificationDocument
from services.notify.wiring import SERVICE
from shared import clock
from shared.contracts.stalls import ApplicationWithdrawn
from shared.decisions import Decision
from shared.documents import Doc
from shared.ids import derived_id, new_id
from shared.outbox import told
from shared.service import Running

EVERYBODY = 782_000
GOAL_SECONDS = 30.0
TOPIC = ApplicationWithdrawn.topic
GROUPS = [derived_id("bench", "group", str(n)) for n in range(500)]
NEVER, SOON = "3600", "0.05"


async def measured(sizes: BenchSettings) -> list[Line]:
    """Expand alone, send alone, then the same facts once more while the sender runs."""
    async with place() as here:
        notify = await here.running(SERVICE)
        for group in GROUPS:
            await known(notify, group)
        records = [withdrawn(GROUPS[n % len(GROUPS)]) for n in range(sizes.notices)]
        expanded = await _expanded(here, notify, records)
        docs = await notify.database.collection(NotificationDocument.collection).find().to_list()
        sent, again, cpu = await _sent(here, notify, records)
        insert = await bulk_a_second(notify, docs)
    share = EVERYBODY / sizes.notices
    note = (
        f"worked out from {sizes.notices:,}; one process; {cpu:.0f} µs of processor a message; redelivery sent {again}"
    )
    limit = ("bulk insert of the rows", EVERYBODY / insert)
    parts = f"expanded in {expanded * share:,.0f} s, sent in {sent * share:,.0f} s; {note}"
    return [
        took(
            "notices",
            "782,000 messages: expand, claim, send, mark",
            (expanded + sent) * share,
            *limit,
            GOAL_SECONDS,
            parts,
        )
    ]


def withdrawn(group: str) -> Doc:
    subject = new_id()
    fact = ApplicationWithdrawn(call=new_id(), group=group, categories=("food",), submitted_at=clock.now())
    return topic.record(told(fact, subject, goods.TENANT, (1, 1), clock.now()), "/stalls", TOPIC, subject)


async def known(notify: Running, group: str) -> None:
    async def decide() -> Decision[Contact]:
        agreed = dict.fromkeys(Purpose, True)
        id_ = contact_id(goods.TENANT, group)
        return Decision(
            Contact(id=id_, tenant=goods.TENANT, party=group, language="mr", phone="+919800000000", consents=agreed)
        )

    await notify.stores[Contact].create(contact_id(goods.TENANT, group), decide)


async def _expanded(here: Place, notify: Running, records: list[Doc]) -> float:
    """Seconds for all rows, nothing sent."""
    await topic.write(notify.settings, notify.settings.topic(TOPIC), records)
    consumer = here.start("notify", "consume", SEND_POLL_SECONDS=NEVER)
    found = await applied(notify, len(records), consumer)
    consumer.stop()
    return len(records) / found.per_second


async def _sent(here: Place, notify: Running, records: list[Doc]) -> tuple[float, int, float]:
    """Seconds until every row is marked; what a redelivery sent besides; processor time a message."""
    provider = stub(here)
    sender = here.start(
        "notify", "consume", SEND_POLL_SECONDS=SOON, SMS_PROVIDER_URL=f"http://127.0.0.1:{provider.port}"
    )
    found = await growth(lambda: taken(provider), len(records), "messages", sender)
    await rested(notify)
    await topic.write(notify.settings, notify.settings.topic(TOPIC), records)
    await applied(notify, 2 * len(records), sender)
    await rested(notify)
    again = await taken(provider) - len(records)
    sender.stop()
    return len(records) / found.per_second, again, found.cpu_microseconds


async def taken(provider: Serving) -> int:
    return int((await asyncio.to_thread(asked, provider))["taken"])
