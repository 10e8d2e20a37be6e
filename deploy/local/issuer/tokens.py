"""What may be asked of the issuer, and the token it makes of it."""

import time
import uuid
from typing import Annotated, Literal, get_args

import jwt
from pydantic import BaseModel, ConfigDict, Field

from deploy.local.issuer.keys import ALGORITHM, SigningKey

Role = Literal[
    "group_leader",
    "group_member",
    "relay",
    "block_officer",
    "district_officer",
    "mission_manager",
    "buyer",
    "institution",
    "department",
    "admin",
]
ROLES: tuple[Role, ...] = get_args(Role)
AUDIENCE = "bachat-haat"
DEFAULT_TTL_SECONDS = 12 * 3600  # a working day at the laptop
MAX_TTL_SECONDS = 30 * 24 * 3600
PARTIES = uuid.uuid5(uuid.NAMESPACE_DNS, "parties.bachat-haat.local")

Place = Annotated[str, Field(pattern=r"^[0-9]{1,6}$", description="LGD code, digits only")]


class Ask(BaseModel):
    """One token, please. Without `sub` every role has one fixed party, the same on every machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    sub: uuid.UUID | None = None
    state: Place = "27"
    groups: tuple[uuid.UUID, ...] = ()
    district: Place | None = None
    block: Place | None = None
    ttl_seconds: Annotated[int, Field(ge=1, le=MAX_TTL_SECONDS)] = DEFAULT_TTL_SECONDS

    def party(self) -> str:
        return str(self.sub or uuid.uuid5(PARTIES, self.role))


def mint(key: SigningKey, issuer: str, ask: Ask, *, audience: str = AUDIENCE, now: float | None = None) -> str:
    """A signed token that says what was asked; `now` is in seconds since 1970 and the clock's when left out."""
    issued_at = int(time.time() if now is None else now)
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": ask.party(),
        "role": ask.role,
        "state": ask.state,
        "groups": [str(group) for group in ask.groups],
        "district": ask.district,
        "block": ask.block,
        "iat": issued_at,
        "exp": issued_at + ask.ttl_seconds,
        "jti": str(uuid.uuid4()),
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(said, key.private, algorithm=ALGORITHM, headers={"kid": key.id})
