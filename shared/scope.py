"""Who asks, and how far they see. Every query of a store takes a Scope; no document is reached without one."""

from dataclasses import dataclass
from enum import StrEnum

from shared.ids import derived_id


class Role(StrEnum):
    GROUP_LEADER = "group_leader"
    GROUP_MEMBER = "group_member"
    RELAY = "relay"
    BLOCK_OFFICER = "block_officer"
    DISTRICT_OFFICER = "district_officer"
    MISSION_MANAGER = "mission_manager"
    BUYER = "buyer"
    INSTITUTION = "institution"
    DEPARTMENT = "department"
    ADMIN = "admin"


OWN_GROUPS = frozenset({Role.GROUP_LEADER, Role.GROUP_MEMBER, Role.RELAY})
BUYERS = frozenset({Role.BUYER, Role.INSTITUTION})
OFFICERS = frozenset({Role.BLOCK_OFFICER, Role.DISTRICT_OFFICER, Role.MISSION_MANAGER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Built from a verified token. `tenant`, `district`, `block` are LGD codes, `groups` those she acts for."""

    tenant: str
    role: Role
    party: str
    groups: frozenset[str] = frozenset()
    district: str | None = None
    block: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One write request: its scope, its Idempotency-Key, a hash of its body, and the version it was made for.

    `act` is its route as a template, `POST /v1/calls/{call_id}/close`; `request` its X-Request-Id.
    """

    scope: Scope
    key: str
    body: str
    if_match: int | None = None
    act: str = ""
    request: str = ""

    def new_id(self, kind: str) -> str:
        """The id of what this request creates: the same request makes the same id (UUIDv5)."""
        return derived_id(self.scope.tenant, self.scope.party, kind, self.key)
