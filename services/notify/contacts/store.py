"""How contacts are kept: one document for each party of a state."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from services.notify.contacts.domain import Contact, Listed, Purpose
from shared import outbox
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import WHOLE_STATE
from shared.scope import OFFICERS, OWN_GROUPS, Scope

OFFICES = WHOLE_STATE | OFFICERS


class ContactDocument(Document[Contact]):
    holds = Contact
    collection = "contacts"
    schema = 2

    @staticmethod
    def of(contact: Contact) -> Doc:
        return {
            "party": contact.party,
            "phone": contact.phone,
            "language": contact.language,
            "relay": contact.relay,
            "consents": {purpose.value: agreed for purpose, agreed in contact.consents.items()},
            "listed": asdict(contact.listed) if contact.listed else None,
        }

    @staticmethod
    def state(doc: Doc) -> Contact:
        return Contact(
            id=doc["_id"],
            tenant=doc["tenant"],
            party=doc["party"],
            phone=doc["phone"],
            language=doc["language"],
            relay=doc["relay"],
            consents={Purpose(purpose): agreed for purpose, agreed in doc["consents"].items()},
            listed=Listed(**doc["listed"]) if doc["listed"] else None,
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 had no lists: a person set every contact."""
        return {**doc, "listed": None}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """One's own, one's groups'; for officers all of it, of which `require_near` leaves those of their area."""
        if scope.role in OFFICES:
            return {}
        if scope.role in OWN_GROUPS:
            return {"party": {"$in": sorted({scope.party, *scope.groups})}}
        return {"party": scope.party}


async def find_all(database: Database, ids: Iterable[str]) -> dict[str, Contact]:
    """Those there are, by id."""
    wanted, left_out = {"_id": {"$in": list(ids)}}, {"requests": 0, "outbox": 0}
    found = database.collection(ContactDocument.collection).find(wanted, left_out)
    return {doc["_id"]: ContactDocument.load(doc) async for doc in found}


async def insert_all(database: Database, decisions: Sequence[Decision[Contact]]) -> bool:
    """Whether nobody was there before; who was stays as she is."""
    return await outbox.insert_all(database, ContactDocument, decisions) == len(decisions)
