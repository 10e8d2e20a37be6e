"""The catalogue over HTTP on a real MongoDB, and the holds of a whole batch of orders in one transaction."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.catalog.wiring import SERVICE
from shared.ids import derived_id
from shared.scope import Role
from tests.integration.serving import House, served

OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
GROUP = {
    "programme": "umed",
    "code": "MH-490-04512-0007",
    "names": {"mr": "सावित्रीबाई फुले महिला बचत गट", "en": "Savitribai Phule Mahila Bachat Gat"},
    "district": "490",
    "block": "4512",
    "village": "माळेगाव बुद्रुक",
}
PAPAD: dict[str, Any] = {
    "title": {"mr": "उडीद पापड", "hi": "उड़द पापड़", "en": "Urad papad"},
    "description": {"mr": "हाताने लाटलेले.\nउन्हात वाळवलेले."},
    "category": "food",
    "variants": [
        {
            "sku": "UDID-200",
            "unit_price_paise": 9000,
            "mrp_paise": 10000,
            "tax_basis_points": 500,
            "net_quantity": "200 ग्रॅम",
        }
    ],
    "hsn": "190590",
    "fssai": {"number": "11521034000123", "expires_on": "2099-03-31"},
    "images": ["https://images.example.org/udid-papad.jpg"],
}


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


async def registered(house: House, code: str = "MH-490-04512-0007") -> str:
    answer = await house.ask("POST", "/groups", body={**GROUP, "code": code}, **OFFICER)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def drafted(house: House, group: str, **changed: Any) -> str:
    body = {**PAPAD, "group_id": group, **changed}
    answer = await house.ask("POST", "/products", Role.GROUP_LEADER, body, groups=[group])
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def listed(house: House, group: str, **changed: Any) -> str:
    product = await drafted(house, group, **changed)
    for step, claims in (("submit", None), ("approve", OFFICER), ("list", None)):
        by: dict[str, Any] = claims or {"role": Role.GROUP_LEADER, "groups": [group]}
        answer = await house.ask("POST", f"/products/{product}/{step}", **by)
        assert answer.status_code == 200, answer.text
    return product


async def found(house: House, query: str, role: Role = Role.BUYER, **claims: Any) -> list[str]:
    answer = await house.ask("GET", f"/products?{query}", role, **claims)
    assert answer.status_code == 200, answer.text
    return [item["title"]["mr"] for item in answer.json()["items"]]


async def test_a_group_is_registered_read_by_all_and_listed_by_those_concerned(house: House) -> None:
    group = await registered(house)
    full = (await house.ask("GET", f"/groups/{group}", **OFFICER)).json()
    public = (await house.ask("GET", f"/groups/{group}", Role.BUYER)).json()
    assert full["village"] == "माळेगाव बुद्रुक"
    assert set(public) == {"id", "names", "district", "block", "local_body", "active"}
    for query in ("", "?q=सावित्री", "?q=savitri gat", "?district=490&block=4512&programme=umed"):
        seen = (await house.ask("GET", f"/groups{query}", **OFFICER)).json()["items"]
        assert [item["id"] for item in seen] == [group], query
    assert (await house.ask("GET", "/groups?q=ताराबाई", **OFFICER)).json()["items"] == []
    haveli = await house.ask("GET", "/groups", Role.BLOCK_OFFICER, district="490", block="4515")
    own = await house.ask("GET", "/groups", Role.GROUP_MEMBER, groups=[group])
    assert (haveli.json()["items"], len(own.json()["items"])) == ([], 1)
    assert (await house.ask("GET", "/groups", Role.BUYER)).status_code == 403


async def test_an_officer_of_another_block_reads_in_marathi_whose_group_it_is(house: House) -> None:
    refused = await house.ask(
        "POST",
        "/groups",
        Role.BLOCK_OFFICER,
        GROUP,
        district="490",
        block="4515",
        headers={"Accept-Language": "mr"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "OutsideArea")
    assert "4512 Baramati, 490 Pune" in refused.json()["detail"]
    assert "ठिकाण" in refused.json()["detail"]


async def test_a_registration_repeated_answers_the_same_and_a_second_one_conflicts(house: House) -> None:
    first = await house.ask("POST", "/groups", body=GROUP, key="key-1", **OFFICER)
    again = await house.ask("POST", "/groups", body=GROUP, key="key-1", **OFFICER)
    other = await house.ask("POST", "/groups", body=GROUP, key="key-2", **OFFICER)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "AlreadyExists")


async def test_buyers_find_what_is_listed_in_marathi_hindi_and_english_and_nothing_else(house: House) -> None:
    group = await registered(house)
    await listed(house, group)
    await listed(house, group, title={"mr": "नाचणी बिस्किटे"}, category="gifts")
    await drafted(house, group, title={"mr": "तांदूळ पापड"})
    for query in ("q=पाप", "q=उडीद पापड", "q=उड़द", "q=PAPAD ur", "q=पापड&category=food&district=490"):
        assert await found(house, query) == ["उडीद पापड"], query
    assert sorted(await found(house, "")) == ["उडीद पापड", "नाचणी बिस्किटे"]
    assert await found(house, "q=पापड&district=467") == await found(house, "status=draft") == []
    own = await found(house, f"group={group}&status=draft", Role.GROUP_LEADER, groups=[group])
    officers = await found(house, "status=draft", Role.DISTRICT_OFFICER, district="490")
    assert own == officers == ["तांदूळ पापड"]
    assert await found(house, "status=draft", Role.DISTRICT_OFFICER, district="467") == []


async def test_a_list_is_read_to_its_end_page_by_page_without_a_gap_or_repeat(house: House) -> None:
    group = await registered(house)
    titles = [f"पापड प्रकार {number}" for number in range(7)]
    for title in titles:
        await listed(house, group, title={"mr": title})
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await house.ask("GET", f"/products?q=पापड&limit=3{cursor}", Role.BUYER)).json()
        seen += [item["title"]["mr"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == titles


async def test_another_state_sees_nothing_on_any_route(house: House) -> None:
    group = await registered(house)
    product = await listed(house, group)
    stock = f"/products/{product}/variants/UDID-200/stock"
    maker: dict[str, Any] = {"groups": [group], "state": "5"}
    await house.ask("PUT", stock, Role.GROUP_LEADER, {"on_hand": 10}, groups=[group])
    asked = [
        await house.ask("GET", f"/groups/{group}", Role.ADMIN, state="5"),
        await house.ask("GET", f"/products/{product}", Role.ADMIN, state="5"),
        await house.ask("GET", stock, Role.GROUP_LEADER, **maker),
        await house.ask("PATCH", f"/products/{product}", Role.GROUP_LEADER, {"hsn": "1905"}, **maker),
        await house.ask("PUT", stock, Role.GROUP_LEADER, {"on_hand": 1}, **maker),
        await house.ask("POST", "/products", Role.GROUP_LEADER, {**PAPAD, "group_id": group}, **maker),
        *[
            await house.ask("POST", f"/products/{product}/{step}", Role.GROUP_LEADER, **maker)
            for step in ("submit", "list", "pause")
        ],
        *[
            await house.ask("POST", f"/products/{product}/{step}", Role.ADMIN, {"reason": "तपासणी"}, state="5")
            for step in ("approve", "return")
        ],
    ]
    assert [answer.status_code for answer in asked] == [404] * len(asked)
    for path in ("/groups", "/products"):
        assert (await house.ask("GET", path, Role.ADMIN, state="5")).json()["items"] == []


async def test_an_edit_for_an_older_version_is_refused_and_changes_nothing(house: House) -> None:
    group = await registered(house)
    product = await drafted(house, group)
    maker: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [group]}
    read = await house.ask("GET", f"/products/{product}", **maker)
    tag = {"If-Match": read.headers["ETag"]}
    path = f"/products/{product}"
    changed = await house.ask("PATCH", path, body={"title": {"mr": "खास उडीद पापड"}}, headers=tag, **maker)
    late = await house.ask("PATCH", path, body={"title": {"mr": "साधा पापड"}}, headers=tag, **maker)
    assert (changed.status_code, late.status_code) == (200, 412)
    after = (await house.ask("GET", path, **maker)).json()
    assert after["title"] == {"mr": "खास उडीद पापड", "hi": None, "en": None}
    assert after["description"]["mr"] == "हाताने लाटलेले.\nउन्हात वाळवलेले."


async def test_an_approved_papad_is_never_listed_as_something_the_officer_has_not_seen(house: House) -> None:
    group = await registered(house)
    product = await listed(house, group)
    path = f"/products/{product}"
    maker: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [group]}
    other: dict[str, Any] = {"title": {"mr": "प्लास्टिकचे दागिने"}, "category": "jewellery"}
    dearer = {"variants": [{**PAPAD["variants"][0], "unit_price_paise": 9500}]}
    refused = await house.ask("PATCH", path, body=other, headers={"Accept-Language": "mr"}, **maker)
    assert (refused.status_code, refused.json()["code"]) == (409, "PauseFirst")
    assert refused.json()["detail"].startswith("title, category: ")
    assert (await house.ask("PATCH", path, body=dearer, **maker)).json()["status"] == "listed"
    await house.ask("POST", f"{path}/pause", **maker)
    assert (await house.ask("PATCH", path, body=other, **maker)).json()["status"] == "submitted"
    assert (await house.ask("POST", f"{path}/list", **maker)).json()["code"] == "NotInThisState"
    herself = await house.ask("POST", f"{path}/approve", **{**OFFICER, "sub": derived_id(Role.GROUP_LEADER)})
    assert (herself.status_code, herself.json()["code"]) == (403, "OwnProduct")
    for step, by in (("approve", OFFICER), ("list", maker)):
        answer = await house.ask("POST", f"{path}/{step}", **by)
        assert answer.status_code == 200, answer.text
    assert await found(house, "category=jewellery") == ["प्लास्टिकचे दागिने"]


async def test_a_wrong_label_names_field_rule_and_fix_in_the_readers_language(house: House) -> None:
    group = await registered(house)
    dear = {**PAPAD, "group_id": group, "variants": [{**PAPAD["variants"][0], "unit_price_paise": 12000}]}
    refused = await house.ask(
        "POST", "/products", Role.GROUP_LEADER, dear, groups=[group], headers={"Accept-Language": "mr"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "PriceAboveMrp")
    assert refused.json()["detail"].startswith("variants.UDID-200.unit_price_paise: 12000 पैसे")


async def test_returned_and_paused_products_show_their_reason(house: House) -> None:
    group = await registered(house)
    product = await drafted(house, group)
    maker: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [group]}
    await house.ask("POST", f"/products/{product}/submit", **maker)
    back = await house.ask("POST", f"/products/{product}/return", body={"reason": "फोटो अस्पष्ट आहे"}, **OFFICER)
    assert (back.json()["status"], back.json()["reason"]) == ("returned", "फोटो अस्पष्ट आहे")
    early = await house.ask("POST", f"/products/{product}/pause", **maker)
    assert (early.status_code, early.json()["code"]) == (409, "NotInThisState")
    on_sale = await listed(house, group, title={"mr": "मूग पापड"})
    assert (await house.ask("POST", f"/products/{on_sale}/pause", **maker)).json()["status"] == "paused"
    assert await found(house, "q=मूग") == []


FILTERS = {"/products": ("q", "district", "category", "group"), "/groups": ("q", "district", "block")}
ODD = ("[" * 1_400, "%ED%A0%80", "%00", "%FF", "a" * 201)


async def test_a_search_of_forty_thousand_letters_is_refused_and_one_of_two_hundred_is_not(house: House) -> None:
    for path in ("/products", "/groups"):
        for letters, status in (("a" * 40_000, 422), ("क" * 201, 422), ("क" * 200, 200), ("क " * 100, 200)):
            assert (await house.ask("GET", f"{path}?q={letters}", **OFFICER)).status_code == status, letters[:3]


async def test_an_odd_filter_or_id_finds_nothing_and_breaks_nothing(house: House) -> None:
    """Odd letters are no word and no code of a place: the registry says so."""
    for odd in ODD:
        for path, names in FILTERS.items():
            for name in names:
                answer = await house.ask("GET", f"{path}?{name}={odd}", **OFFICER)
                refused = len(odd) > 200 or path == "/groups"
                assert answer.status_code == (422 if refused else 200), (path, name, odd[:9])
                if name == "q" and path == "/groups" and len(odd) < 200:
                    assert answer.json()["code"] == "NothingToFind"
        for path in (f"/products/{odd}", f"/groups/{odd}", f"/products/{odd}/variants/{odd}/stock"):
            answer = await house.ask("GET", path, **OFFICER)
            assert answer.status_code == (422 if len(odd) > 200 else 404), path[:30]


async def test_six_first_counts_of_one_pack_at_once_are_all_taken(house: House) -> None:
    group = await registered(house)
    product = await listed(house, group)
    path = f"/products/{product}/variants/UDID-200/stock"
    maker: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [group]}
    asked = [house.ask("PUT", path, body={"on_hand": 10 + number}, **maker) for number in range(6)]
    answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers] == [200] * 6
    left = (await house.ask("GET", path, **maker)).json()
    assert left["moved"] == left["on_hand"]
    assert sorted(answer.json()["on_hand"] for answer in answers) == list(range(10, 16))


async def counted(house: House, on_hand: int) -> tuple[str, str]:
    """A listed product with that many of UDID-200, and its group."""
    group = await registered(house)
    product = await listed(house, group)
    path = f"/products/{product}/variants/UDID-200/stock"
    answer = await house.ask("PUT", path, Role.GROUP_LEADER, {"on_hand": on_hand}, groups=[group])
    assert (answer.status_code, answer.json()["available"]) == (200, on_hand)
    return product, group
