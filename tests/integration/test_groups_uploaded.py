"""Lists of groups sent over HTTP: what is kept of them, what their reports show, and how these come back."""

import re
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.catalog.accounts.domain import keys_of, sealed
from services.catalog.imports.commands import groups
from shared import clock
from shared.decisions import Decision
from shared.imports.domain import Import
from shared.imports.worker import forget_once, work_once
from shared.scope import Role
from tests.integration.houses import House
from tests.integration.test_groups_listed import KEYS, OFFICER, WORDS, group, registry

__all__ = ["registry"]

CSV = "समूह क्रमांक,समूहाचे नाव,जिल्हा,तालुका,बँक खाते क्रमांक,मोबाईल क्रमांक,अध्यक्षांचे नाव\r\n" + "".join(
    f"U-{number},{WORDS[number % 5]} महिला बचत गट,490,4512,{account},9000012345,सीता पवार\r\n"
    for number, account in enumerate(("60112233445566", "987654", "60112233445577"))
)


async def test_an_uploaded_list_leaves_no_phone_account_or_persons_name_in_the_database(registry: House) -> None:
    opened = await registry.write("POST", "/v1/imports", body={"programme": "umed", "name": "माळेगाव"}, **OFFICER)
    assert opened.status_code == 201, opened.text
    path = f"/v1/imports/{opened.json()['id']}"
    headers = registry.signer.headers(Role.BLOCK_OFFICER, "put-1", district="490", block="4512")
    sent = await registry.client.put(f"{path}/files/umed.csv", content=CSV.encode(), headers=headers)
    assert sent.status_code == 200, sent.text
    assert await written_anywhere(registry) == set()
    assert (await registry.write("POST", f"{path}/start", **OFFICER)).status_code == 200
    assert await work_once(registry.running, groups)
    shown = (await registry.get(path, **OFFICER)).json()
    assert (shown["status"], shown["counts"]["new"], shown["counts"]["bad"]) == ("ended", 2, 1)
    assert await written_anywhere(registry) == set()


async def test_who_lost_her_block_between_opening_and_start_enters_nothing_there(registry: House) -> None:
    _, report = await sent(registry, CSV, "moved", {**OFFICER, "block": "4511"})
    assert report.count("OutsideArea") == 2
    assert await registry.running.database.collection("groups").count_documents({}) == 0


async def test_a_report_whose_days_are_over_is_gone_and_not_in_order(registry: House) -> None:
    await sent(registry, CSV, "old")
    (job,) = (await registry.get("/v1/imports", **OFFICER)).json()["items"]
    past = clock.now() - timedelta(days=91)
    await registry.running[Import].change(job["id"], lambda one: Decision(replace(one, due_at=past, ended_at=past)))
    await forget_once(registry.running)
    for part in ("report", "bad-rows"):
        answer = await registry.get(f"/v1/imports/{job['id']}/{part}", **OFFICER)
        assert (answer.status_code, answer.json()["code"]) == (410, "ReportGone")
    assert (await registry.get(f"/v1/imports/{job['id']}", **OFFICER)).json()["counts"]["bad"] == 1


async def sent(
    registry: House, text: str, key: str, starts: dict[str, Any] | None = None
) -> tuple[dict[str, Any], str]:
    """What the upload said, and the report, once it was imported."""
    opened = await registry.write("POST", "/v1/imports", body={"programme": "umed", "name": key}, **OFFICER)
    path = f"/v1/imports/{opened.json()['id']}"
    headers = registry.signer.headers(Role.BLOCK_OFFICER, key, district="490", block="4512")
    put = await registry.client.put(f"{path}/files/umed.csv", content=text.encode(), headers=headers)
    assert put.status_code == 200, put.text
    assert (await registry.write("POST", f"{path}/start", **(starts or OFFICER))).status_code == 200
    assert await work_once(registry.running, groups)
    return put.json(), (await registry.get(f"{path}/report", **OFFICER)).text


async def test_a_report_shows_no_seal_takes_none_and_can_be_mended_and_sent_again(registry: House) -> None:
    """Else anybody could keep a dictionary of accounts she chose, and know them wherever she meets their seals."""
    right = sealed("60112233445566", None, keys_of(KEYS))
    wrong = CSV.replace("U-0,", "U-0000,").replace("490,4512,6", "490,9999,6")
    said, report = await sent(registry, wrong, "first")
    assert "k1:" in report
    shown = str(said["first"]) + report
    assert right.partition(":")[2] not in shown
    assert not re.search(r"k1:[0-9a-f]{64}", shown)
    said, left = await sent(registry, report.replace("9999", "4512").replace("xxxxxx", "60112233445588"), "mended")
    assert len(left.splitlines()) == 1, left
    assert said["unread"] == []
    assert (await group(registry, 0)).account == right
    forged = CSV.replace("60112233445566", right)
    _, refused = await sent(registry, forged, "forged")
    assert refused.count("NotAnAccount") == 2


async def put(registry: House, programme: str, key: str, *, dry_run: bool = False) -> tuple[str, dict[str, Any]]:
    """An import with the list in it, not started: its path, and what was said of its file."""
    body = {"programme": programme, "name": key, "dry_run": dry_run}
    path = f"/v1/imports/{(await registry.write('POST', '/v1/imports', body=body, **OFFICER)).json()['id']}"
    headers = registry.signer.headers(Role.BLOCK_OFFICER, key, district="490", block="4512")
    sent = await registry.client.put(f"{path}/files/list.csv", content=CSV.encode(), headers=headers)
    return path, sent.json()["job"]["files"][0]


async def test_a_list_whose_groups_stand_under_another_programme_starts_when_she_is_sure(registry: House) -> None:
    await sent(registry, CSV, "first")
    path, file = await put(registry, "umed", "again")
    assert file["stands_under"] == ""
    assert (await registry.write("POST", f"{path}/start", **OFFICER)).status_code == 200

    path, file = await put(registry, "mavim", "rehearsed", dry_run=True)
    assert file["stands_under"] == "umed"
    assert (await registry.write("POST", f"{path}/start", **OFFICER)).status_code == 200

    path, file = await put(registry, "mavim", "doubted")
    assert file["stands_under"] == "umed"
    refused = await registry.write("POST", f"{path}/start", **OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (409, "AnotherProgramme")
    assert (await registry.get(path, **OFFICER)).json()["status"] == "open"
    for ask in ("start?sure=true", "start"):
        started = await registry.write("POST", f"{path}/{ask}", **OFFICER)
        assert (started.status_code, started.json()["status"]) == (200, "waiting")


async def written_anywhere(registry: House) -> set[str]:
    database, found = registry.running.database.db, set()
    for name in await database.list_collection_names():
        async for doc in database[name].find():
            waiting = doc.get("rows") if name == "import_rows" else None
            text = zlib.decompress(waiting).decode() if waiting else str(doc)
            found |= {secret for secret in ("9000012345", "60112233445566", "987654", "सीता पवार") if secret in text}
    return found
