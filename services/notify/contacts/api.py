"""What callers see of contacts."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.notify.contacts import commands
from services.notify.contacts.domain import Contact, Purpose, Wanted, shown_to
from services.notify.groups.domain import KnownGroup
from shared.aggregates import Aggregates
from shared.audit.looks import Looks
from shared.errors import Language
from shared.scope import Caller, Scope
from shared.web.asking import aggregates, caller, looks, reader
from shared.web.views import Text, View

router = APIRouter(prefix="/v1", tags=["contacts"])

Party = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ContactRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    language: Language
    phone: Annotated[Text | None, Field(min_length=6, max_length=30, description="an Indian mobile number")] = None
    relay: Annotated[
        Party | None, Field(description="of a group only: who brings its messages when it has no phone")
    ] = None
    consents: Annotated[dict[Purpose, bool], Field(description="those not named stay as they are")] = {}

    def wanted(self) -> Wanted:
        return Wanted(language=self.language, phone=self.phone, relay=self.relay, consents=self.consents)


class ContactView(View):
    party: str
    language: Language
    phone: str | None
    relay: str | None
    consents: dict[Purpose, bool]


Contacts = Annotated[Aggregates[Contact], aggregates(Contact)]


@router.put("/contacts/{party}")
async def put(party: Party, body: ContactRequest, by: Annotated[Caller, caller()], contacts: Contacts) -> ContactView:
    """Say how a party is reached: oneself, a group one acts for, or as an admin anybody of the state."""
    return ContactView.model_validate(shown_to(await commands.put(contacts, party, body.wanted(), by), by.scope))


@router.get("/contacts/{party}")
async def get(
    party: Party,
    scope: Annotated[Scope, reader()],
    contacts: Contacts,
    groups: Annotated[Aggregates[KnownGroup], aggregates(KnownGroup)],
    seen: Annotated[Looks, looks],
) -> ContactView:
    """The whole number is shown to its owner only; its last digits also to the officers of a group's area."""
    return ContactView.model_validate(await commands.get(contacts, groups, party, scope, seen))
