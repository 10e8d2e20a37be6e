"""Sentences about the way out: sending once, and asking first where nobody knows what became of it."""

import json
from collections.abc import Iterable
from dataclasses import replace

import httpx
import pytest

from services.notify.channels.sender import Sender, made_anew
from services.notify.channels.sms import HttpSms, Sms, understood
from services.notify.contacts.domain import Contact, Purpose
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.notifications import commands
from services.notify.notifications.domain import (
    Denied,
    Later,
    NotDue,
    Notification,
    Outcome,
    Status,
    Taken,
)
from shared import clock
from shared.testing import FakeStores
from tests.unit.notify.fake_sms import BUSY, FakeSms
from tests.unit.notify.people import ASHA, USHA, later, notify_settings, put, queued, stores_with


def sender(stores: FakeStores, provider: FakeSms) -> Sender:
    return Sender(
        stores.database,
        stores[Notification],
        stores[Contact],
        stores[KnownGroup],
        stores[Aliases],
        provider=provider,
        settings=notify_settings(),
    )


async def delivered(stores: FakeStores, provider: FakeSms, row: Notification) -> Notification:
    await sender(stores, provider).deliver(row.id)
    marked: Notification = await stores[Notification].get(row.id)
    return marked


async def test_a_message_goes_out_in_marathi_with_what_the_operators_want() -> None:
    stores, provider = await stores_with(ASHA), FakeSms()
    row = await put(stores, queued(clock.now()))
    assert (await delivered(stores, provider, row)).status is Status.SENT
    sms = provider.taken[row.id]
    assert (sms.to, sms.language, sms.category) == ("+919823456789", "mr", "transactional")
    assert sms.text.startswith("बचत हाट: तुमची ऑर्डर A1C2D4 निश्चित झाली. एकूण ₹1,23,456.50.")
    assert (len(sms.entity_id), len(sms.template_id), sms.header) == (19, 19, "BCHTHT")


async def test_a_message_that_is_out_is_not_sent_again() -> None:
    stores, provider = await stores_with(ASHA), FakeSms()
    row = await put(stores, queued(clock.now()))
    await delivered(stores, provider, row)
    with pytest.raises(NotDue):
        await sender(stores, provider).deliver(row.id)
    assert provider.calls == [("send", row.id)]


async def test_after_an_expired_lease_the_provider_is_asked_and_what_it_has_is_not_sent_again() -> None:
    stores, provider = await stores_with(ASHA), FakeSms()
    row = await put(stores, queued(clock.now()))
    await sender(stores, provider).hand_over(
        await commands.claim(stores[Notification], row.id, notify_settings()), ASHA, ASHA.phone or ""
    )
    await expire_lease(stores, row.id)
    assert (await delivered(stores, provider, row)).status is Status.SENT
    assert provider.calls == [("send", row.id), ("find", row.id)]


async def test_after_an_expired_lease_what_the_provider_never_got_is_sent() -> None:
    stores, provider = await stores_with(ASHA), FakeSms()
    row = await put(stores, queued(clock.now()))
    await commands.claim(stores[Notification], row.id, notify_settings())
    await expire_lease(stores, row.id)
    assert (await delivered(stores, provider, row)).status is Status.SENT
    assert provider.calls == [("find", row.id), ("send", row.id)]


async def expire_lease(stores: FakeStores, id_: str) -> None:
    docs = stores.database.collection("notifications").docs
    docs[id_]["due_at"] = docs[id_]["lease_until"] = later(days=-1)


async def test_a_busy_provider_is_obeyed() -> None:
    stores, provider = await stores_with(replace(ASHA, phone=f"+91999990{BUSY}")), FakeSms()
    row = await put(stores, queued(clock.now()))
    waiting = await delivered(stores, provider, row)
    assert (waiting.status, waiting.ask_first) == (Status.QUEUED, False)
    assert waiting.due_at is not None
    assert waiting.due_at > row.created_at


async def test_a_refused_number_fails_with_the_providers_word() -> None:
    stores, provider = await stores_with(replace(ASHA, phone="+919999900400")), FakeSms()
    row = await delivered(stores, provider, await put(stores, queued(clock.now())))
    assert (row.status, row.code, row.provider_code) == (Status.FAILED, "RefusedByProvider", "NumberBlocked")
    (fact,) = stores.facts(Notification)
    assert json.loads(fact["data"])["code"] == "RefusedByProvider"


CANNOT: list[tuple[tuple[Contact, ...], str]] = [
    ((), "NoContact"),
    ((replace(ASHA, phone=None, relay="nobody"),), "NoContact"),
    ((replace(ASHA, consents={Purpose.TRANSACTIONAL: False}),), "NoConsent"),
    ((replace(ASHA, phone=None, relay="usha"), replace(USHA, consents={Purpose.TRANSACTIONAL: False})), "NoConsent"),
    ((replace(ASHA, id="10:asha", tenant="10"),), "NoContact"),
]


@pytest.mark.parametrize(
    ("contacts", "code"),
    CANNOT,
    ids=["unknown", "no phone anywhere", "no consent", "no consent of the relay", "known to another state only"],
)
async def test_what_must_not_be_sent_fails_with_a_fact_and_no_call(contacts: Iterable[Contact], code: str) -> None:
    stores, provider = await stores_with(*contacts), FakeSms()
    row = await delivered(stores, provider, await put(stores, queued(clock.now())))
    assert (row.status, row.code, provider.calls) == (Status.FAILED, code, [])
    assert [fact["name"] for fact in stores.facts(Notification)] == ["notification-failed"]


