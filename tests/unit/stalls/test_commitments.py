"""Sentences about commitments: each serves one call, whoever asks at the same time."""

import asyncio
from dataclasses import replace

import pytest

from services.stalls.commitments.commands import claim
from services.stalls.commitments.domain import Claim, CommitmentUsed
from services.stalls.commitments.store import ClaimDocument
from services.stalls.offers.domain import CommitmentTwice
from shared.errors import LANGUAGES
from shared.localized import Localized, LocalTextMissing
from shared.testing import FakeStores
from tests.unit.stalls.fairs import NONCE, OPENING, call, promise

FIRST, SECOND = (one.commitment for one in OPENING.promises)


def test_a_commitment_serves_one_call_and_the_same_call_may_ask_again() -> None:
    claims = FakeStores(ClaimDocument)[Claim]
    for _ in range(2):
        asyncio.run(claim(claims, [FIRST, SECOND], "call-1", "27"))
    with pytest.raises(CommitmentUsed) as used:
        asyncio.run(claim(claims, [SECOND], "call-2", "27"))
    assert all(SECOND in used.value.sentence(language) for language in LANGUAGES)
    asyncio.run(claim(claims, [SECOND], "call-3", "24"))


def test_of_two_calls_at_once_one_gets_it() -> None:
    claims = FakeStores(ClaimDocument)[Claim]

    async def both() -> list[BaseException | None]:
        asked = (claim(claims, [FIRST], call_id, "27") for call_id in ("call-1", "call-2"))
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(both())
    assert sorted(type(answer).__name__ for answer in answers) == ["CommitmentUsed", "NoneType"]


def test_two_parties_of_a_call_hash_two_nonces() -> None:
    twice = (promise("जिल्हा कक्ष", NONCE), promise("दैनिक", NONCE))
    with pytest.raises(CommitmentTwice):
        call(promises=twice)


def test_a_party_has_a_name_that_people_here_read() -> None:
    with pytest.raises(LocalTextMissing, match=r"parties\.0\.name"):
        call(promises=(replace(OPENING.promises[0], names=Localized(en="Press")),))
