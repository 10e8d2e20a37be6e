"""The issuer's HTTP face."""

from typing import Annotated

from fastapi import Body, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from deploy.local.issuer import docs
from deploy.local.issuer.keys import ALGORITHM, SigningKey
from deploy.local.issuer.tokens import ROLES, Ask, mint

EXAMPLE = {"role": "group_leader", "groups": ["0199a000-0000-7000-8000-000000000001"], "district": "490"}


class Token(BaseModel):
    """What OAuth 2 calls a token answer; `expires_in` is in seconds."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name, no secret
    expires_in: int


def build(key: SigningKey, issuer: str) -> FastAPI:
    """The application for one key. `issuer` is the URL that stands in every token as `iss`."""
    app = FastAPI(title="Development issuer", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(RequestValidationError, _refusal)
    docs.serve(app)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/jwks.json")
    async def jwks() -> dict[str, list[dict[str, str]]]:
        return {"keys": [key.jwk()]}

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, str | list[str]]:
        return _discovery(issuer)

    @app.post("/token")
    async def token(ask: Annotated[Ask, Body()]) -> Token:
        return Token(access_token=mint(key, issuer, ask), expires_in=ask.ttl_seconds)

    return app


def _discovery(issuer: str) -> dict[str, str | list[str]]:
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/jwks.json",
        "token_endpoint": f"{issuer}/token",
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["iss", "aud", "sub", "role", "state", "groups", "district", "block", "exp", "iat", "jti"],
    }


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    """Every bad ask: which field, why, and where the role is what is wrong, which roles there are."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    places = [".".join(str(part) for part in fault["loc"][1:]) or "body" for fault in faults]
    detail = "; ".join(f"{place}: {fault['msg']}" for place, fault in zip(places, faults, strict=True))
    code = "UnknownRole" if "role" in places else "BadAsk"
    body = {"title": "No such token", "status": 422, "code": code, "detail": detail, "roles": ROLES, "example": EXAMPLE}
    return JSONResponse(body, status_code=422, media_type="application/problem+json")
