"""A service to start as a process: its workers stop, fail, hang or hold a request as a test asks by PLAN."""

import asyncio
import os
from typing import Annotated

from fastapi import APIRouter

from shared.mongo import Database
from shared.process import main
from shared.service import Running, Service
from shared.settings import CommonSettings
from shared.web.asking import database

PLAN = os.environ.get("PLAN", "")
router = APIRouter(prefix="/v1")


@router.get("/slow")
async def slow(kept: Annotated[Database, database]) -> dict[str, str]:
    """Answers a second after it has left a mark that it was asked."""
    await kept.collection("marks").insert_one({"_id": "asked"})
    await asyncio.sleep(1)
    return {"answer": "शेवटपर्यंत"}


async def worker(running: Running) -> None:
    if PLAN == "fails":
        raise RuntimeError("the worker's own reason")
    if PLAN == "ends":
        return
    try:
        await asyncio.Event().wait()
    finally:
        await running.database.collection("marks").insert_one({"_id": "worker finished"})


SERVICE = Service(name="sample", settings=CommonSettings, kinds=(), routers=(router,), workers=(worker,))

if __name__ == "__main__":
    main(SERVICE)
