"""Sentences about notify on a real MongoDB, with the local provider where messages really go out."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn

from deploy.local.ports import free_port
from services.notify.channels.sender import Sender, sender
from services.notify.channels.sms import HttpSms, Sms, SmsProvider
from services.notify.contacts.domain import Contact, contact_id
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.notifications.consumers import ORDERS
from services.notify.notifications.domain import Denied, Later, Notification, Status, Taken
from services.notify.settings import NotifySettings
from services.notify.wiring import SERVICE
from shared.contracts.orders import OrderConfirmed
from shared.decisions import Decision
from shared.ids import new_id
from shared.process.roles import Server
from shared.scope import Role
from shared.testing import settings_for
from tests.integration.houses import House, event, house
from tests.integration.sms_parties import SECRET, Provider
from tests.processes import Spawned, playing, spawn, until
from tests.unit.notify.fake_sms import FakeSms

GROUP = "savitri-gat"
NOWHERE = "http://127.0.0.1:9"
LEADER: dict[str, Any] = {"sub": "savita", "groups": [GROUP]}


class Where:
    """Where a provider reports to."""

    def __init__(self, port: int) -> None:
        self.port, self.url = port, f"http://127.0.0.1:{port}/v1/provider-callbacks/local-sms"


@pytest.fixture(scope="module")
def where() -> Where:
    return Where(free_port())


@pytest.fixture(scope="module")
def provider(where: Where, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    started = Provider(tmp_path_factory.mktemp("provider"), where)  # type: ignore[arg-type]
    started.start()
    yield started
    started.process.kill()


@pytest.fixture
async def notify(provider: Provider) -> AsyncIterator[House]:
    address = str(provider.client.base_url)
    async with house(SERVICE, sms_provider_url=address, sms_callback_secret=SECRET, send_lease_seconds=1) as found:
        yield found


@asynccontextmanager
async def listening(notify: House, where: Where) -> AsyncIterator[None]:
    """The service answers on the port the provider reports to."""
    server = Server(uvicorn.Config(notify.app, port=where.port, lifespan="off", log_level="warning"))
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


async def known(notify: House, party: str, phone: str, **more: Any) -> None:
    async def decide() -> Decision[Contact]:
        return Decision(Contact(id=id_, tenant="27", party=party, phone=phone, language="mr", **more))

    id_ = contact_id("27", party)
    await notify.stores[Contact].create(id_, decide)


async def told(notify: House, buyer: str) -> str:
    """A confirmed order of this buyer; the id of the row she is told by."""
    order_id = new_id()
    fact = OrderConfirmed(buyer=buyer, seller=f"group of {buyer}", total_paise=25_100)
    await notify.reacts(ORDERS, event(fact, order_id, 2))
    return f"{order_id}:1:2:{buyer}:sms"


async def row(notify: House, id_: str) -> Notification:
    found: Notification = await notify.stores[Notification].get(id_)
    return found


async def becomes(notify: House, ids: list[str], *statuses: Status) -> None:
    async def there() -> bool:
        return all([(await row(notify, id_)).status in statuses for id_ in ids])

    await until(there, what=f"all of {len(ids)} rows are {statuses}")


def sms(to: str, ref: str | None = None, text: str = "बचत हाट: तुमची ऑर्डर A1C2D4 निश्चित झाली.") -> Sms:
    return Sms(
        client_ref=ref or f"{new_id()}:1:2:asha:sms",
        entity_id="1101500000000027001",
        template_id="1107160000000000101",
        header="BCHTHT",
        to=to,
        text=text,
        language="mr",
        category="transactional",
    )


@pytest.fixture(params=["fake", "local"])
async def any_provider(request: pytest.FixtureRequest, provider: Provider) -> AsyncIterator[SmsProvider]:
    if request.param == "fake":
        yield FakeSms()
        return
    async with httpx.AsyncClient(base_url=provider.client.base_url, timeout=5) as client:
        yield HttpSms(client, "local-sms")


async def test_a_provider_takes_a_message_once_under_one_reference(any_provider: SmsProvider) -> None:
    message = sms("+919823456789")
    assert await any_provider.find(message.client_ref) is None
    first = await any_provider.send(message)
    assert isinstance(first, Taken)
    assert await any_provider.send(message) == first
    found = await any_provider.find(message.client_ref)
    assert isinstance(found, Taken)
    assert found.provider_id == first.provider_id


async def test_a_reference_used_for_another_text_leaves_us_unsure(any_provider: SmsProvider) -> None:
    message = sms("+919823456789")
    await any_provider.send(message)
    assert await any_provider.send(replace(message, text="दुसरा मजकूर")) == Later(unsure=True)


async def test_a_blocked_number_is_denied_every_time(any_provider: SmsProvider) -> None:
    message = sms("+919999900400")
    assert [await any_provider.send(message) for _ in range(2)] == [Denied("NumberBlocked")] * 2


async def test_a_busy_provider_names_its_pause_and_takes_the_message_then(any_provider: SmsProvider) -> None:
    message = sms("+919999900429")
    assert await any_provider.send(message) == Later(unsure=False, after_seconds=1)
    assert isinstance(await any_provider.send(message), Taken)


async def test_a_broken_provider_leaves_us_unsure_and_knows_nothing_when_asked(any_provider: SmsProvider) -> None:
    message = sms("+919999900500")
    assert await any_provider.send(message) == Later(unsure=True)
    assert await any_provider.find(message.client_ref) is None
    assert isinstance(await any_provider.send(message), Taken)


async def test_a_provider_that_took_it_in_silence_says_so_when_asked(any_provider: SmsProvider) -> None:
    message = sms("+919999900504")
    assert await any_provider.send(message) == Later(unsure=True)
    assert isinstance(await any_provider.find(message.client_ref), Taken)


ENDINGS = [
    ("+919823456789", Status.DELIVERED, 1),
    ("+919999900429", Status.DELIVERED, 1),
    ("+919999900500", Status.DELIVERED, 1),
    ("+919999900002", Status.DELIVERED, 1),
    ("+919999900003", Status.DELIVERED, 1),
    ("+919999900001", Status.FAILED, 1),
    ("+919999900004", Status.SENT, 1),
    ("+919999900400", Status.FAILED, 0),
]


async def test_every_message_ends_as_its_provider_lets_it_and_is_accepted_at_most_once(
    notify: House, provider: Provider, where: Where
) -> None:
    ids = {}
    for phone, ending, accepted in ENDINGS:
        await known(notify, f"buyer {phone}", phone)
        ids[await told(notify, f"buyer {phone}")] = (ending, accepted)
    async with listening(notify, where), playing(sender(notify.running)):
        for id_, (ending, _) in ids.items():
            await becomes(notify, [id_], ending)
    for id_, (_, accepted) in ids.items():
        assert len(provider.accepted(id_)) == accepted
        assert (await row(notify, id_)).due_at is None
    groups = [id_.replace(":buyer ", ":group of buyer ") for id_ in ids]
    assert {(await row(notify, id_)).code for id_ in groups} == {"NoContact"}


async def test_a_message_the_provider_took_but_never_answered_is_not_sent_twice(
    notify: House, provider: Provider
) -> None:
    await known(notify, "asha", "+919999900504")
    id_ = await told(notify, "asha")
    settings = notify.running.settings.model_copy(update={"send_timeout_seconds": 0.3})
    async with playing(sender(replace(notify.running, settings=settings))):
        await becomes(notify, [id_], Status.SENT, Status.DELIVERED)
    assert len(provider.accepted(id_)) == 1
    assert (await row(notify, id_)).attempts == 2


async def test_what_goes_out_is_marathi_and_no_other_place_holds_the_number(notify: House, provider: Provider) -> None:
    await known(notify, "asha", "+919823456789")
    id_ = await told(notify, "asha")
    async with playing(sender(notify.running)):
        await becomes(notify, [id_], Status.SENT)
    (out,) = provider.accepted(id_)
    short = id_.split(":")[0][-6:].upper()
    assert out["text"] == f"बचत हाट: तुमची ऑर्डर {short} निश्चित झाली. एकूण ₹251. गटाने स्वीकारल्यावर कळवू."
    listed = await notify.get("/v1/notifications", Role.BUYER, sub="asha")
    docs = await notify.running.database.collection("notifications").find().to_list()
    assert "9823456789" not in listed.text + str(docs)


async def test_several_senders_at_once_send_every_message_once(notify: House) -> None:
    ids = []
    for n in range(60):
        await known(notify, f"buyer {n}", f"+9198234{n:05}")
        ids.append(await told(notify, f"buyer {n}"))
    provider, settings = FakeSms(), settings_for(NotifySettings, sms_provider_url=NOWHERE, sms_callback_secret=SECRET)
    stores = notify.stores
    one, two, three = (
        Sender(
            notify.running.database,
            stores[Notification],
            stores[Contact],
            stores[KnownGroup],
            stores[Aliases],
            provider=provider,
            settings=settings,
        )
        for _ in range(3)
    )
    async with playing(one.run()), playing(two.run()), playing(three.run()):
        await becomes(notify, ids, Status.SENT)
    assert Counter(provider.calls) == Counter({("send", id_): 1 for id_ in ids})


@pytest.mark.parametrize("point", ["notify.claimed", "notify.sent"])
async def test_a_sender_killed_between_claim_send_and_mark_loses_and_doubles_nothing(
    notify: House, provider: Provider, point: str
) -> None:
    ids = []
    for n in range(20):
        await known(notify, f"buyer {n}", f"+9198234{n:05}")
        ids.append(await told(notify, f"buyer {n}"))
    killed = sending(notify, provider, FAULT_POINTS=f"{point}=kill@7")
    assert await killed.ended() == -9
    async with playing(sender(notify.running)):
        await becomes(notify, ids, Status.SENT)
    assert [len(provider.accepted(id_)) for id_ in ids] == [1] * 20
    for id_ in ids:
        assert await notify.facts("notifications", id_) == ["1 notification-accepted"]


def sending(notify: House, provider: Provider, **more: str) -> Spawned:
    environment = {
        "SMS_PROVIDER_URL": str(provider.client.base_url),
        "SMS_CALLBACK_SECRET": SECRET,
        "SEND_LEASE_SECONDS": "1",
        "ALLOW_UNSAFE": "1",
        **more,
    }
    return spawn("tests.integration.sending", notify.running.database.db.name, environment=environment)


async def test_the_same_event_in_two_batches_queues_nothing_new(notify: House) -> None:
    fact = event(OrderConfirmed(buyer="asha", seller=GROUP, total_paise=25_100), new_id(), 2)
    await notify.reacts(ORDERS, fact)
    await notify.reacts(ORDERS, fact)
    rows = (await notify.get("/v1/notifications", Role.ADMIN)).json()["items"]
    assert sorted(item["recipient"] for item in rows) == ["asha", GROUP]


async def test_a_report_needs_no_token_but_a_signature(notify: House) -> None:
    said = {"provider_id": "sms_1", "client_ref": "unknown", "status": "sent", "at": "2026-11-22T06:31:00Z"}
    path = "/v1/provider-callbacks/local-sms"
    unsigned = await notify.client.post(path, content=json.dumps(said), headers={"content-type": "application/json"})
    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "BadSignature")
    headers = {**unsigned.request.headers, "webhook-id": "m", "webhook-timestamp": "0", "webhook-signature": "v1,AA=="}
    assert (await notify.client.post(path, content=json.dumps(said), headers=headers)).status_code == 401
