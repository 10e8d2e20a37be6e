"""What providers report by themselves: signed by Standard Webhooks, twice or out of order if they like."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.notify.channels.sms import STATES
from services.notify.notifications import commands
from services.notify.notifications.domain import Notification, Taken
from services.notify.settings import NotifySettings
from shared import clock
from shared.aggregates import Aggregates
from shared.errors import Invalid, NotFound, Refused

TOLERANCE_SECONDS = 300  # as the Standard Webhooks specification advises
ENCODED = "whsec_"


class BadSignature(Refused):
    """The signature does not fit this body, or it is older than five minutes."""

    status = 401
    mr = "स्वाक्षरी या मजकुराशी जुळत नाही किंवा ती पाच मिनिटांपेक्षा जुनी आहे."
    hi = "हस्ताक्षर इस सामग्री से मेल नहीं खाता या वह पाँच मिनट से पुराना है।"


class BadReport(Invalid):
    """This report needs provider_id, client_ref, status (sent, delivered or failed) and at."""

    mr = "या अहवालात provider_id, client_ref, status (sent, delivered किंवा failed) आणि at हवेत."
    hi = "इस रिपोर्ट में provider_id, client_ref, status (sent, delivered या failed) और at चाहिए।"


class Report(BaseModel):
    """What became of one message."""

    model_config = ConfigDict(extra="ignore")

    provider_id: Annotated[str, Field(min_length=1, max_length=100)]
    client_ref: Annotated[str, Field(min_length=1, max_length=400)]
    status: Literal["sent", "delivered", "failed"]
    at: datetime


async def take(
    rows: Aggregates[Notification], settings: NotifySettings, provider: str, headers: Mapping[str, str], body: bytes
) -> Notification:
    """Raises NotFound (provider or message), BadSignature, BadReport."""
    if provider != settings.sms_provider_name:
        raise NotFound(what="provider", id=provider)
    check(key_of(settings.sms_callback_secret.get_secret_value()), headers, body, clock.now())
    try:
        report = Report.model_validate_json(body)
    except ValidationError:
        raise BadReport from None
    return await commands.hear(rows, report.client_ref, provider, Taken(report.provider_id, STATES[report.status]))


def key_of(secret: str) -> bytes:
    """The bytes of a `whsec_` secret; any other is its own key."""
    if secret.startswith(ENCODED):
        return base64.b64decode(secret.removeprefix(ENCODED))
    return secret.encode()


def check(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises BadSignature unless one of the signatures fits id, time and body, and the time is near."""
    id_, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id_ or not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= len("9999999999")):
        raise BadSignature
    if abs(now.timestamp() - int(sent_at)) > TOLERANCE_SECONDS:
        raise BadSignature
    expected = hmac.digest(key, f"{id_}.{sent_at}.".encode() + body, hashlib.sha256)
    given = [decoded(one) for one in headers.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(expected, one) for one in given):
        raise BadSignature


def decoded(signature: str) -> bytes:
    """The bytes of one `v1,<base64>`; empty for anything else."""
    version, _, encoded = signature.partition(",")
    if version != "v1":
        return b""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""
