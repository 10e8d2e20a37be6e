"""The sender: claims what is due, hands it to the provider, marks what came of it. Any number may run at once."""

import asyncio
import random
from datetime import datetime, timedelta

import httpx

from services.notify.channels.pace import Pace
from services.notify.channels.sms import HttpSms, Sms, SmsProvider
from services.notify.contacts.commands import reach
from services.notify.contacts.domain import Contact
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.notifications import commands
from services.notify.notifications.domain import NotDue, Notification, Outcome, obstacle
from services.notify.settings import NotifySettings
from services.notify.templates.domain import register, rendered, template_for
from shared import clock, faults, metrics, trace
from shared.aggregates import Aggregates
from shared.logs import log
from shared.mongo import Database
from shared.service import Running
from shared.tracing import names

LOOK_AHEAD = 8  # times the places, in one look: senders that go through these at random rarely meet
AFTER_A_FAULT_SECONDS = 1.0
READ_AGAIN_WITHIN = timedelta(hours=6)  # after a restore; beyond it the provider's own memory of our reference counts
DELIVERED = "message"


async def sender(running: Running) -> None:
    """The worker of notify: runs until it is cancelled, then finishes what it has begun."""
    settings = running.settings
    if not isinstance(settings, NotifySettings):
        raise TypeError(settings)
    limits = httpx.Limits(max_connections=settings.send_concurrency)
    url, seconds = str(settings.sms_provider_url), settings.send_timeout_seconds
    async with httpx.AsyncClient(base_url=url, timeout=seconds, limits=limits) as client:
        provider = HttpSms(client, settings.sms_provider_name)
        stores = running.stores
        known = stores[Contact], stores[KnownGroup], stores[Aliases]
        await Sender(running.database, stores[Notification], *known, provider=provider, settings=settings).run()


class Sender:
    def __init__(
        self,
        database: Database,
        rows: Aggregates[Notification],
        contacts: Aggregates[Contact],
        groups: Aggregates[KnownGroup],
        aliases: Aggregates[Aliases],
        *,
        provider: SmsProvider,
        settings: NotifySettings,
    ) -> None:
        self.database, self.rows, self.contacts = database, rows, contacts
        self.groups, self.aliases = groups, aliases
        self.provider, self.settings, self.pace = provider, settings, Pace(settings.send_rate)
        self.places = self.pace.waiting_room(settings.send_concurrency, settings.send_lease_seconds / 3)
        self.begun: dict[str, asyncio.Task[None]] = {}
        self.waiting: list[tuple[str, str | None]] = []

    async def run(self) -> None:
        try:
            while True:
                await self._round()
        finally:
            await self._finish()

    async def _round(self) -> None:
        """Begin as many as there are places for, then wait for a free one or for something to do."""
        try:
            began = await self.begin_due()
        except Exception as e:  # noqa: BLE001 - the database is away: it will be back, and the rows with it
            log.warning("sender.waits", error=type(e).__name__)
            await asyncio.sleep(AFTER_A_FAULT_SECONDS)
            return
        if len(self.begun) >= self.places:
            await asyncio.wait(self.begun.values(), return_when=asyncio.FIRST_COMPLETED)
        elif not began:
            await asyncio.sleep(self.settings.send_poll_seconds)

    async def begin_due(self) -> int:
        """How many were begun."""
        places = self.places - len(self.begun)
        if not self.waiting:
            self.waiting = await self._look()
        chosen, self.waiting = self.waiting[:places], self.waiting[places:]
        for id_, written_in in chosen:
            task = asyncio.create_task(self._guarded(id_, written_in))
            self.begun[id_] = task
            task.add_done_callback(lambda _, id_=id_: self.begun.pop(id_))  # type: ignore[misc]
        return len(chosen)

    async def _look(self) -> list[tuple[str, str | None]]:
        """What is due and not begun, in any order: others look at the same rows."""
        due = await commands.due(self.database, self.settings.send_concurrency * LOOK_AHEAD)
        free = [one for one in due if one[0] not in self.begun]
        return random.sample(free, len(free))

    async def _finish(self) -> None:
        """A message in the provider's hands is worth waiting for; what is cut off is asked about later."""
        if self.begun:
            await asyncio.wait(self.begun.values(), timeout=self.settings.send_timeout_seconds)
        for task in self.begun.values():
            task.cancel()

    async def _guarded(self, id_: str, written_in: str | None) -> None:
        """In the trace that wrote the row."""
        with trace.span(names.delivers(DELIVERED), parent=written_in) as span:
            try:
                span.says({names.OUTCOME: (await self.deliver(id_)).status.value})
            except NotDue as e:
                span.says({names.CODE: e.code})
            except Exception as e:  # noqa: BLE001 - its lease runs out, then it is asked about
                span.fails(type(e).__name__)
                log.warning("sender.interrupted", notification=id_, error=type(e).__name__)

    async def deliver(self, id_: str) -> Notification:
        """Claim, send, mark. Raises NotDue when another sender was faster."""
        row = await commands.claim(self.rows, id_, self.settings)
        faults.point("notify.claimed")
        contact = await reach(self.contacts, self.groups, self.aliases, row.tenant, row.recipient)
        code = obstacle(row, contact, clock.now(), self.settings.message_ttl_seconds)
        if code or contact is None or contact.phone is None:
            marked = await commands.give_up(self.rows, row, code or "NoContact")
        else:
            outcome = await self.hand_over(row, contact, contact.phone)
            faults.point("notify.sent")
            marked = await commands.settle(self.rows, row, outcome, self.settings, random.random())  # noqa: S311 - a pause
        metrics.NOTIFICATIONS.labels(channel=row.channel, state=marked.status.value).inc()
        return marked

    async def hand_over(self, row: Notification, contact: Contact, phone: str) -> Outcome:
        """Ask first where an earlier attempt ended nobody knows how, or is forgotten."""
        asks = row.ask_first or made_anew(row, self.database.restored_at)
        earlier = await self.provider.find(row.id) if asks else None
        if earlier:
            return earlier
        await self.pace.turn()
        return await self.provider.send(sms_of(row, contact, phone))


def made_anew(row: Notification, restored_at: datetime | None) -> bool:
    """Whether its fact may have been read before a restore from backup, and its message sent."""
    return restored_at is not None and row.created_at < restored_at + READ_AGAIN_WITHIN


def sms_of(row: Notification, contact: Contact, phone: str) -> Sms:
    wording, registered = rendered(row.message, contact.language), register()
    return Sms(
        client_ref=row.id,
        entity_id=registered.entity_id,
        template_id=wording.id,
        header=registered.header,
        to=phone,
        text=wording.text,
        language=contact.language,
        category=template_for(row.message).purpose.value,
    )
