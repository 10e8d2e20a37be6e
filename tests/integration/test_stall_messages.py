"""What became of an application, from the log to a phone: once, in her language, however often it is delivered."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from services.notify.channels.sender import sender
from services.notify.contacts.domain import Contact, contact_id
from services.notify.settings import NotifySettings
from services.notify.wiring import SERVICE
from shared.consumer import consume
from shared.contracts.stalls_allotments import AllotmentConfirmed, AllotmentLapsed
from shared.decisions import Decision
from shared.documents import Doc
from shared.errors import LANGUAGES, Language
from shared.events import Fact
from shared.health import Health, writes_to
from shared.ids import new_id
from shared.kafka import create_topics
from shared.mongo import connect, ensure_indexes
from shared.service import Running, Stores
from shared.testing import settings_for
from tests.integration.kernel.conftest import Log, record
from tests.integration.sms_parties import SECRET, Customer, Provider
from tests.processes import playing, until
from tests.unit.notify.events_told import (
    APPLICATION,
    TICKET,
    allotted,
    changed,
    confirmed,
    declined,
    held,
    lapsed,
    submitted,
    waitlisted,
    withdrawn,
)

APPLICATIONS, ALLOTMENTS = "stalls.applications", "stalls.allotments"
TOPICS = [handlers.topic for handlers in SERVICE.handlers]


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    started = Provider(tmp_path_factory.mktemp("provider"), Customer())
    started.start()
    yield started
    started.process.kill()


@dataclass(frozen=True)
class Notify:
    """The service's consumer and sender in this process, on a namespace of its own."""

    running: Running
    provider: Provider

    async def hears(self, topic: str, *records: Doc) -> None:
        log = Log(self.running.settings)
        log.topic = self.running.settings.topic(topic)
        await log.write(*records)

    async def knows(self, party: str, phone: str | None, language: Language = "mr", relay: str | None = None) -> None:
        id_ = contact_id("27", party)

        async def decide() -> Decision[Contact]:
            return Decision(Contact(id=id_, tenant="27", party=party, phone=phone, language=language, relay=relay))

        await self.running.stores[Contact].create(id_, decide)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        health = Health(writes_to(self.running.database))
        async with playing(consume(self.running, health)), playing(sender(self.running)):
            yield

    async def consumed(self, records: int) -> None:
        """Until so many records of all topics are behind the consumer."""
        offsets = self.running.database.collection("consumer_offsets")

        async def all_of_it() -> bool:
            return sum([int(row["next"]) async for row in offsets.find()]) == records

        await until(all_of_it, what=f"{records} records consumed")

    async def sent(self, rows: int) -> list[Doc]:
        """The rows, in order, once there are so many and none is still to be sent."""
        ledger = self.running.database.collection("notifications")

        async def all_out() -> bool:
            return await ledger.count_documents({"due_at": None}) == rows == await ledger.count_documents({})

        await until(all_out, what=f"{rows} messages are out")
        return await ledger.find().sort("_id").to_list()


@pytest.fixture
async def notify(provider: Provider) -> AsyncIterator[Notify]:
    settings = settings_for(
        NotifySettings,
        mongodb_uri=os.environ["MONGODB_URI"],
        kafka_bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        namespace=f"t{secrets.token_hex(4)}-",
        session_timeout_milliseconds=2000,
        sms_provider_url=str(provider.client.base_url),
        sms_callback_secret=SECRET,
    )
    await asyncio.to_thread(create_topics, settings, TOPICS)
    database = await connect(settings.mongodb_uri, settings.database_name("notify"))
    await ensure_indexes(database, SERVICE.kinds)
    yield Notify(Running(SERVICE, settings, database, Stores(database, SERVICE.kinds)), provider)
    await database.client.drop_database(database.db.name)
    await database.client.close()


def of(group: str, *facts: Any) -> list[Fact]:
    """The same facts of another group."""
    return [type(fact).model_validate(with_group(fact.model_dump(), group)) for fact in facts]


def with_group(data: dict[str, Any], group: str) -> dict[str, Any]:
    renamed = {**data, "group": group} if "group" in data else data
    return {**renamed, "held": {**renamed["held"], "group": group}} if renamed.get("held") else renamed


def records(subject: str, facts: list[Fact]) -> list[Doc]:
    return [record(fact, subject, n) for n, fact in enumerate(facts, start=1)]


