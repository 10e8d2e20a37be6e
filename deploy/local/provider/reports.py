"""Reports to the customer: signed by the Standard Webhooks scheme, repeated until they are acknowledged."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from deploy.local.provider.behaviour import ReportMode
from deploy.local.provider.ledger import Entry, Ledger, now

log = logging.getLogger(__name__)
AT_ONCE = 16
ATTEMPTS = 60  # with the pauses below some nine minutes, longer than any restart of the system
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0


@dataclass(frozen=True)
class Customer:
    """Where reports go and how they are signed; `pace_seconds` lies between acceptance, sent and delivered."""

    url: str
    secret: str
    pace_seconds: float = 0.2


def signed(secret: str, webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks for this body; `timestamp` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    digest = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": webhook_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}


class Reports:
    """Tells the customer what became of each message, every message in a task of its own."""

    def __init__(self, customer: Customer, ledger: Ledger, counts: Counter[str]) -> None:
        self._customer, self._ledger, self._counts = customer, ledger, counts
        self._client = httpx.AsyncClient(timeout=5)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, entry: Entry, modes: Collection[ReportMode]) -> None:
        """Starts reporting; a silent message still goes its way, unreported."""
        task = asyncio.create_task(self._follow(entry, modes))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _follow(self, entry: Entry, modes: Collection[ReportMode]) -> None:
        happened: list[dict[str, str]] = []
        for status in ("sent", "failed" if "undelivered" in modes else "delivered"):
            await asyncio.sleep(self._customer.pace_seconds)
            entry.status = status
            happened.append({**_identity(entry), "status": status, "at": now()})
            if "reversed" not in modes:
                await self._report(entry, happened[-1], modes)
        for report in reversed(happened) if "reversed" in modes else ():
            await self._report(entry, report, modes)

    async def _report(self, entry: Entry, report: dict[str, str], modes: Collection[ReportMode]) -> None:
        if "silent" in modes:
            return
        for _ in range(2 if "twice" in modes else 1):
            await self._until_acknowledged(entry, report)

    async def _until_acknowledged(self, entry: Entry, report: dict[str, str]) -> None:
        """The same webhook-id at every attempt; backs off with jitter, gives up after ATTEMPTS."""
        for attempt in range(ATTEMPTS):
            if await self._post(report):
                self._counts[f"reported_{report['status']}"] += 1
                self._ledger.reported(entry, report["status"])
                return
            self._counts["report_retries"] += 1
            pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(attempt, 10))
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  jitter, no secret
        self._counts["reports_given_up"] += 1
        log.warning("report given up: %s", json.dumps(report))

    async def _post(self, report: dict[str, str]) -> bool:
        body = json.dumps(report).encode()
        webhook_id = f"{report['provider_id']}_{report['status']}"
        headers = {"content-type": "application/json"}
        async with self._room:
            headers |= signed(self._customer.secret, webhook_id, int(time.time()), body)
            try:
                answer = await self._client.post(self._customer.url, content=body, headers=headers)
            except httpx.TransportError:
                return False
        return answer.is_success


def _identity(entry: Entry) -> dict[str, str]:
    return {"provider_id": entry.provider_id, "client_ref": entry.client_ref}
