"""The provider's HTTP face."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

from deploy.local.provider.behaviour import Behaviour, Rule
from deploy.local.provider.ledger import Entry, Ledger
from deploy.local.provider.messages import Message, Refusal, masked, parsed
from deploy.local.provider.reports import Customer, Reports

log = logging.getLogger(__name__)
FAILURES = (500, 502, 503)


class Provider:
    """One provider: what it accepted, how it behaves just now, whom it reports to."""

    def __init__(self, ledger: Ledger, customer: Customer) -> None:
        self.ledger = ledger
        self.behaviour = Behaviour()
        self.counts: Counter[str] = Counter()
        self.customer = customer
        self.reports: Reports | None = None

    @asynccontextmanager
    async def running(self, _: FastAPI) -> AsyncIterator[None]:
        """Goes on with the reports an earlier process left open."""
        self.reports = Reports(self.customer, self.ledger, self.counts)
        for entry in self.ledger.entries.values():
            if entry.open:
                self.reports.begin(entry, self.behaviour.reports_of(entry.client_ref, entry.to))
        yield
        await self.reports.close()
        self.ledger.close()

    async def take(self, body: bytes) -> Entry:
        """Accepts a message once, as well or as badly as told. Raises Refusal."""
        message = parsed(body)
        rule = self.behaviour.answer_to(message.client_ref, message.to)
        if rule and rule.mode in {"refuse", "busy", "broken"}:
            raise self._bad_answer(rule)
        if rule and rule.mode == "slow":
            await asyncio.sleep(rule.delay_seconds)
        entry = self._entry(message)
        if rule and rule.mode == "timeout":
            self.counts["timed_out"] += 1
            await asyncio.sleep(rule.delay_seconds)
        return entry

    def stats(self) -> dict[str, int]:
        """Counts of this process, and the messages accepted since the log file began."""
        return {**self.counts, "messages": len(self.ledger.entries)}

    def _entry(self, message: Message) -> Entry:
        known = self.ledger.find(message)
        self.counts["repeated" if known else "accepted"] += 1
        if known:
            return known
        entry = self.ledger.accept(message)
        log.info("accepted %s for %s as %s", message.client_ref, masked(message.to), entry.provider_id)
        if self.reports:
            self.reports.begin(entry, self.behaviour.reports_of(message.client_ref, message.to))
        return entry

    def _bad_answer(self, rule: Rule) -> Refusal:
        if rule.mode == "refuse":
            return Refusal(422, "NumberBlocked", "this number takes no messages")
        if rule.mode == "busy":
            return Refusal(429, "TooManyRequests", "too many messages; wait as long as Retry-After says")
        return Refusal(FAILURES[self.counts["refused_Broken"] % len(FAILURES)], "Broken", "something broke on our side")


def build(provider: Provider) -> FastAPI:
    """The application of one provider."""
    app = FastAPI(title="Local SMS provider", lifespan=provider.running, docs_url=None, redoc_url=None)
    _for_customers(app, provider)
    _for_tests_and_people(app, provider)
    return app


def _for_customers(app: FastAPI, provider: Provider) -> None:
    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> JSONResponse:
        provider.counts[f"refused_{refusal.code}"] += 1
        headers = {"Retry-After": "1"} if refusal.code == "TooManyRequests" else None
        return JSONResponse({"code": refusal.code, "message": refusal.message}, refusal.status, headers)

    @app.post("/sms/v1/messages", status_code=202)
    async def send(request: Request) -> dict[str, str]:
        entry = await provider.take(await request.body())
        return {"provider_id": entry.provider_id, "status": "accepted"}

    @app.get("/sms/v1/messages/{client_ref:path}")
    async def status(client_ref: str) -> dict[str, str]:
        entry = provider.ledger.entries.get(client_ref)
        if entry is None:
            raise Refusal(404, "UnknownRef", "no message was accepted under this client_ref")
        return {"provider_id": entry.provider_id, "client_ref": entry.client_ref, "status": entry.status}


def _for_tests_and_people(app: FastAPI, provider: Provider) -> None:
    @app.put("/control")
    async def control(rule: Annotated[Rule, Body()]) -> list[Rule]:
        provider.behaviour.obey(rule)
        return provider.behaviour.in_force()

    @app.get("/control")
    async def controlled() -> list[Rule]:
        return provider.behaviour.in_force()

    @app.get("/stats")
    async def stats() -> dict[str, int]:
        return provider.stats()

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        return {"status": "ok"}