async def test_each_group_hears_once_in_her_language_however_often_it_is_delivered(notify: Notify) -> None:
    for n, language in enumerate(LANGUAGES):
        await notify.knows(language, f"+9198234567{n:02}", language)
    allotment, application = new_id(), new_id()
    receipts = [row for group in LANGUAGES for row in records(f"{application}-{group}", of(group, submitted()))]
    story = (waitlisted(), allotted("waitlist"), confirmed(), declined())
    told = [row for group in LANGUAGES for row in records(f"{allotment}-{group}", of(group, *story))]
    async with notify.at_work():
        await notify.hears(APPLICATIONS, *receipts, *receipts)
        await notify.hears(ALLOTMENTS, *told, *told)
        await notify.consumed(2 * len(receipts) + 2 * len(told))
        rows = await notify.sent(len(receipts) + len(told))
    assert {row["status"] for row in rows} == {"sent"}
    out = [message for row in rows for message in notify.provider.accepted(row["_id"])]
    assert [message["client_ref"] for message in out] == [row["_id"] for row in rows]
    offers = {
        message["language"]: message["text"]
        for message in out
        if f"{allotment}-" in message["client_ref"] and ":1:2:" in message["client_ref"]
    }
    assert "प्रतीक्षा यादीतून स्टॉल क्र. 7: कसबा पेठ शाळेचे मैदान" in offers["mr"]
    assert "प्रतीक्षा सूची से स्टॉल नं. 7: कसबा पेठ स्कूल मैदान" in offers["hi"]
    assert "from the waitlist: stall 7, Kasba Peth School Ground" in offers["en"]
    assert all("05-12 23:59" in text for text in offers.values())


async def test_what_a_group_reads_of_its_messages_says_what_they_are_about(notify: Notify) -> None:
    allotment = new_id()
    async with notify.at_work():
        await notify.hears(ALLOTMENTS, *records(allotment, [allotted("draw"), lapsed()]))
        await notify.consumed(2)
        rows = await notify.sent(2)
    assert [(row["code"], row["kind"], row["about"]) for row in rows] == [("NoContact", "allotment", allotment)] * 2
    assert "order_id" not in rows[0]


async def test_who_brings_the_messages_of_two_groups_reads_of_which_application_each_is(notify: Notify) -> None:
    await notify.knows("relay", "+919823456799", "hi")
    mine, hers = "4071928356104729", "8830017264550913"
    for group, ticket in (("savitri-gat", mine), ("ramai-gat", hers)):
        await notify.knows(group, None, "mr", relay="relay")
        (fact,) = of(group, allotted("draw", ticket=ticket))
        await notify.hears(ALLOTMENTS, *records(f"allotment-of-{group}", [fact]))
    async with notify.at_work():
        rows = await notify.sent(2)
    out = [message for row in rows for message in notify.provider.accepted(row["_id"])]
    assert {message["to"] for message in out} == {"+919823456799"}
    assert [mine in message["text"] for message in out] == [False, True]
    assert [hers in message["text"] for message in out] == [True, False]


async def test_a_group_hears_of_each_change_and_withdrawal_and_of_its_return(notify: Notify) -> None:
    await notify.knows("savitri-gat", "+919823456798", "hi")
    subject, story = new_id(), [submitted(), changed(), withdrawn(), submitted()]
    await notify.hears(APPLICATIONS, *records(subject, story))
    async with notify.at_work():
        await notify.consumed(4)
        rows = await notify.sent(4)
    assert [row["template"] for row in rows] == [
        "application-received",
        "application-changed",
        "application-withdrawn",
        "application-received",
    ]
    texts = [message["text"] for row in rows for message in notify.provider.accepted(row["_id"])]
    assert [TICKET in text for text in texts] == [True] * 4
    assert "अब लॉटरी में नहीं है" in texts[2]


async def test_facts_of_before_they_carried_ticket_and_names_are_told_too(notify: Notify) -> None:
    old_stall, name = held(ticket=None), confirmed().venue_name
    old = [AllotmentConfirmed(held=old_stall, venue_name=name), AllotmentLapsed(held=old_stall)]
    await notify.hears(APPLICATIONS, *records(APPLICATION, [submitted(None), changed(None), withdrawn(None)]))
    await notify.hears(ALLOTMENTS, *records(new_id(), old))
    async with notify.at_work():
        await notify.consumed(5)
        await notify.sent(5)
    assert not await notify.running.database.collection("parked").count_documents({})