async def test_no_fact_and_no_row_holds_a_phone_number() -> None:
    stores, provider = await stores_with(ASHA), FakeSms()
    row = await put(stores, queued(clock.now()))
    await delivered(stores, provider, row)
    assert "9823456789" not in str(stores.database.collection("notifications").docs)
    assert "9823456789" not in repr(provider.taken[row.id])


ANSWERS: list[tuple[httpx.Response, Outcome]] = [
    (httpx.Response(202, json={"provider_id": "sms_1", "status": "accepted"}), Taken("sms_1")),
    (httpx.Response(200, json={"provider_id": "sms_1", "status": "delivered"}), Taken("sms_1", Status.DELIVERED)),
    (httpx.Response(202, text="<html>"), Later(unsure=True)),
    (httpx.Response(422, json={"code": "NumberBlocked"}), Denied("NumberBlocked")),
    (httpx.Response(400, json={"code": "651"}), Denied("651")),
    (httpx.Response(400, json={"code": "+919823456789"}), Denied("Http400")),
    (httpx.Response(400, json=["?"]), Denied("Http400")),
    *((httpx.Response(status), Later(unsure=False)) for status in (401, 403, 404, 405, 408, 410, 413, 415, 451)),
    (httpx.Response(404, json={"code": "NotFound"}), Later(unsure=False)),
    (httpx.Response(409, json={"code": "RefReused"}), Later(unsure=True)),
    (httpx.Response(429, headers={"retry-after": "7"}), Later(unsure=False, after_seconds=7)),
    (httpx.Response(429, headers={"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}), Later(unsure=False)),
    (httpx.Response(503, headers={"retry-after": "2"}), Later(unsure=True, after_seconds=2)),
]


@pytest.mark.parametrize(("response", "outcome"), ANSWERS, ids=str)
def test_every_answer_of_a_provider_means_something(response: httpx.Response, outcome: Outcome) -> None:
    assert understood(response) == outcome


NOWHERE: list[tuple[type[httpx.RequestError], bool]] = [
    (httpx.ConnectError, False),
    (httpx.ConnectTimeout, False),
    (httpx.ReadTimeout, True),
    (httpx.RemoteProtocolError, True),
]


@pytest.mark.parametrize(("fault", "unsure"), NOWHERE)
async def test_only_what_never_left_the_house_is_surely_not_sent(fault: type[httpx.RequestError], unsure: bool) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise fault("no answer", request=request)

    async with httpx.AsyncClient(base_url="http://sms", transport=httpx.MockTransport(broken)) as client:
        assert await HttpSms(client, "local-sms").send(sms()) == Later(unsure=unsure)
        assert await HttpSms(client, "local-sms").find("e:p:sms") == Later(unsure=True)


FOUND: list[tuple[httpx.Response, Outcome | None]] = [
    (httpx.Response(404, json={"code": "UnknownRef"}), None),
    (httpx.Response(404, text="<html>"), Later(unsure=True)),
    (httpx.Response(400, json={"code": "UnknownRef"}), Later(unsure=True)),
    (httpx.Response(422, json={"code": "NumberBlocked"}), Later(unsure=True)),
    (httpx.Response(401), Later(unsure=True)),
    (httpx.Response(503, headers={"retry-after": "2"}), Later(unsure=True, after_seconds=2)),
    (httpx.Response(200, json={"provider_id": "sms_1", "status": "sent"}), Taken("sms_1")),
]


@pytest.mark.parametrize(("response", "outcome"), FOUND, ids=str)
async def test_only_the_providers_own_word_says_that_it_never_had_a_message(
    response: httpx.Response, outcome: Outcome | None
) -> None:
    transport = httpx.MockTransport(lambda _: response)
    async with httpx.AsyncClient(base_url="http://sms", transport=transport) as client:
        assert await HttpSms(client, "local-sms").find("e:p:sms") == outcome


async def test_messages_for_a_wrong_url_wait_until_it_is_mended() -> None:
    stores = await stores_with(ASHA)
    row = await put(stores, queued(clock.now()))
    transport = httpx.MockTransport(lambda _: httpx.Response(404, text="no such page"))
    async with httpx.AsyncClient(base_url="http://sms/wrong", transport=transport) as client:
        wrong = HttpSms(client, "local-sms")
        rows, contacts = stores[Notification], stores[Contact]
        await Sender(
            stores.database,
            rows,
            contacts,
            stores[KnownGroup],
            stores[Aliases],
            provider=wrong,
            settings=notify_settings(),
        ).deliver(row.id)
    waiting = await stores[Notification].get(row.id)
    assert (waiting.status, waiting.code) == (Status.QUEUED, None)
    assert stores.facts(Notification) == []


def sms() -> Sms:
    return Sms(
        client_ref="e:p:sms",
        entity_id="1",
        template_id="2",
        header="BCHTHT",
        to="+919823456789",
        text="बचत हाट",
        language="mr",
        category="transactional",
    )


def test_what_is_made_anew_within_hours_of_a_restore_is_asked_about_before_it_is_sent() -> None:
    row = queued()
    assert not made_anew(row, None)
    assert made_anew(row, later(minutes=-5))
    assert made_anew(row, later(minutes=5))
    assert not made_anew(row, later(hours=-7))
