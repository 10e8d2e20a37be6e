"""An API killed around its write, and a relay killed at a timer: asked again, the effect is there once (I1, I2).

An admin asks: the entry of her act is there once, too.
"""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import AnyHttpUrl

from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from deploy.local.ports import free_port
from shared import clock
from shared.service import Running
from shared.settings import CommonSettings
from tests.integration.kernel.conftest import Start
from tests.integration.kernel.pots import Pot, make
from tests.processes import Spawned, spawn, until


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[str]:
    port = free_port()
    process = spawn("deploy.local.issuer", "--port", str(port), "--data", str(tmp_path), environment={})
    url = f"http://127.0.0.1:{port}"
    await until(lambda: answers(f"{url}/healthz"), what="the issuer answers")
    yield url
    process.kill()


@pytest.fixture
def settings(settings: CommonSettings, issuer: str) -> CommonSettings:
    return settings.model_copy(update={"issuer": issuer, "jwks_url": AnyHttpUrl(f"{issuer}/jwks.json")})


async def answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


async def address(process: Spawned) -> str:
    async def logged() -> bool:
        return re.search(r'"port": (\d+)', process.text()) is not None

    await until(logged, what="the process says its port")
    found = re.search(r'"port": (\d+)', process.text())
    assert found is not None
    await until(lambda: answers(f"http://127.0.0.1:{found[1]}/livez"), what="the API answers")
    return f"http://127.0.0.1:{found[1]}/v1/pots"


@pytest.mark.parametrize(("where", "replayed"), [("write.before_insert", None), ("write.after_insert", "true")])
async def test_a_create_whose_process_is_killed_there_happens_once_when_asked_again(
    where: str, replayed: str | None, issuer: str, running: Running, start: Start
) -> None:
    headers = {"Authorization": f"Bearer {token(issuer, Ask(role='admin'))}", "Idempotency-Key": "one"}
    dying = start("api", faults=f"{where}=kill@1")
    url = await address(dying)
    async with httpx.AsyncClient(headers=headers, timeout=10) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(url)
        assert await dying.ended() == -signal.SIGKILL
        again = await client.post(await address(start("api")))
    assert again.status_code == 201, again.text
    assert again.headers.get("Idempotency-Replayed") == replayed
    docs = await running.database.collection("pots").find({}).to_list()
    assert [(doc["_id"], len(doc["outbox"])) for doc in docs] == [(again.json()["id"], 1)]
    assert [entry["act"] for entry in docs[0]["audit"]] == ["POST /v1/pots"]


@pytest.mark.parametrize(("where", "replayed"), [("write.before_update", None), ("write.after_update", "true")])
async def test_a_change_whose_process_is_killed_there_happens_once_when_asked_again(
    where: str, replayed: str | None, issuer: str, running: Running, start: Start
) -> None:
    await make(running.stores[Pot], "pot", None)
    headers = {"Authorization": f"Bearer {token(issuer, Ask(role='admin'))}", "Idempotency-Key": "one"}
    dying = start("api", faults=f"{where}=kill@1")
    url = await address(dying)
    async with httpx.AsyncClient(headers=headers, timeout=10) as client:
        with pytest.raises(httpx.TransportError):
            await client.post(f"{url}/pot/fill", json={"litres": 5})
        assert await dying.ended() == -signal.SIGKILL
        again = await client.post(f"{await address(start('api'))}/pot/fill", json={"litres": 5})
    assert again.json() == {"id": "pot", "litres": 5}
    assert again.headers.get("Idempotency-Replayed") == replayed
    doc = await running.database.collection("pots").find_one({"_id": "pot"})
    assert doc is not None
    assert [fact["name"] for fact in doc["outbox"]] == ["pot-made", "pot-filled"]
    assert [entry["act"] for entry in doc["audit"]] == ["POST /v1/pots/{id_}/fill"]


async def test_a_timer_whose_process_is_killed_fires_once_from_the_next(running: Running, start: Start) -> None:
    past = clock.now() - timedelta(seconds=1)
    await asyncio.gather(*(make(running.stores[Pot], f"pot-{n}", None, past) for n in range(10)))
    assert await start("relay", faults="timer.before_command=kill@3").ended() == -signal.SIGKILL
    start("relay")
    pots = running.database.collection("pots")

    async def none_due() -> bool:
        return not await pots.count_documents({"due_at": {"$ne": None}})

    await until(none_due, what="every timer fired")
    assert await pots.distinct("sequence") == [2]
