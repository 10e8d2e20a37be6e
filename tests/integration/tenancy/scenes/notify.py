"""The message desk: contacts of buyers and groups, and what each of them was told."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace

from services.notify.channels.callbacks import key_of
from services.notify.contacts.domain import Contact, contact_id
from services.notify.groups.domain import KnownGroup
from services.notify.notifications.domain import Notification
from services.notify.templates.domain import Message
from shared import clock
from shared.ids import new_id
from tests.integration.houses import House
from tests.integration.sms_parties import SECRET
from tests.integration.tenancy.people import ANOTHER, ANOTHER_GROUP, ANOTHER_STATE, HER, HER_GROUP, PLACES
from tests.integration.tenancy.scenes.imports import import_asks, import_list, imports
from tests.integration.tenancy.world import Ask, Shown, World, keep
from tests.unit.notify.people import CONFIRMED, queued

PHONE = "+919823456789"
SETTINGS = {"sms_provider_url": "http://127.0.0.1:9", "sms_callback_secret": SECRET}
PARTIES = (HER, HER_GROUP, ANOTHER, ANOTHER_GROUP)
NUMBER = {"language": "mr", "phone": "9811122233"}
"""Stands for every party of both states; none is ever another's."""


def contact(party: str, tenant: str = "27") -> Contact:
    return Contact(id=contact_id(tenant, party), tenant=tenant, party=party, phone=PHONE, language="mr")


def told(party: str, tenant: str = "27") -> Notification:
    about: Message = replace(CONFIRMED, recipient=party)
    row = queued(clock.now().replace(microsecond=0), about)
    return replace(row, id=f"{tenant}:{row.id}", tenant=tenant)


def report() -> bytes:
    said = {"provider_id": "sms-1", "client_ref": told(HER).id, "status": "sent", "at": clock.now().isoformat()}
    return json.dumps(said).encode()


def signature(body: bytes) -> dict[str, str]:
    """The Standard Webhooks headers over this body."""
    id_, at = new_id(), str(int(clock.now().timestamp()))
    digest = hmac.digest(key_of(SECRET), f"{id_}.{at}.".encode() + body, hashlib.sha256)
    signed = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id_, "webhook-timestamp": at, "webhook-signature": signed}


async def arrange(house: House) -> World:
    everywhere = [(party, tenant) for party in PARTIES for tenant in ("27", ANOTHER_STATE)]
    rows = [told(*one) for one in everywhere]
    groups = [
        KnownGroup(id=id_, tenant=tenant, district=district, block=block)
        for id_, (tenant, district, block) in PLACES.items()
    ]
    await keep(house, *(contact(*one) for one in everywhere if one[1] == "27"), *rows, *groups, *imports())
    body = report()
    return World(
        house,
        {
            ("PUT /v1/contacts/{party}", "her own"): Ask({"party": HER}, NUMBER),
            ("PUT /v1/contacts/{party}", "of her group"): Ask({"party": HER_GROUP}, NUMBER),
            ("PUT /v1/contacts/{party}", "not there yet"): Ask({"party": "group-new"}, NUMBER),
            ("GET /v1/contacts/{party}", "her own"): Ask({"party": HER}),
            ("GET /v1/contacts/{party}", "of her group"): Ask({"party": HER_GROUP}),
            **import_asks("contact-imports"),
            ("GET /v1/notifications", "list"): Ask(),
            ("POST /v1/provider-callbacks/{provider}", "a message"): Ask(
                {"provider": "local-sms"}, signed=lambda: signature(body), raw=body
            ),
        },
        {"GET /v1/notifications": ("id", tuple(map(shown, rows))), **import_list("contact-imports")},
        private=frozenset({PHONE.removeprefix("+91"), f"*{PHONE[-3:]}"}),
    )


def shown(row: Notification) -> Shown:
    party = None if row.recipient.startswith("group") else row.recipient
    return Shown(row.id, row.tenant, party=party, group=None if party else row.recipient, personal=True)
