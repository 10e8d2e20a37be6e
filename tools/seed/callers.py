"""On whose behalf the market is seeded: requests that are the same every time, and so make the same ids."""

from shared.scope import Caller, Role, Scope
from tools.seed import people
from tools.seed.groups import Market


def admin(state: str) -> Scope:
    return Scope(tenant=state, role=Role.ADMIN, party=people.party("admin"))


def officer(market: Market, what: str) -> Caller:
    return caller(market, admin(market.state), what)


def leader(market: Market, group: str, what: str) -> Caller:
    role, party = Role.GROUP_LEADER, people.party("group_leader")
    return caller(market, Scope(tenant=market.state, role=role, party=party, groups=frozenset({group})), what)


def caller(market: Market, scope: Scope, what: str) -> Caller:
    """The same wish always has the same key, so what it makes always has the same id."""
    key = f"seed:{market.seed}:{what}"
    return Caller(scope=scope, key=key, body=key)
