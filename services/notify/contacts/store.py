"""How contacts are kept: one document for each party of a state."""

from services.notify.contacts.domain import Contact, Purpose
from shared.documents import Doc, Document
from shared.places.area import WHOLE_STATE
from shared.scope import OFFICERS, OWN_GROUPS, Scope

OFFICES = WHOLE_STATE | OFFICERS


class ContactDocument(Document[Contact]):
    holds = Contact
    collection = "contacts"

    @staticmethod
    def of(contact: Contact) -> Doc:
        return {
            "party": contact.party,
            "phone": contact.phone,
            "language": contact.language,
            "relay": contact.relay,
            "consents": {purpose.value: agreed for purpose, agreed in contact.consents.items()},
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
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """One's own, one's groups'; for officers all of it, of which `require_near` leaves those of their area."""
        if scope.role in OFFICES:
            return {}
        if scope.role in OWN_GROUPS:
            return {"party": {"$in": sorted({scope.party, *scope.groups})}}
        return {"party": scope.party}
