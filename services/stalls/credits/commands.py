"""What can be asked of credits: charge one, read a group's, say where many groups stand."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from services.stalls.credits import domain
from services.stalls.credits.domain import Balance, CreditAccount, Entry, Kind, Standing, account_id, opened
from services.stalls.credits.store import accounts_of
from services.stalls.makers.domain import KnownGroup
from services.stalls.makers.projections import find_group
from shared.aggregates import Aggregates
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


async def read(accounts: Accounts, groups: Aggregates[KnownGroup], group: str, as_of: date, scope: Scope) -> Balance:
    """Raises NotFound for groups that are not there or not hers, OutsideArea for an officer of elsewhere."""
    known = await find_group(groups, group, scope.tenant)
    if known is None or (scope.role in OWN_GROUPS and group not in scope.groups):
        raise NotFound(what="groups", id=group)
    if scope.role not in OWN_GROUPS:
        require_area(scope, known.district, known.block)
    account = await accounts.find(account_id(scope.tenant, group))
    return domain.balance(account or opened(scope.tenant, group), as_of)


async def standing(database: Database, tenant: str, groups: Sequence[str], as_of: date) -> dict[str, Standing]:
    """Of each of these groups, in the same order; who never had a stall stands at tier 0."""
    known = await accounts_of(database, tenant, groups)
    return {group: domain.standing(known[group], as_of) if group in known else Standing() for group in groups}
