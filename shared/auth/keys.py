"""The issuer's public keys, kept for as long as it takes to check a token without asking each time."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from jwt import PyJWK, PyJWTError

from shared.auth.problems import IssuerAway
from shared.logs import log

ALGORITHMS = ["ES256", "RS256"]
KEPT_SECONDS = 600  # a key the issuer takes back is refused after this long
SHORTEST_PAUSE_SECONDS = 10  # between two questions, however many tokens name unknown keys
FIRST_PAUSE_SECONDS = 1  # as long as there is no key at all
ANSWER_SECONDS = 3.0

Clock = Callable[[], float]


class Keys(Protocol):
    """Where public keys come from."""

    @property
    def generation(self) -> int:
        """Changes with the keys: what an older set has verified has to be verified again."""

    async def refresh(self) -> None:
        """Ask again when it is time. Never raises."""

    async def key(self, kid: str) -> PyJWK | None:
        """None when the issuer has no such key. Raises IssuerAway when it has never answered."""


class IssuerKeys:
    """Keys of a JWKS address. The issuer's silence never takes away a key it has given."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]], *, clock: Clock = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._keys: dict[str, PyJWK] = {}
        self._published: Any = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self.generation = 0

    async def refresh(self) -> None:
        if self._clock() - self._asked_at > KEPT_SECONDS:
            await self._ask(KEPT_SECONDS)

    async def key(self, kid: str) -> PyJWK | None:
        if kid not in self._keys:
            await self._ask(SHORTEST_PAUSE_SECONDS if self._keys else FIRST_PAUSE_SECONDS)
        if not self._keys:
            raise IssuerAway
        return self._keys.get(kid)

    async def _ask(self, pause_seconds: float) -> None:
        async with self._asking:
            if self._clock() - self._asked_at <= pause_seconds:
                return
            try:
                self._take(await self._fetch())
            except Exception as error:  # noqa: BLE001  whatever is wrong with the issuer, the keys we have still hold
                log.warning("issuer.away", error=f"{type(error).__name__}: {error}", keys=len(self._keys))
            self._asked_at = self._clock()

    def _take(self, published: Any) -> None:
        """Raises ValueError when there is no key among them: that is no answer of an issuer."""
        if published == self._published:
            return
        keys = {key.key_id: key for key in map(_usable, published["keys"]) if key and key.key_id}
        if not keys:
            raise ValueError("no usable key in the issuer's answer")
        self._keys, self._published = keys, published
        self.generation += 1


def _usable(jwk: Any) -> PyJWK | None:
    """A signing key of an algorithm we allow, else None."""
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(jwk)
    except PyJWTError:
        return None
    return key if key.algorithm_name in ALGORITHMS else None


def published_at(url: str) -> Callable[[], Awaitable[Any]]:
    """Reads the key set at that address. Raises httpx.HTTPError, ValueError."""

    async def fetch() -> Any:
        import httpx  # noqa: PLC0415  a tenth of a second at start-up, of which only the role api has use

        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
            answer = await client.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return json.loads(answer.content)

    return fetch
