"""`tools.audit` as an operator uses it: what was done is listed, exported, verified; damage is told with its place."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.stalls.wiring import SERVICE
from shared import clock
from shared.audit import record
from shared.audit.chaining import Chaining
from shared.documents import Doc
from shared.scope import Role
from tests.integration.houses import House, house
from tests.processes import spawn
from tools.audit import app

DISTRICT = {"district": "490", "sub": "asha"}
NAME = "stalls"


@dataclass(frozen=True)
class Desk:
    house: House

    @property
    def rows(self) -> Any:
        return self.house.running.database.collection("audit")

    @property
    def environment(self) -> dict[str, str]:
        settings, name = self.house.running.settings, self.house.running.database.db.name
        servers = {"MONGODB_URI": settings.mongodb_uri, "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}
        return {**servers, "NAMESPACE": name.removesuffix(NAME), "PROFILE": "local"}

    async def tool(self, *arguments: str) -> tuple[int, str]:
        """`python -m tools.audit …` without the wait for a process: its exit code and what it printed."""
        done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=self.environment)
        return done.exit_code, done.output

    async def listed(self, *arguments: str) -> list[tuple[int, str]]:
        code, text = await self.tool("list", "--service", NAME, "--json", *arguments)
        assert code == 0, text
        return [(one["seq"], one["act"]) for one in json.loads(text.splitlines()[-1])]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Two calendars by an officer of Pune, one by an admin, then an operator's rebuild."""
    async with house(SERVICE) as found:
        for year, role in ((2030, Role.DISTRICT_OFFICER), (2031, Role.DISTRICT_OFFICER), (2032, Role.ADMIN)):
            claims = DISTRICT if role is Role.DISTRICT_OFFICER else {"sub": "usha"}
            done = await found.write("PUT", f"/v1/calendars/490/{year}", role, {"days": []}, **claims)
            assert done.is_success, done.text
        await Chaining(found.running.database, [kind.collection for kind in SERVICE.kinds]).once()
        await record(found.running.database, "demand rebuild", ("figures", "demand"), actor="वैशाली")
        yield Desk(found)


PUT = "PUT /v1/calendars/{district}/{year}"


async def test_the_list_is_narrowed_by_who_what_and_when_and_is_read_in_pages(desk: Desk) -> None:
    assert await desk.listed() == [(1, PUT), (2, PUT), (3, PUT), (4, "demand rebuild")]
    assert await desk.listed("--actor", "asha") == [(1, PUT), (2, PUT)]
    assert await desk.listed("--role", "operator") == [(4, "demand rebuild")]
    assert await desk.listed("--act", "calendars", "--after", "1", "--limit", "1") == [(2, PUT)]
    assert await desk.listed("--subject", "figures") == [(4, "demand rebuild")]
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    assert await desk.listed("--from", tomorrow) == []
    assert len(await desk.listed("--to", tomorrow)) == 4
    _, table = await desk.tool("list", "--service", NAME)
    assert "वैशाली" in table
    assert "27/490" in table


async def test_a_whole_chain_gives_its_head_which_a_later_look_is_held_to(desk: Desk, tmp_path: Path) -> None:
    code, head = await desk.tool("verify", "--service", NAME)
    last = await desk.rows.find_one({"_id": 4})
    assert (code, head.strip()) == (0, f"stalls 4:{last['hash']}")
    heads = tmp_path / "heads.txt"
    heads.write_text(head, encoding="utf-8")
    assert (await desk.tool("verify", "--service", NAME, "--head", str(heads)))[0] == 0
    await desk.rows.delete_one({"_id": 4})
    assert (await desk.tool("verify", "--service", NAME))[0] == 0
    code, said = await desk.tool("verify", "--service", NAME, "--head", str(heads))
    assert (code, "entry 4 truncated" in said) == (1, True)


async def test_all_services_are_looked_at_when_none_is_named(desk: Desk) -> None:
    process = spawn("tools.audit", "verify", environment=desk.environment)
    assert await process.ended() == 0
    assert [line.split(":")[0] for line in process.text().splitlines()] == [
        "catalog 0",
        "orders 0",
        "stalls 4",
        "notify 0",
    ]


DAMAGE: dict[str, tuple[Doc, str]] = {
    "actor": ({"$set": {"actor.sub": "someone"}}, "entry 2 changed"),
    "time": ({"$currentDate": {"at": True}}, "entry 2 changed"),
    "field": ({"$set": {"note": "harmless"}}, "entry 2 changed"),
}


@pytest.mark.parametrize("what", DAMAGE)
async def test_an_entry_that_was_changed_in_the_database_is_named(desk: Desk, what: str) -> None:
    change, expected = DAMAGE[what]
    await desk.rows.update_one({"_id": 2}, change)
    code, said = await desk.tool("verify", "--service", NAME)
    assert (code, expected in said) == (1, True), said


async def test_an_entry_that_is_gone_from_the_database_is_named(desk: Desk) -> None:
    await desk.rows.delete_one({"_id": 2})
    code, said = await desk.tool("verify", "--service", NAME)
    assert (code, "entry 2 missing" in said) == (1, True), said


async def test_an_export_is_verified_without_a_database(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    assert (await desk.tool("export", str(file), "--service", NAME)) == (0, f"4 entries are in {file}.\n")
    code, head = await desk.tool("verify", "--file", str(file))
    assert (code, head.split(":")[0]) == (0, "4")
    assert (await desk.tool("export", str(file), "--service", NAME))[0] == 2
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([lines[0], lines[2], lines[1], lines[3]]), encoding="utf-8")
    code, said = await desk.tool("verify", "--file", str(file))
    assert (code, "entry 2 reordered" in said) == (1, True), said
    file.write_text("\n".join([*lines[:2], "no entry"]), encoding="utf-8")
    code, said = await desk.tool("verify", "--file", str(file))
    assert (code, "Line 3 is no entry" in said) == (1, True), said


async def test_a_head_that_is_none_is_told(desk: Desk) -> None:
    code, said = await desk.tool("verify", "--service", NAME, "--head", "4:what")
    assert (code, "neither SEQ:HASH nor a file" in said) == (2, True), said


async def test_a_chain_is_not_called_whole_when_none_of_the_known_heads_is_its_own(desk: Desk, tmp_path: Path) -> None:
    heads = tmp_path / "heads.txt"
    heads.write_text(f"orders 2:{'0' * 64}\ncatalog 1:{'1' * 64}\n", encoding="utf-8")
    code, said = await desk.tool("verify", "--service", NAME, "--head", str(heads))
    assert (code, "there are orders, catalog" in said) == (2, True), said
