"""How programs get tokens from a running issuer: the supervisor, the tests, `tools.token`."""

import httpx

from deploy.local.issuer.tokens import ROLES, Ask


class NoToken(Exception):
    """The issuer could not be reached, or would not make this token; the text says why and what to do."""


def token(issuer: str, ask: Ask) -> str:
    """One token from the issuer at this URL. Raises NoToken."""
    try:
        answer = httpx.post(f"{issuer}/token", json=ask.model_dump(mode="json", exclude_none=True), timeout=10)
    except httpx.TransportError as error:
        advice = "start it with `make up`, or name another: --issuer URL"
        raise NoToken(f"no issuer answers at {issuer} ({error}): {advice}") from error
    if answer.is_error:
        raise NoToken(f"The issuer at {issuer} refused: {_reason(answer)}")
    return str(answer.json()["access_token"])


def token_of_each_role(issuer: str, *, state: str = "27", district: str | None = None) -> dict[str, str]:
    """A ready token for every role there is. Raises NoToken."""
    return {role: token(issuer, Ask(role=role, state=state, district=district)) for role in ROLES}


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return f"HTTP {answer.status_code}"
