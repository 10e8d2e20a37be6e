"""A block officer sends her list over the gateway, to the registry and to the contacts: seen, started, mended."""

import csv
import io
import uuid

import pytest

from shared.contracts.catalog import group_id
from tests.journeys.people import BARAMATI, PUNE, Body, Market, Person
from tests.processes import until

HEADERS = ("गट क्रमांक", "गटाचे नाव", "जिल्हा LGD क्रमांक", "तालुका LGD क्रमांक", "गाव", "मोबाईल", "अध्यक्षांचे नाव")
FIELDS = ["code", "name", "district", "block", "village", "phone"]


class Sender:
    """An officer and the list of one run."""

    def __init__(self, market: Market) -> None:
        self.market, self.run = market, f"{uuid.uuid4().int % 10**8:08}"
        self.officer = market.person("block_officer", district=PUNE, block=BARAMATI)
        self.phone = market.number()

    def code(self, number: int) -> str:
        return f"J{self.run}-{number}"

    def id_of(self, number: int) -> str:
        return group_id("27", "umed", self.code(number))

    def row(self, number: int, phone: str, block: str = BARAMATI) -> tuple[str, ...]:
        return self.code(number), "झाशीची राणी बचत गट", PUNE, block, "माळेगाव", phone, "सुनंदा पवार"

    async def uploads(self, route: str, *rows: tuple[str, ...]) -> Body:
        """An open import with these rows; what was understood of them."""
        said = io.StringIO()
        csv.writer(said).writerows([HEADERS, *rows])
        job = await self.officer.does("POST", route, {"programme": "umed", "name": f"बारामती {self.run}"})
        put = await self.officer.client.put(
            f"{route}/{job['id']}/files/baramati.csv",
            content=said.getvalue().encode("utf-8-sig"),
            headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
        )
        assert put.is_success, put.text
        return dict(put.json())

    async def ended(self, route: str, job: Body) -> Body:
        path, seen = f"{route}/{job['id']}", dict[str, object]()
        await self.officer.does("POST", f"{path}/start")

        async def over() -> bool:
            seen.update(await self.officer.reads(path))
            return seen["status"] == "ended"

        await until(over, what=f"{path} has ended")
        return seen


@pytest.fixture
async def sender(market: Market) -> Sender:
    return Sender(market)


async def contact(who: Person, party: str) -> Body | None:
    answer = await who.get(f"/contacts/{party}")
    return dict(answer.json()) if answer.is_success else None


async def test_a_list_sent_twice_fills_registry_and_contacts_and_says_what_is_wrong(sender: Sender) -> None:
    rows = [sender.row(1, sender.phone), sender.row(2, "12345"), sender.row(3, "", block="94512")]

    understood = await sender.uploads("/imports", *rows)
    assert [column["field"] for column in understood["columns"]] == FIELDS
    assert understood["unread"] == ["अध्यक्षांचे नाव"]
    assert "phone" not in understood["first"][0]
    assert (await sender.officer.get(f"/groups/{sender.id_of(1)}")).status_code == 404
    groups = await sender.ended("/imports", understood["job"])
    assert (groups["counts"]["new"], groups["rules"]) == (2, {"UnknownPlace": 1})

    understood = await sender.uploads("/contact-imports", *rows)
    assert set(understood["first"][0]) == {"code", "district", "block", "phone"}
    numbers = await sender.ended("/contact-imports", understood["job"])
    assert (numbers["counts"]["new"], numbers["counts"]["skipped"]) == (1, 1)
    assert numbers["rules"] == {"NotAMobileNumber": 1}

    shown: list[Body] = []

    async def known() -> bool:
        found = await contact(sender.officer, sender.id_of(1))
        shown[:] = [found] if found else []
        return bool(found)

    await until(known, what="the officer sees the contact of her group")
    assert shown[0]["phone"].endswith(sender.phone[-3:])
    assert "*" in shown[0]["phone"]


async def test_the_report_of_the_gateway_has_lines_and_fixes_and_no_phones(sender: Sender) -> None:
    understood = await sender.uploads("/imports", sender.row(1, sender.phone, block="94512"))
    job = await sender.ended("/imports", understood["job"])
    answer = await sender.officer.get(f"/imports/{job['id']}/report", headers={"Accept-Language": "mr"})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["_file"], row["_line"], row["_rule"]) for row in rows] == [("baramati.csv", "2", "UnknownPlace")]
    assert "तालुक" in rows[0]["_fix"] or "क्रमांक" in rows[0]["_fix"]
    assert sender.phone[-10:] not in answer.text


async def test_an_officer_of_another_district_neither_sees_nor_touches_it(sender: Sender) -> None:
    understood = await sender.uploads("/contact-imports", sender.row(1, sender.phone))
    path = f"/contact-imports/{understood['job']['id']}"
    stranger = sender.market.person("district_officer", district="484")
    for answer in (await stranger.get(path), await stranger.post(f"{path}/start")):
        assert answer.status_code == 404
    leader = sender.market.person("group_leader")
    assert (await leader.post("/contact-imports", {"programme": "umed"})).status_code == 403
