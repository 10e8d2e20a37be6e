"""Sentences about reports of providers: believed only when signed for us, and only about what we sent by them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notify.channels import callbacks
from services.notify.channels.callbacks import BadReport, BadSignature
from services.notify.notifications.domain import Notification, Status
from shared import clock
from shared.errors import NotFound
from shared.testing import FakeStores
from tests.unit.notify.people import ASHA, ORDER, notify_settings, put, queued, stores_with

SECRET = b"a-secret-of-this-test"


def signed(body: bytes, secret: bytes = SECRET, at: int | None = None, **changed: str) -> dict[str, str]:
    sent_at = str(at if at is not None else int(clock.now().timestamp()))
    digest = hmac.digest(secret, f"msg_1.{sent_at}.".encode() + body, hashlib.sha256)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": sent_at,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    return headers | {name.replace("_", "-"): value for name, value in changed.items()}


def report(client_ref: str, status: str = "delivered") -> bytes:
    said = {"provider_id": "sms_1", "client_ref": client_ref, "status": status, "at": "2026-11-22T06:31:00Z"}
    return json.dumps(said).encode()


async def take(stores: FakeStores, body: bytes, headers: Mapping[str, str], provider: str = "local-sms") -> Any:
    return await callbacks.take(stores[Notification], notify_settings(), provider, headers, body)


async def test_a_signed_report_raises_its_message() -> None:
    stores = await stores_with(ASHA)
    row = await put(stores, queued(clock.now()))
    body = report(row.id)
    assert (await take(stores, body, signed(body))).status is Status.DELIVERED
    body = report(row.id, "sent")
    assert (await take(stores, body, signed(body))).status is Status.DELIVERED


def test_the_signature_of_the_specification_is_accepted() -> None:
    key = callbacks.key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    callbacks.check(key, headers, b'{"test": 2432232314}', datetime.fromtimestamp(1_614_265_330, UTC))


NOW = int(clock.now().timestamp())
BODY = report(f"{ORDER}:1:2:asha:sms")
FORGED = [
    pytest.param(signed(BODY, secret=b"another secret"), id="another secret"),
    pytest.param(signed(BODY + b" "), id="another body"),
    pytest.param(signed(BODY, at=NOW - 400), id="too old"),
    pytest.param(signed(BODY, at=NOW + 900), id="from the future"),
    pytest.param(signed(BODY, webhook_id="msg_2"), id="another id"),
    pytest.param(signed(BODY, webhook_timestamp="yesterday"), id="no time"),
    pytest.param(signed(BODY, webhook_signature="v1,????"), id="no base64"),
    pytest.param(signed(BODY, webhook_signature="v1,"), id="empty"),
    pytest.param({}, id="no headers"),
]


@pytest.mark.parametrize("headers", FORGED)
async def test_a_report_that_is_not_signed_for_us_is_not_believed(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        await take(await stores_with(), BODY, headers)


async def test_one_good_signature_among_several_is_enough() -> None:
    stores = await stores_with()
    await put(stores, queued(clock.now()))
    headers = signed(BODY)
    headers["webhook-signature"] = "v1,AAAA v2,abc " + headers["webhook-signature"]
    assert (await take(stores, BODY, headers)).status is Status.DELIVERED


async def test_a_report_about_an_unknown_message_finds_nothing() -> None:
    with pytest.raises(NotFound):
        await take(await stores_with(), BODY, signed(BODY))


async def test_a_report_under_another_providers_name_changes_nothing() -> None:
    stores = await stores_with()
    row = await put(stores, queued(clock.now()))
    with pytest.raises(NotFound):
        await take(stores, BODY, signed(BODY), provider="somebody")
    assert await stores[Notification].get(row.id) == row


@pytest.mark.parametrize(
    "body", [b"{}", b"null", b"\xff", report("r", "read")], ids=["empty", "null", "bytes", "state"]
)
async def test_a_signed_report_that_says_nothing_is_sent_back(body: bytes) -> None:
    with pytest.raises(BadReport):
        await take(await stores_with(), body, signed(body))
