"""Which acts are privileged, and what is kept of one."""

import json

import pytest

from shared.audit import acts
from shared.audit.entries import plain
from shared.errors import TooManyUnsent
from shared.ids import new_id
from shared.logs import masked
from shared.outbox import MOST_UNSENT
from shared.scope import Caller, Role, Scope
from shared.testing import FakeStores
from tests.integration.kernel.pots import Pot, PotDocument, fill, make


def caller(role: Role = Role.BLOCK_OFFICER, key: str = "one") -> Caller:
    scope = Scope(tenant="27", role=role, party="asha", district="490", block="4188")
    return Caller(scope=scope, key=key, body="b" * 64, act="POST /v1/pots", request="r")


def test_every_role_is_classed_once() -> None:
    assert set(Role) == acts.PRIVILEGED | acts.OWN_AFFAIRS
    assert not acts.PRIVILEGED & acts.OWN_AFFAIRS


def test_an_entry_says_who_did_what_to_what_and_where_she_is_set() -> None:
    kept = acts.act_of(caller(), "pots", "pot-1")
    assert kept["actor"] == {"sub": "asha", "role": "block_officer", "area": "27/490/4188"}
    assert (kept["act"], kept["subject"]) == ("POST /v1/pots", {"kind": "pots", "id": "pot-1"})
    assert (kept["tenant"], kept["request_id"]) == ("27", "r")


def test_no_phone_number_comes_into_an_entry() -> None:
    phone = "9823456789"
    scope = Scope(tenant="27", role=Role.ADMIN, party=phone)
    kept = acts.act_of(Caller(scope=scope, key=phone, body=phone), "contacts", f"27:+91{phone}")
    text = json.dumps(plain(kept))
    assert phone not in text
    assert masked(text) == text


def test_the_digest_of_a_request_hangs_on_its_key_so_that_nobody_can_try_all_numbers() -> None:
    assert acts.digest_of(caller(key="one")) == acts.digest_of(caller(key="one"))
    assert acts.digest_of(caller(key="one")) != acts.digest_of(caller(key="two"))


@pytest.fixture
def stores() -> FakeStores:
    return FakeStores(PotDocument)


def waiting(stores: FakeStores) -> list[str]:
    docs = stores.database.collection("pots").docs.values()
    return [entry["act"] for doc in docs for entry in doc.get("audit", [])]


@pytest.mark.parametrize("role", Role)
async def test_a_write_leaves_an_entry_if_and_only_if_the_role_is_privileged(stores: FakeStores, role: Role) -> None:
    pot = await make(stores[Pot], new_id(), caller(role))
    await stores[Pot].change(pot.id, lambda p: fill(p, 5), caller(role, "two"))
    assert len(waiting(stores)) == (2 if role in acts.PRIVILEGED else 0)


async def test_a_request_that_is_repeated_leaves_no_second_entry(stores: FakeStores) -> None:
    for _ in range(2):
        await make(stores[Pot], "pot", caller())
        await stores[Pot].change("pot", lambda p: fill(p, 5), caller(key="two"))
    assert len(waiting(stores)) == 2


async def test_a_timer_or_an_event_leaves_none(stores: FakeStores) -> None:
    await make(stores[Pot], "pot", None)
    await stores[Pot].change("pot", lambda p: fill(p, 5))
    assert waiting(stores) == []


async def test_a_document_whose_acts_nobody_chains_takes_no_more(stores: FakeStores) -> None:
    await make(stores[Pot], "pot", None)
    docs = stores.database.collection("pots").docs
    docs["pot"]["audit"] = [acts.act_of(caller(), "pots", "pot") for _ in range(MOST_UNSENT)]
    with pytest.raises(TooManyUnsent):
        await stores[Pot].change("pot", lambda p: fill(p, 5), caller())
