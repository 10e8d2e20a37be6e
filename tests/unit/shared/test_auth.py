"""Who is let in, and that nothing but a good token lets anybody in."""

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from jwt import PyJWK
from jwt.algorithms import RSAAlgorithm

from shared.auth.keys import IssuerKeys
from shared.auth.problems import WHY, IssuerAway, Unauthenticated
from shared.auth.tokens import Tokens
from shared.errors import LANGUAGES
from shared.scope import Role, Scope
from shared.testing import Signer

NOW = time.time()


def tokens(signer: Signer) -> Tokens:
    return Tokens(signer, signer.issuer, signer.audience)


async def reason(token: str, signer: Signer) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await tokens(signer).scope(token)
    return refused.value.reason


@pytest.fixture
def signer() -> Signer:
    return Signer()


async def test_a_good_token_is_a_scope_with_all_it_says(signer: Signer) -> None:
    token = signer.token(
        Role.GROUP_LEADER, sub="party-1", state="27", groups=["g1", "g2"], district="490", block="4110"
    )
    assert await tokens(signer).scope(token) == Scope(
        tenant="27",
        role=Role.GROUP_LEADER,
        party="party-1",
        groups=frozenset({"g1", "g2"}),
        district="490",
        block="4110",
    )


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": NOW - 31}, "expired"),
        ({"iat": NOW + 300}, "early"),
        ({"nbf": NOW + 300}, "early"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "claims"),
        ({"iss": "http://elsewhere.test"}, "issuer"),
        ({"iss": None}, "claims"),
        ({"exp": None}, "claims"),
        ({"iat": None}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": ""}, "claims"),
        ({"sub": "s" * 65}, "claims"),
        ({"role": "राणी"}, "claims"),
        ({"role": None}, "claims"),
        ({"state": "Maharashtra"}, "claims"),
        ({"state": None}, "claims"),
        ({"district": "490; drop"}, "claims"),
        ({"groups": "g1"}, "claims"),
    ],
)
async def test_a_token_that_is_wrong_in_one_claim_is_refused(signer: Signer, claims: dict[str, Any], why: str) -> None:
    assert await reason(signer.token(Role.BUYER, **claims), signer) == why


async def test_clocks_may_differ_by_half_a_minute(signer: Signer) -> None:
    slow = signer.token(Role.BUYER, exp=time.time() - 20)
    fast = signer.token(Role.BUYER, iat=time.time() + 20)
    assert (await tokens(signer).scope(slow)).role is (await tokens(signer).scope(fast)).role


