"""What can be asked of credits: charge one, read a group's, say where many groups stand."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType

from services.stalls.credits import domain
from services.stalls.credits.domain import Balance, CreditAccount, Entry, Kind, Standing, account_id, opened
from services.stalls.credits.store import accounts_of
from services.stalls.makers.domain import KnownGroup
from services.stalls.makers.projections import find_family, find_group
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound
from shared.mongo import Database
from shared.places.area import require_area
from shared.scope import OWN_GROUPS, Scope

Accounts = Aggregates[CreditAccount]


async def charge(
    accounts: Accounts, tenant: str, group: str, entry_id: str, on: date, credits_: int = 1
) -> CreditAccount:
    """Once for each `entry_id`. `on` is the first day of the stall."""
    decide = partial(domain.charge, entry=Entry(id=entry_id, on=on, credits=credits_))
    empty = opened(tenant, group)

    async def first() -> Decision[CreditAccount]:
        return decide(empty)

    try:
        return await accounts.change(empty.id, decide)
    except NotFound:
        pass
    try:
        return await accounts.create(empty.id, first)
    except AlreadyExists:  # of several first charges at once one opens the account
        return await accounts.change(empty.id, decide)


async def give_back(accounts: Accounts, tenant: str, group: str, entry_id: str) -> CreditAccount:
    """Its credit is returned, once. The stall was charged before: its facts come in their order."""
    decide = partial(domain.change, stall=entry_id, kind=Kind.RETURNED)
    return await accounts.change(account_id(tenant, group), decide)


async def read(work: Work, group: str, as_of: date, scope: Scope) -> Balance:
    """Under all ids of the group. Raises NotFound where it is not there or not hers, OutsideArea."""
    known = await find_group(work[KnownGroup], group, scope.tenant)
    if known is None or (scope.role in OWN_GROUPS and group not in scope.groups):
        raise NotFound(what="groups", id=group)
    if scope.role not in OWN_GROUPS:
        require_area(scope, known.district, known.block)
    ids = sorted((await find_family(work, known)).ids)
    accounts = await asyncio.gather(*(work[CreditAccount].find(account_id(scope.tenant, id_)) for id_ in ids))
    return domain.balance(domain.together(accounts, opened(scope.tenant, group)), as_of)


async def standing(
    database: Database,
    tenant: str,
    groups: Sequence[str],
    as_of: date,
    families: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> dict[str, Standing]:
    """Of each of these groups, in the same order; who never had a stall stands at tier 0.

    Under all of its ids where a group has several, which `families` gives.
    """
    ids = frozenset(groups).union(*families.values())
    known = await accounts_of(database, tenant, sorted(ids))

    def of(group: str) -> Standing:
        if group in families:
            hers = domain.together((known.get(id_) for id_ in sorted(families[group])), opened(tenant, group))
            return domain.standing(hers, as_of)
        return domain.standing(known[group], as_of) if group in known else Standing()

    return {group: of(group) for group in groups}
