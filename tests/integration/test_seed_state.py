"""A small state through the importer on real databases: its report is the generator's answer key, to the last line."""

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from shared.imports import store
from shared.mongo import connect
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings
from shared.testing import settings_for
from tests.processes import spawn
from tools.seed.state.making import made

SCALE = 0.002
KEYS = "k1:" + "5a" * 16
PHONE = re.compile(r"(?<![0-9a-f])9000[0-9]{6}(?![0-9a-f])")
READ_BY_BOTH = frozenset(
    {
        *("LostLetters", "NumberInName", "FormulaCell", "ErrorCell", "DateCell", "CellTooLong", "HeaderAgain"),
        *("TooManyCells", "TooFewCells", "UnreadableRow", "CutOff"),
    }
)
"""What no service can read; the other rules are the registry's own."""


@dataclass(frozen=True)
class State:
    """The databases of one namespace, and what should be in them."""

    namespace: str
    catalog: Running
    notify: Running
    answers: dict[str, Any]

    async def seeded(self) -> str:
        """What the program printed; fails the test unless it says that the import is as the answers say."""
        named = {"NAMESPACE": self.namespace, "PROFILE": "local", "ACCOUNT_KEYS": KEYS}
        process = spawn("tools.seed", "--scale", str(SCALE), environment=named)
        code, shown = await process.ended(), process.text()
        assert code == 0, shown
        return shown

    async def bad(self, of: Running) -> dict[str, dict[str, str]]:
        """File or sheet to line to rule, as the newest imports report them."""
        found: dict[str, dict[str, str]] = {}
        async for doc in of.database.collection("imports").find():
            job = await of.stores[store.ImportDocument.holds].get(doc["_id"])
            async for _, row in store.bad_rows(of.database, job):
                found.setdefault(row.file, {})[str(row.line)] = row.problem.code
        return found

    async def groups(self, field: str) -> Counter[str]:
        rows = self.catalog.database.collection("groups").find({}, {field: 1})
        return Counter([doc[field] async for doc in rows if doc[field] is not None])

    async def facts(self) -> int:
        rows = self.catalog.database.collection("groups").find({}, {"outbox": 1})
        return sum([len(doc["outbox"]) async for doc in rows])


async def opened(service: Service, namespace: str) -> Running:
    settings = settings_for(CommonSettings, namespace=namespace)
    database = await connect(os.environ["MONGODB_URI"], f"{namespace}{service.name}")
    return Running(service, settings, database, Stores(database, service.kinds))


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[State]:
    """Needs MONGODB_URI; its databases are dropped at the end."""
    namespace = f"t{secrets.token_hex(4)}-"
    made("27", SCALE, 7, tmp_path)
    catalog, notify = [await opened(service, namespace) for service in (CATALOG, NOTIFY)]
    yield State(namespace, catalog, notify, json.loads((tmp_path / "answers.json").read_text("utf-8")))
    for one in (catalog, notify):
        await one.database.client.drop_database(one.database.db.name)
        await one.database.client.close()


async def test_report_registry_contacts_and_doubles_are_what_the_answers_say(state: State) -> None:
    await state.seeded()
    await _the_report_is_the_answer_key(state)
    await _every_group_is_there_once_where_it_belongs_and_told(state)
    await _phones_are_among_the_contacts_and_nowhere_in_the_registry(state)
    await _every_double_is_two_groups_until_an_officer_decides(state)


async def _the_report_is_the_answer_key(state: State) -> None:
    wanted = {name: part["bad"] for name, part in state.answers["files"].items()}
    assert await state.bad(state.catalog) == wanted


async def _every_group_is_there_once_where_it_belongs_and_told(state: State) -> None:
    assert sum((await state.groups("programme")).values()) == state.answers["groups"] == 1564
    for field in ("programme", "district", "block", "local_body"):
        assert await state.groups(field) == state.answers["counts"][field]
    assert await state.facts() == state.answers["groups"]


async def _phones_are_among_the_contacts_and_nowhere_in_the_registry(state: State) -> None:
    parts = state.answers["files"]
    contacts = state.notify.database.collection("contacts")
    assert await contacts.count_documents({}) == state.answers["contacts"]
    wanted = {
        name: {
            **{line: rule for line, rule in part["bad"].items() if rule in READ_BY_BOTH},
            **{str(line): "NotAMobileNumber" for line in part["bad_phones"]},
        }
        for name, part in parts.items()
    }
    assert await state.bad(state.notify) == wanted
    for name in await state.catalog.database.db.list_collection_names():
        async for doc in state.catalog.database.collection(name).find():
            assert not PHONE.search(json.dumps(doc, default=str))


async def test_a_second_time_adds_nothing_and_tells_nothing(state: State) -> None:
    await state.seeded()
    first = await state.facts()
    shown = await state.seeded()
    assert await state.facts() == first
    assert "no" not in {word for line in shown.splitlines() for word in line.split()}


async def _every_double_is_two_groups_until_an_officer_decides(state: State) -> None:
    groups = state.catalog.database.collection("groups")
    pairs = state.answers["doubles"]
    there = {doc["_id"] async for doc in groups.find({"merged_into": None}, {"_id": 1})}
    assert len(pairs) > 10
    assert {id_ for pair in pairs for id_ in pair} <= there
    cases = state.catalog.database.collection("doubles")
    same_account = [pair for pair, kind in zip(pairs, state.answers["double_kinds"], strict=True) if kind == "account"]
    assert await cases.count_documents({}) >= len(same_account)