def forged(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    return ".".join([*parts, ""])


async def test_a_token_without_a_signature_is_refused(signer: Signer) -> None:
    claims = jwt.decode(signer.token(Role.ADMIN), options={"verify_signature": False})
    for algorithm in ("none", "None", "HS256", "ES384", None, ["ES256"]):
        assert await reason(forged({"alg": algorithm, "kid": signer.kid}, claims), signer) in {"algorithm", "malformed"}
    assert await reason(forged({"alg": "ES256", "kid": signer.kid}, claims), signer) == "signature"


async def test_the_public_key_as_a_shared_secret_signs_nothing(signer: Signer) -> None:
    claims = jwt.decode(signer.token(Role.ADMIN), options={"verify_signature": False})
    secret = json.dumps(signer.jwk()).encode()
    unsigned = forged({"alg": "HS256", "kid": signer.kid}, claims).rstrip(".")
    mac = hmac.digest(secret, unsigned.encode(), "sha256")
    token = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    assert await reason(token, signer) == "algorithm"


async def test_a_key_of_one_algorithm_verifies_no_other(signer: Signer) -> None:
    private = rsa_key(65537, 2048)
    claims = jwt.decode(signer.token(Role.ADMIN), options={"verify_signature": False})
    token = jwt.encode(claims, private, algorithm="RS256", headers={"kid": signer.kid})
    assert await reason(token, signer) == "algorithm"


async def test_a_token_changed_by_one_letter_is_refused(signer: Signer) -> None:
    heading, claims, signature = signer.token(Role.BUYER).split(".")
    other = jwt.decode(f"{heading}.{claims}.{signature}", options={"verify_signature": False}) | {"role": "admin"}
    swapped = base64.urlsafe_b64encode(json.dumps(other).encode()).decode().rstrip("=")
    assert await reason(f"{heading}.{swapped}.{signature}", signer) == "signature"


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c.d", "é.é.é", "🙏", "." * 70_000, "e30.e30.e30"])
async def test_what_is_no_token_is_refused(signer: Signer, token: str) -> None:
    assert await reason(token, signer) in {"malformed", "algorithm"}


class Asked(Signer):
    """Counts how often a token was really checked."""

    checks = 0

    async def key(self, kid: str) -> PyJWK | None:
        self.checks += 1
        return await super().key(kid)


async def test_a_token_is_remembered_until_it_expires_and_then_checked_again() -> None:
    signer, now = Asked(), [time.time()]
    checking = Tokens(signer, signer.issuer, signer.audience, clock=lambda: now[0])
    token = signer.token(Role.BUYER, exp=now[0] + 60)
    for _ in range(3):
        await checking.scope(token)
    assert signer.checks == 1
    now[0] += 91
    await checking.scope(token)
    assert signer.checks == 2


async def test_keys_the_issuer_takes_back_open_nothing_even_for_a_remembered_token(signer: Signer) -> None:
    checking = tokens(signer)
    token = signer.token(Role.BUYER)
    await checking.scope(token)
    signer.kid, signer.generation = "next-key", 2
    with pytest.raises(Unauthenticated) as refused:
        await checking.scope(token)
    assert refused.value.reason == "key"


@pytest.mark.parametrize("reasons", [tuple(WHY)])
def test_every_reason_is_said_in_three_languages(reasons: tuple[Any, ...]) -> None:
    for why in reasons:
        problem = Unauthenticated(why)
        assert len({problem.sentence(language) for language in LANGUAGES}) == len(LANGUAGES)
        assert ("invalid_token" in problem.headers["WWW-Authenticate"]) is (why != "missing")


class Issuer:
    """An issuer whose keys, silence and clock a test decides."""

    def __init__(self, *signers: Signer) -> None:
        self.published: Any = {"keys": [signer.jwk() for signer in signers]}
        self.asked, self.now, self.away = 0, 1000.0, False

    async def fetch(self) -> Any:
        self.asked += 1
        if self.away:
            raise ConnectionError("issuer.test")
        return self.published

    def keys(self) -> IssuerKeys:
        return IssuerKeys(self.fetch, clock=lambda: self.now)


async def test_keys_are_asked_for_once_and_again_after_ten_minutes(signer: Signer) -> None:
    issuer = Issuer(signer)
    keys = issuer.keys()
    for _ in range(100):
        await keys.refresh()
        assert isinstance(await keys.key(signer.kid), PyJWK)
    assert issuer.asked == 1
    issuer.now += 601
    await keys.refresh()
    assert (issuer.asked, keys.generation) == (2, 1)


async def test_an_unknown_key_is_asked_for_at_most_every_ten_seconds(signer: Signer) -> None:
    issuer = Issuer(signer)
    keys = issuer.keys()
    await keys.refresh()
    for _ in range(100):
        assert await keys.key("forged") is None
    assert issuer.asked == 1
    rotated = Signer(kid="rotated")
    issuer.published = {"keys": [signer.jwk(), rotated.jwk()]}
    issuer.now += 11
    assert await keys.key("rotated") is not None
    assert (issuer.asked, keys.generation) == (2, 2)


async def test_the_issuers_silence_takes_away_no_key(signer: Signer) -> None:
    issuer = Issuer(signer)
    keys = issuer.keys()
    await keys.refresh()
    issuer.away = True
    issuer.now += 10_000
    await keys.refresh()
    assert await keys.key(signer.kid) is not None
    assert await keys.key("other") is None


@pytest.mark.parametrize("published", [{}, {"keys": []}, {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, [], None, "no"])
async def test_an_answer_without_a_usable_key_changes_nothing(signer: Signer, published: Any) -> None:
    issuer = Issuer(signer)
    keys = issuer.keys()
    await keys.refresh()
    issuer.published = published
    issuer.now += 601
    await keys.refresh()
    assert await keys.key(signer.kid) is not None


async def test_an_issuer_that_never_answered_is_asked_again_soon_and_the_caller_told_to_wait(signer: Signer) -> None:
    issuer = Issuer(signer)
    issuer.away = True
    keys = issuer.keys()
    await keys.refresh()
    with pytest.raises(IssuerAway) as away:
        await keys.key(signer.kid)
    assert (away.value.status, away.value.headers) == (503, {"Retry-After": "5"})
    issuer.away = False
    issuer.now += 1.5
    assert await keys.key(signer.kid) is not None


async def test_only_signing_keys_of_our_algorithms_are_taken(signer: Signer) -> None:
    rsa = RSAAlgorithm.to_jwk(rsa_key(65537, 2048).public_key(), as_dict=True)
    issuer = Issuer(signer)
    issuer.published["keys"] += [
        {**rsa, "kid": "rs256", "alg": "RS256"},
        {**rsa, "kid": "ps512", "alg": "PS512"},
        {**rsa, "kid": "enc", "use": "enc"},
        {"kty": "oct", "kid": "secret", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "?", "kid": "new"},
        "nonsense",
        None,
    ]
    keys = issuer.keys()
    taken = [kid for kid in (signer.kid, "rs256", "ps512", "enc", "secret", "new") if await keys.key(kid)]
    assert taken == [signer.kid, "rs256"]
