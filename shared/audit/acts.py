"""Which acts are privileged, and what is kept of one."""

import hashlib

from shared import clock, trace
from shared.documents import Doc
from shared.ids import new_id
from shared.logs import masked
from shared.mongo import AUDIT
from shared.scope import BUYERS, OFFICERS, Caller, Role, Scope

PRIVILEGED = frozenset({*OFFICERS, Role.ADMIN, Role.DEPARTMENT, Role.RELAY})
"""Every write of theirs is for others: an officer for an area, a relay for the groups that named her."""
OWN_AFFAIRS = frozenset({Role.GROUP_LEADER, Role.GROUP_MEMBER, *BUYERS})
"""What these write is their own group's or their own order's."""

OPERATOR = "operator"
"""The role of who runs a tool; no token has it."""

FIELD = AUDIT
"""Where entries wait in the document that the act changed."""


def is_privileged(role: Role) -> bool:
    return role in PRIVILEGED


def actor_of(scope: Scope) -> Doc:
    """Who, in which role, for which area: state, district and block, as far as they are named."""
    area = "/".join(code for code in (scope.tenant, scope.district, scope.block) if code)
    return {"sub": masked(scope.party), "role": scope.role.value, "area": area}


def act_of(caller: Caller, kind: str, id_: str) -> Doc:
    """The entry of one request, not yet chained."""
    scope = caller.scope
    return entry(caller.act, (kind, id_), actor_of(scope), scope.tenant, caller.request, digest_of(caller))


def entry(act: str, subject: tuple[str, str], actor: Doc, tenant: str | None, request: str, digest: str) -> Doc:
    return {
        "id": new_id(),
        "at": clock.now(),
        "tenant": tenant,
        "actor": actor,
        "act": act,
        "subject": {"kind": subject[0], "id": masked(subject[1])},
        "request_id": request,
        "trace": trace.current.get(),
        "digest": digest,
    }


def digest_of(caller: Caller) -> str:
    """Stands for what was asked. Salted by the Idempotency-Key: of the body alone, all phone numbers could be tried."""
    return hashlib.sha256(f"{caller.key}\n{caller.body}".encode()).hexdigest()
