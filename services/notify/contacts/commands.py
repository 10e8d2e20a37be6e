"""What can be asked of contacts: get, decide, save. The rules are in domain."""

import asyncio
from collections.abc import Sequence
from functools import partial

from services.notify.contacts import domain, store
from services.notify.contacts.domain import Contact, Told, Wanted, What, contact_id
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.groups.projections import find_group, find_ids
from shared.aggregates import Aggregates
from shared.audit.looks import Looks
from shared.decisions import Decision
from shared.errors import AlreadyExists
from shared.mongo import Database
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


async def get(
    contacts: Aggregates[Contact], groups: Aggregates[KnownGroup], party: str, scope: Scope, looks: Looks
) -> Contact:
    """As this reader may see it; an officer's look is kept. Raises NotFound, also for somebody else's."""
    contact = await contacts.get(contact_id(scope.tenant, party), scope)
    domain.require_near(contact, await find_group(groups, party, scope.tenant), scope)
    found = domain.shown_to(contact, scope)
    await looks.at(("contacts", found.id), party, scope)
    return found


async def foretell(database: Database, tenant: str, rows: Sequence[Told], run: str, order: int = 0) -> list[What]:
    """What `enter` would answer, each party standing in one row; nothing is written."""
    there = await store.find_all(database, (contact_id(tenant, told.party) for told in rows))
    return [domain.became(there.get(contact_id(tenant, told.party)), told, run, order) for told in rows]


async def enter(
    database: Database, contacts: Aggregates[Contact], tenant: str, rows: Sequence[Told], run: str, order: int = 0
) -> list[What]:
    """Rows of a list, each party once; what became of each. Repeated by the same run it writes nothing."""
    there = await store.find_all(database, (contact_id(tenant, told.party) for told in rows))
    fresh = [told for told in rows if contact_id(tenant, told.party) not in there]
    alone = await store.insert_all(database, [domain.enlist(tenant, told, run, order) for told in fresh])
    found = [domain.became(there.get(contact_id(tenant, told.party)), told, run, order) for told in rows]
    again = [at for at, what in enumerate(found) if what == "changed" or (what == "new" and not alone)]
    for at, what in zip(
        again, await asyncio.gather(*(_relisted(contacts, tenant, rows[at], run, order) for at in again)), strict=True
    ):
        found[at] = what
    return found


async def _relisted(contacts: Aggregates[Contact], tenant: str, told: Told, run: str, order: int) -> What:
    """Decided on what stands there when it is written: she may have set her own in the meantime."""
    id_ = contact_id(tenant, told.party)
    after = await contacts.change(id_, partial(domain.relist, told=told, run=run, order=order))
    return domain.became(after, told, run, order)


async def reach(
    contacts: Aggregates[Contact], groups: Aggregates[KnownGroup], aliases: Aggregates[Aliases], tenant: str, party: str
) -> Contact | None:
    """The contact with a number to send to: her own or her relay's; None when there is none. For the sender only.

    A group that has none is reached by the number that is kept under another id of it: some lists have one, some not.
    """
    if contact := await _with_number(contacts, tenant, party):
        return contact
    for id_ in (await find_ids(groups, aliases, party, tenant))[1:]:
        if contact := await _with_number(contacts, tenant, id_):
            return contact
    return None


async def _with_number(contacts: Aggregates[Contact], tenant: str, party: str) -> Contact | None:
    contact = await contacts.find(contact_id(tenant, party))
    if contact is None or contact.phone:
        return contact
    relay = await contacts.find(contact_id(tenant, contact.relay or ""))
    return domain.through(relay, contact) if relay and relay.phone else None
