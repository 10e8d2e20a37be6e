"""From a token to a Scope."""

import time
from typing import Any

import jwt
from jwt import PyJWK
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.auth.keys import ALGORITHMS, Clock, Keys
from shared.auth.problems import Reason, Unauthenticated
from shared.scope import Role, Scope

REQUIRED = ["iss", "aud", "sub", "role", "state", "exp", "iat"]
LEEWAY_SECONDS = 30
LONGEST_TOKEN = 64 * 1024
MOST_REMEMBERED = 4096  # checking a signature costs more than all the rest of a short request

REASONS: tuple[tuple[type[jwt.PyJWTError], Reason], ...] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "early"),
    (jwt.InvalidIssuedAtError, "claims"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.MissingRequiredClaimError, "claims"),
    (jwt.InvalidSignatureError, "signature"),
    (jwt.InvalidAlgorithmError, "algorithm"),
)


class Claims(BaseModel):
    """What a token says of its bearer, in the words of its claims."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sub: str = Field(min_length=1, max_length=64)
    role: Role
    state: str = Field(pattern=r"^[0-9]{1,4}$")
    groups: frozenset[str] = Field(default=frozenset(), max_length=1000)
    district: str | None = Field(default=None, pattern=r"^[0-9]{1,6}$")
    block: str | None = Field(default=None, pattern=r"^[0-9]{1,6}$")
    exp: float

    def scope(self) -> Scope:
        return Scope(
            tenant=self.state,
            role=self.role,
            party=self.sub,
            groups=self.groups,
            district=self.district,
            block=self.block,
        )


class Tokens:
    """Checks the tokens of one issuer for one audience, and remembers those it has checked until they expire.

    Validity goes by the true time, not by shared.clock: shifting that clock must not let an old token in.
    """

    def __init__(self, keys: Keys, issuer: str, audience: str, *, clock: Clock = time.time) -> None:
        self._keys, self._issuer, self._audience, self._clock = keys, issuer, audience, clock
        self._known: dict[str, Claims] = {}
        self._generation = keys.generation

    async def scope(self, token: str) -> Scope:
        """Raises Unauthenticated, IssuerAway."""
        await self._keys.refresh()
        if self._generation != self._keys.generation:
            self._generation = self._keys.generation
            self._known.clear()
        known = self._known.get(token)
        if known is None or known.exp + LEEWAY_SECONDS <= self._clock():
            known = await self._checked(token)
            self._remember(token, known)
        return known.scope()

    def _remember(self, token: str, claims: Claims) -> None:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = claims

    async def _checked(self, token: str) -> Claims:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise Unauthenticated("malformed")
        key = await self._keys.key(_key_id(token))
        if key is None:
            raise Unauthenticated("key")
        try:
            return Claims.model_validate(self._decoded(token, key))
        except jwt.PyJWTError as error:
            raise Unauthenticated(_reason(error)) from error
        except ValidationError as error:
            wrong = sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False)})
            raise Unauthenticated("claims", claims=wrong) from error

    def _decoded(self, token: str, key: PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=self._issuer,
            audience=self._audience,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )


def _reason(error: jwt.PyJWTError) -> Reason:
    return next((reason for kind, reason in REASONS if isinstance(error, kind)), "malformed")


def _key_id(token: str) -> str:
    """The `kid` of the header. Raises Unauthenticated, also for an algorithm we do not allow (`none` above all)."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise Unauthenticated("malformed") from error
    if header.get("alg") not in ALGORITHMS:
        raise Unauthenticated("algorithm")
    return str(header.get("kid", ""))
