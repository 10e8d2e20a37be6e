"""SMS over the provider's HTTP API: send once under our own reference, ask what became of it."""

import re
import time
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from services.notify.notifications.domain import Denied, Later, Outcome, Reported, Status, Taken
from shared import metrics
from shared.errors import Language

ABOUT_THE_MESSAGE = frozenset({400, 422})  # with a wrong URL or credentials, other 4xx, every message would be lost
REF_REUSED = 409
UNKNOWN = (404, "UnknownRef")
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}|[0-9]{1,6}")  # never long enough for a phone number
STATES: dict[str, Reported] = {"sent": Status.SENT, "delivered": Status.DELIVERED, "failed": Status.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """One message as the provider takes it. `client_ref`: the same again is the same message. `to` is E.164."""

    client_ref: str
    entity_id: str
    template_id: str
    header: str
    to: str
    text: str
    language: Language
    category: str

    def __repr__(self) -> str:
        return f"Sms({self.client_ref})"


class SmsProvider(Protocol):
    async def send(self, sms: Sms) -> Outcome:
        """Hand it over; what came of it, whatever went wrong on the way."""

    async def find(self, client_ref: str) -> Outcome | None:
        """What became of an earlier attempt; None: the provider does not know it. Without an answer we stay unsure."""


class HttpSms:
    """The provider behind a client whose base URL and time-out are set."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.client, self.name = client, name

    async def send(self, sms: Sms) -> Outcome:
        answer = await self._call("POST", "/sms/v1/messages", asdict(sms))
        outcome = answer if isinstance(answer, Later) else understood(answer)
        metrics.PROVIDER_CALLS.labels(provider=self.name, outcome=word(outcome)).inc()
        return outcome

    async def find(self, client_ref: str) -> Outcome | None:
        answer = await self._call("GET", f"/sms/v1/messages/{quote(client_ref, safe='')}")
        return Later(unsure=True) if isinstance(answer, Later) else found(answer)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response | Later:
        began = time.monotonic()
        try:
            return await self.client.request(method, path, json=body)
        except httpx.HTTPError as e:
            return Later(unsure=not isinstance(e, NEVER_LEFT))
        finally:
            metrics.PROVIDER_SECONDS.labels(provider=self.name).observe(time.monotonic() - began)


def understood(response: httpx.Response) -> Outcome:
    """What an answer means. One that cannot be read leaves us unsure."""
    said = body_of(response)
    if response.is_success:
        id_ = said.get("provider_id")
        return Taken(str(id_), STATES.get(str(said.get("status")), Status.SENT)) if id_ else Later(unsure=True)
    if response.status_code in ABOUT_THE_MESSAGE:
        return Denied(code_of(response, said))
    unsure = not response.is_client_error or response.status_code == REF_REUSED
    return Later(unsure=unsure, after_seconds=wait_of(response))


def found(response: httpx.Response) -> Outcome | None:
    """What an answer about an earlier attempt means; only the provider's own word says that it never had it."""
    if (response.status_code, body_of(response).get("code")) == UNKNOWN:
        return None
    outcome = understood(response)
    return outcome if isinstance(outcome, Taken) else Later(unsure=True, after_seconds=wait_of(response))


def body_of(response: httpx.Response) -> dict[str, Any]:
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def code_of(response: httpx.Response, said: dict[str, Any]) -> str:
    code = str(said.get("code", ""))
    return code if CODE.fullmatch(code) else f"Http{response.status_code}"


def wait_of(response: httpx.Response) -> float | None:
    """Retry-After in seconds; dates and nonsense are left to our own patience."""
    after = response.headers.get("retry-after", "")
    return float(after) if re.fullmatch(r"[0-9]{1,5}", after) else None


def word(outcome: Outcome) -> str:
    return type(outcome).__name__.lower()
