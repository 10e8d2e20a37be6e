"""A market ground, a call on it and groups that apply: what the tests of calls and applications share."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from services.stalls.calls.domain import Call
from services.stalls.draw import reading
from services.stalls.makers import projections
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.outcomes.domain import KeptInputs
from services.stalls.runs.commands import resume
from services.stalls.steps.domain import begin_closing
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from shared import clock
from shared.contracts.catalog import GroupRegistered, ProductListed, ProductPaused, VariantOffer
from shared.ids import derived_id
from shared.scope import Role, Scope
from tests.integration.houses import event
from tests.integration.serving import House

OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
SCOPE = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-1", district="490", block="4512")
NONCE = "haladi-kunku 2026 / 8f3a91"
NONCES: dict[str, str] = {}
"""By commitment."""
MARKET: dict[str, Any] = {
    "kind": "weekly_market",
    "owner": "बारामती नगरपरिषद",
    "names": {"mr": "गुरुवारचा आठवडे बाजार, बारामती"},
    "district": "490",
    "block": "4512",
    "stalls": 40,
}
SCHOOL: dict[str, Any] = {**MARKET, "kind": "school_ground", "names": {"mr": "जिल्हा परिषद शाळेचे मैदान, माळेगाव"}}
PLAN: list[dict[str, Any]] = [
    {"categories": ["food"], "fallback": None, "tags": ["first_stall", "rural"], "count": 3},
    {"categories": ["handicraft", "textiles"], "fallback": [], "count": 2},
    {"stage": "st", "district": "490", "count": 1},
]


def group(number: int) -> str:
    return derived_id("27", "umed", f"MH-490-04512-{number:04}")


def product(number: int, category: str = "food") -> str:
    return derived_id(group(number), category)


def leader(number: int) -> dict[str, Any]:
    return {"role": Role.GROUP_LEADER, "groups": [group(number)], "sub": derived_id("leader", str(number))}


def at(hours: float) -> str:
    """So many hours from now, as an Indian clock shows it."""
    moment = (clock.now() + timedelta(hours=hours)).astimezone(clock.INDIA)
    return moment.isoformat(timespec="seconds")


def day(after: int) -> str:
    return (clock.today() + timedelta(days=after)).isoformat()


async def venue(house: House, ground: dict[str, Any] | None = None) -> str:
    body = ground or MARKET
    answer = await house.ask("POST", "/venues", body=body, **{**OFFICER, "block": body["block"]})
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


def offered(venue_id: str, *days: str, **changed: Any) -> dict[str, Any]:
    return {"venue": venue_id, "days": list(days or [day(30), day(31)]), "lines": PLAN, "caps": {"paper": 4}, **changed}


def promised() -> str:
    """The commitment of a nonce that no call had before."""
    nonce = f"{NONCE} / {len(NONCES)}"
    commitment = hashlib.sha256(nonce.encode()).hexdigest()
    NONCES[commitment] = nonce
    return commitment


def nonce_of(call: dict[str, Any]) -> str:
    return NONCES[call["commitment"]]


def opening(*events: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "names": {"mr": "दिवाळी मेळा, बारामती", "hi": "दीवाली मेला, बारामती"},
        "opens_at": at(-1),
        "closes_at": at(1),
        "events": list(events),
        "commitment": promised(),
        "public_source": "NSE: Nifty 50 चा बंद भाव",
        "public_at": at(2),
        **changed,
    }


async def opened(house: House, *events: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Without events: one on a new market ground."""
    asked = opening(*(events or (offered(await venue(house)),)), **changed)
    answer = await house.ask("POST", "/calls", body=asked, **OFFICER)
    assert answer.status_code == 201, answer.text
    call: dict[str, Any] = answer.json()
    return call


async def knows(house: House, *numbers: int, categories: tuple[str, ...] = ("food",), block: str = "4512") -> None:
    """The catalogue's facts of these groups and their products have arrived."""
    running = house.running
    for number in numbers:
        registered = GroupRegistered(programme="umed", district="490", block=block)
        await projections.remember_group(running[KnownGroup], event(registered, group(number)))
        for category in categories:
            offer = VariantOffer(sku="UDID-200", unit_price_paise=9_000, tax_basis_points=500)
            listed = ProductListed(seller=group(number), district="490", category=category, variants=(offer,))
            await projections.remember_listed(running[KnownProduct], event(listed, product(number, category)))


async def pauses(house: House, product_id: str) -> None:
    await projections.remember_paused(house.running[KnownProduct], event(ProductPaused(), product_id, 2))


def wish(number: int, **changed: Any) -> dict[str, Any]:
    return {"choices": [1], "products": [product(number)], "fssai": "11521034000123", **changed}


async def apply(
    house: House, call: str, number: int, key: str | None = None, headers: dict[str, str] | None = None, **changed: Any
) -> httpx.Response:
    body = {"group": group(number), **wish(number, **changed)}
    return await house.ask("POST", f"/calls/{call}/applications", body=body, key=key, headers=headers, **leader(number))


async def begins_to_close(house: House, call: str) -> None:
    """As if the closing second had passed: what a request may still meet while it believes the call open."""
    running = house.running
    over = (await running[Call].get(call)).closes_at + timedelta(seconds=1)
    await running[Call].change(call, partial(begin_closing, by=SCOPE, now=over))


async def closes(house: House, call: str) -> None:
    """Begun already: it is finished."""
    await begins_to_close(house, call)
    await resume(house.running, call)


async def frozen(house: House, call: str) -> dict[str, tuple[int, ...]]:
    """Ticket → choices, as they stand in the files that the draw reads."""
    kept = await house.running[KeptInputs].get(call)
    instance = reading.instance(await texts.read_all(house.running[TextPart], kept.files))
    return {applicant.ticket: applicant.choices for applicant in instance.applicants}


async def facts(house: House, application: str) -> list[str]:
    doc = await house.database.collection("applications").find_one({"_id": application})
    return [f"{fact['sequence']} {fact['name']}" for fact in doc["outbox"]] if doc else []


def withdrawn_once(names: list[str]) -> bool:
    return [name.split()[1] for name in names] == ["application-submitted", "application-withdrawn"]
