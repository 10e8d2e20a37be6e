"""Sentences about demand for stalls, from the topic through a worker to the officer who asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.stalls.wiring import SERVICE
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn
from shared.documents import Doc
from shared.events import Fact
from shared.health import Health, writes_to
from shared.scope import Role
from shared.service import Running, Stores
from shared.testing import Signer
from shared.web.app import create_app
from tests.integration.counting import Bench, bench, record
from tests.processes import until

CALL, OTHER_CALL = "पुणे-मेळा", "नागपूर-मेळा"
TEN = datetime.fromisoformat("2026-11-22T10:20:00+05:30")
QUERY = "from=2026-11-22&to=2026-11-22"


def said(group: str, at: datetime, call: str = CALL) -> dict[str, Any]:
    return {"call": call, "group": group, "submitted_at": at}


def submitted(*categories: str, **whose: Any) -> Fact:
    return ApplicationSubmitted(categories=categories, ticket="1234567890123456", choices=(1,), **whose)


def told(group: str, *facts: Fact, at: datetime = TEN) -> list[Doc]:
    return [record(fact, f"a-{group}", n, at + n * timedelta(minutes=1)) for n, fact in enumerate(facts, 1)]


@asynccontextmanager
async def desk(table: Bench) -> AsyncIterator[httpx.AsyncClient]:
    running = Running(SERVICE, table.settings, table.database, Stores(table.database, SERVICE.kinds))
    signer = Signer(issuer=table.settings.issuer)
    app = create_app(running, signer, Health(writes_to(table.database)), api=True)
    headers = signer.headers(Role.BLOCK_OFFICER, district="490", block="4512")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://t.test", headers=headers
    ) as client:
        yield client
        for role, status in ((Role.BUYER, 403), (Role.GROUP_LEADER, 403), (Role.DEPARTMENT, 200)):
            answer = await client.get(f"/v1/calls/{CALL}/demand", headers=signer.headers(role))
            assert answer.status_code == status
        other_state = await client.get(
            f"/v1/calls/{CALL}/demand?{QUERY}", headers=signer.headers(Role.ADMIN, state="29")
        )
        assert other_state.json()["items"] == []


async def test_an_officer_reads_how_many_apply_by_category_and_hour() -> None:
    noon = TEN + timedelta(hours=2)
    food = ("food",)
    records = [
        *told("savitri", submitted("food", "paper", **said("savitri", TEN))),
        *told(
            "jijau",
            submitted("food", **said("jijau", TEN)),
            ApplicationChanged(categories=("masks",), categories_before=food, choices=(1,), **said("jijau", TEN)),
        ),
        *told(
            "ramai",
            submitted("food", **said("ramai", noon)),
            ApplicationWithdrawn(categories=food, **said("ramai", noon)),
            submitted("food", **said("ramai", noon)),
            at=noon,
        ),
        *told("ahilya", submitted("food", **said("ahilya", TEN, OTHER_CALL))),
    ]

    async with bench(SERVICE) as table, desk(table) as client:
        table.worker()
        await table.tell([*records, *records])
        ten, twelve = "2026-11-22T10:00:00+05:30", "2026-11-22T12:00:00+05:30"
        wanted = [(ten, "food", 1), (ten, "masks", 1), (ten, "paper", 1), (twelve, "food", 1)]

        async def counted() -> bool:
            rows = (await client.get(f"/v1/calls/{CALL}/demand?{QUERY}&by=hour")).json()["items"]
            return [(row["from"], row["category"], row["applications"]) for row in rows] == wanted

        await until(counted, what="the figures are those of the applications")
        days = (await client.get(f"/v1/calls/{CALL}/demand?{QUERY}")).json()["items"]
        assert {row["category"]: row["applications"] for row in days} == {"food": 2, "masks": 1, "paper": 1}
        narrow = await client.get(f"/v1/calls/{CALL}/demand?{QUERY}&by=hour&category=food&limit=1")
        assert (narrow.json()["items"][0]["to"], bool(narrow.json()["next_cursor"])) == (
            f"{ten[:11]}11{ten[13:]}",
            True,
        )
        assert await table.parked() == []
        refused = await client.get(f"/v1/calls/{CALL}/demand?from=0001-01-01")
        assert (refused.status_code, refused.json()["code"]) == (422, "YearOutOfRange")
