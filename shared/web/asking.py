"""What a route may ask for: who calls, what the service is made of, which page. Dependencies of FastAPI."""

import hashlib
import re
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPBearer

from shared.audit.looks import Looks
from shared.auth.problems import Forbidden, Unauthenticated
from shared.auth.tokens import Tokens
from shared.errors import Language
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import Caller, Role, Scope
from shared.scoped import Published, Scoped
from shared.service import Running
from shared.settings import CommonSettings
from shared.web.languages import wanted
from shared.web.localized import Digits
from shared.web.problems import BadIfMatch, IdempotencyKeyMissing, IdempotencyKeyUnusable, StateMissing

LONGEST_KEY = 200
PRINTABLE = re.compile(rf"[\x20-\x7e]{{1,{LONGEST_KEY}}}")
ONE_VERSION = re.compile(r'(?:W/)?"([0-9]{1,15})"')

bearer = Depends(HTTPBearer(auto_error=False, bearerFormat="JWT", description="A token of the issuer."))

KeyHeader = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="A new value for each thing asked, the same one when it is repeated."),
]
IfMatchHeader = Annotated[
    str | None, Header(alias="If-Match", description="The ETag this change was made for; another one answers 412.")
]


def _running(request: Request) -> Running:
    running: Running = request.app.state.running
    return running


def aggregates(holds: type[Any]) -> Any:
    """Where the aggregates of that state class live: an Aggregates of it that refuses to act for nobody."""

    async def stored(request: Request) -> Any:
        return Scoped(_running(request).stores[holds])

    return Depends(stored)


def signed(holds: type[Any]) -> Any:
    """The same without a scope, for routes whose caller proves itself by a signature instead of a token."""

    async def stored(request: Request) -> Any:
        return _running(request).stores[holds]

    return Depends(stored)


def public(*kinds: type[Any]) -> Any:
    """A Published of these state classes, for routes that need no token: show only what everybody is meant to see."""

    async def published(request: Request) -> Published:
        return Published(_running(request).stores, kinds)

    return Depends(published)


async def _everything(request: Request) -> Running:
    return _running(request)


running = Depends(_everything)
"""The whole service, for commands that carry on what the caller's own change began; that change asks who she is."""


async def _database(request: Request) -> Database:
    return _running(request).database


database = Depends(_database)


def settings(kind: type[CommonSettings]) -> Any:
    """The settings of the service, which are of that class."""

    async def of_service(request: Request) -> CommonSettings:
        found = _running(request).settings
        if not isinstance(found, kind):
            raise TypeError(kind)
        return found

    return Depends(of_service)


async def _language(request: Request) -> Language:
    return wanted(request.headers.get("accept-language"))


language = Depends(_language)


async def _paging(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before.")] = None,
) -> Paging:
    return Paging(limit, cursor)


paging = Depends(_paging)


async def verified(request: Request, roles: tuple[Role, ...]) -> Scope:
    """The scope of the request's token. Raises Unauthenticated; Forbidden when `roles` are named and hers is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("missing")
    tokens: Tokens = request.app.state.tokens
    scope = await tokens.scope(token.strip())
    request.scope["by"] = scope
    if roles and scope.role not in roles:
        raise Forbidden(role=scope.role.value, allowed=", ".join(roles))
    return scope


ADMITTED: dict[Any, tuple[Role, ...]] = {}
"""The roles that a dependency made here lets pass: what OpenAPI says of the routes that have it."""


def _admits(roles: tuple[Role, ...], asking: Any) -> Any:
    ADMITTED[asking] = roles or tuple(Role)
    return Depends(asking)


def reader(*roles: Role) -> Any:
    """Who reads, as a Scope. No roles named: any role."""

    async def scope(request: Request, _: Annotated[Any, bearer]) -> Scope:
        return await verified(request, roles)

    return _admits(roles, scope)


async def _anybody(
    request: Request,
    _: Annotated[Any, bearer],
    state: Annotated[
        str | None,
        Digits,
        Query(pattern=r"^[1-9][0-9]?$", description="LGD code, such as 27. With a token its own state counts instead."),
    ] = None,
) -> Scope:
    if request.headers.get("authorization"):
        return await verified(request, ())
    if state is None:
        raise StateMissing
    return Scope(tenant=state, role=Role.BUYER, party="")  # a buyer without an order sees what everybody sees


anybody_of_a_state = Depends(_anybody)
"""Who lists what is public, as a Scope: of the token, or of the state that is asked for. Raises StateMissing."""

TOKEN_OR_NOT: dict[str, Any] = {"security": [{}]}
"""For `openapi_extra` of such a route: OpenAPI's way to say that it works without a token too."""


def caller(*roles: Role) -> Any:
    """Who writes, as a Caller: token and role, Idempotency-Key, hash of what is asked, If-Match."""

    async def ask(
        request: Request, _: Annotated[Any, bearer], key: KeyHeader = None, if_match: IfMatchHeader = None
    ) -> Caller:
        scope = await verified(request, roles)
        named = usable_key(key)
        body, expected = await asked(request, scope), version_of(if_match)
        return Caller(scope=scope, key=named, body=body, if_match=expected, act=act_of(request), request=id_of(request))

    return _admits(roles, ask)


def act_of(request: Request) -> str:
    """Its route as a template: `POST /v1/calls/{call_id}/close`."""
    return f"{request.method} {request.scope['route'].path_format}"


def id_of(request: Request) -> str:
    return str(request.scope["request_id"])


async def _looks(request: Request) -> Looks:
    return Looks(_running(request).database, act_of(request), id_of(request))


looks = Depends(_looks)
"""For routes that show what is personal: a Looks, told of each look."""


def usable_key(key: str | None) -> str:
    """1 to 200 printable ASCII characters. Raises IdempotencyKeyMissing, IdempotencyKeyUnusable."""
    if not key:
        raise IdempotencyKeyMissing
    if not PRINTABLE.fullmatch(key):
        raise IdempotencyKeyUnusable(longest=LONGEST_KEY)
    return key


def version_of(if_match: str | None) -> int | None:
    """The version an If-Match header names; None without one and for `*`. Raises BadIfMatch."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = ONE_VERSION.fullmatch(if_match.strip())
    if found is None:
        raise BadIfMatch
    return int(found[1])


async def asked(request: Request, scope: Scope) -> str:
    """SHA-256 of who asks for what: with the same key anything else is another request, not a repeat of this one."""
    parts = (scope.tenant, scope.party, request.method, request.url.path, request.url.query)
    heading = "\n".join(parts).encode()
    return hashlib.sha256(heading + b"\n" + await request.body()).hexdigest()
