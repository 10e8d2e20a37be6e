"""Asha who buys, the Savitri group that sells, and what there is to tell them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import AnyHttpUrl, SecretStr

from services.notify.contacts import commands
from services.notify.contacts.domain import Contact
from services.notify.contacts.store import ContactDocument
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.groups.store import AliasesDocument, KnownGroupDocument
from services.notify.notifications.domain import Notification, queue
from services.notify.notifications.store import NotificationDocument
from services.notify.settings import NotifySettings
from services.notify.templates.domain import ORDER as ABOUT_AN_ORDER
from services.notify.templates.domain import Message
from shared.aggregates import first_kept
from shared.audit.looks import Looks
from shared.decisions import Decision
from shared.scope import Caller, Role, Scope
from shared.testing import FakeDatabase, FakeStores

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
ORDER = "0199f3a2-7c44-7b1e-9d55-3e0f5ba1c2d4"
EVENT = f"{ORDER}:1:2"

ASHA = Contact(id="27:asha", tenant="27", party="asha", phone="+919823456789", language="mr")
SAVITRI = Contact(id="27:savitri-gat", tenant="27", party="savitri-gat", phone="+919011223344", language="hi")
USHA = Contact(id="27:usha", tenant="27", party="usha", phone="+919822233344", language="mr")

BUYER = Scope(tenant="27", role=Role.BUYER, party="asha")
LEADER = Scope(tenant="27", role=Role.GROUP_LEADER, party="savita", groups=frozenset({"savitri-gat"}))
OFFICER = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer", district="490")
ADMIN = Scope(tenant="27", role=Role.ADMIN, party="admin")

CONFIRMED = Message("asha", ABOUT_AN_ORDER, ORDER, "order-confirmed-buyer", {"total": 12_345_650})


def queued(now: datetime = NOON, message: Message = CONFIRMED) -> Notification:
    return queue(EVENT, "27", message, now).state


def later(**passed: float) -> datetime:
    return NOON + timedelta(**passed)


def request(scope: Scope, body: str = "asked", key: str | None = None) -> Caller:
    return Caller(scope=scope, key=key or uuid4().hex, body=body)


def notify_settings() -> NotifySettings:
    return NotifySettings.model_construct(
        sms_provider_url=AnyHttpUrl("http://127.0.0.1:9"), sms_callback_secret=SecretStr("a-secret-of-this-test")
    )


async def stores_with(*there: Contact | KnownGroup | Aliases) -> FakeStores:
    stores = FakeStores(NotificationDocument, ContactDocument, KnownGroupDocument, AliasesDocument)
    for one in there:
        await first_kept(stores[type(one)], one.id, one)
    return stores


class Unchained(Looks):
    """Looks that nobody keeps: the audit log needs a real database."""

    async def at(self, subject: tuple[str, str], party: str, scope: Scope) -> None:
        """Whoever looks."""


async def seen(stores: FakeStores, party: str, by: Scope) -> Contact:
    return await commands.get(
        stores[Contact], stores[KnownGroup], party, by, Unchained(FakeDatabase(), "GET /v1/contacts/{party}", "")
    )


async def put(stores: FakeStores, row: Notification) -> Notification:
    async def decide() -> Decision[Notification]:
        return Decision(row)

    kept: Notification = await stores[Notification].create(row.id, decide)
    return kept
