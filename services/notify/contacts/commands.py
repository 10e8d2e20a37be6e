"""What can be asked of contacts: get, decide, save. The rules are in domain."""

from functools import partial

from services.notify.contacts import domain
from services.notify.contacts.domain import Contact, Wanted, contact_id
from shared.aggregates import Aggregates
from shared.audit.looks import Looks
from shared.decisions import Decision
from shared.errors import AlreadyExists
from shared.scope import Caller, Scope


async def put(contacts: Aggregates[Contact], party: str, wanted: Wanted, caller: Caller) -> Contact:
    """Create or change. Raises NotYourContact for somebody else's, there or not, and what is wrong with it."""
    domain.require_right(party, wanted, caller.scope)
    id_ = contact_id(caller.scope.tenant, party)

    async def decide() -> Decision[Contact]:
        return domain.register(party, wanted, caller.scope)

    if await contacts.find(id_) is None:
        try:
            return await contacts.create(id_, decide, caller)
        except AlreadyExists:  # another request was first: change what it left
            pass
    return await contacts.change(id_, partial(domain.revise, wanted=wanted, by=caller.scope), caller)


async def get(contacts: Aggregates[Contact], party: str, scope: Scope, looks: Looks) -> Contact:
    """As this reader may see it; an officer's look is kept. Raises NotFound, also for somebody else's."""
    found = domain.shown_to(await contacts.get(contact_id(scope.tenant, party), scope), scope)
    await looks.at(("contacts", found.id), party, scope)
    return found


async def reach(contacts: Aggregates[Contact], tenant: str, party: str) -> Contact | None:
    """The contact with a number to send to: her own or her relay's; None when there is none. For the sender only."""
    contact = await contacts.find(contact_id(tenant, party))
    if contact is None or contact.phone:
        return contact
    relay = await contacts.find(contact_id(tenant, contact.relay or ""))
    return domain.through(relay, contact) if relay and relay.phone else None
