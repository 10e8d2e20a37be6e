"""What can be asked of notifications: get, decide, save. The rules are in domain."""

from datetime import timedelta
from functools import partial

from services.notify.notifications import domain, store
from services.notify.notifications.domain import Denied, Later, Notification, Outcome, Status, Taken
from services.notify.settings import NotifySettings
from services.notify.templates.domain import Message
from shared import clock, metrics
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Scope

STUCK_AFTER = timedelta(minutes=2)


async def queue(rows: Aggregates[Notification], event_id: str, tenant: str, message: Message) -> Notification:
    """One row for this event and recipient. Raises NoTemplateFits.

    A producer that was restored from backup may tell a fact again, in a newer incarnation: the message is the same.
    """
    for earlier in domain.told_before(event_id):
        row = await rows.find(domain.row_id(earlier, message.recipient))
        if row is not None and row.message == message:
            return row

    async def decide() -> Decision[Notification]:
        return domain.queue(event_id, tenant, message, clock.now())

    return await rows.create(domain.row_id(event_id, message.recipient), decide)


async def claim(rows: Aggregates[Notification], id_: str, settings: NotifySettings) -> Notification:
    """Raises NotDue when another was faster."""
    lease = settings.send_lease_seconds
    return await rows.change(id_, partial(domain.claim, now=clock.now(), lease_seconds=lease))


async def give_up(rows: Aggregates[Notification], row: Notification, code: str) -> Notification:
    return await rows.change(row.id, partial(domain.give_up, attempt=row.attempts, code=code))


async def report(rows: Aggregates[Notification], id_: str, provider: str, taken: Taken) -> Notification:
    """Raises NotFound."""
    return await rows.change(id_, partial(domain.reported, provider=provider, taken=taken))


async def hear(rows: Aggregates[Notification], id_: str, provider: str, taken: Taken) -> Notification:
    """The same, as the provider tells it by itself: counted when the message rises by it. Raises NotFound."""
    rose = False

    def decide(row: Notification) -> Decision[Notification]:
        nonlocal rose
        decision = domain.reported(row, provider, taken)
        rose = decision.state.status is not row.status
        return decision

    row = await rows.change(id_, decide)
    if rose:
        metrics.NOTIFICATIONS.labels(channel=row.channel, state=row.status.value).inc()
    return row


async def settle(
    rows: Aggregates[Notification], row: Notification, outcome: Outcome, settings: NotifySettings, jitter: float
) -> Notification:
    """Mark what came of an attempt. `jitter` between 0 and 1 spreads those that come back."""
    match outcome:
        case Taken():
            return await report(rows, row.id, settings.sms_provider_name, outcome)
        case Denied(code):
            denied = partial(domain.give_up, attempt=row.attempts, code="RefusedByProvider", provider_code=code)
            return await rows.change(row.id, denied)
        case Later(unsure, after_seconds):
            pause = after_seconds or domain.pause_seconds(row.attempts) * (0.5 + jitter / 2)
            until, ttl = clock.now() + timedelta(seconds=pause), settings.message_ttl_seconds
            later = partial(domain.postpone, attempt=row.attempts, until=until, ttl_seconds=ttl, unsure=unsure)
            return await rows.change(row.id, later)


async def due(database: Database, limit: int) -> list[store.Due]:
    """Ids and traces of at most `limit` rows that may be claimed now, the oldest first."""
    return await store.due(database, clock.now(), limit)


async def listed(
    database: Database, scope: Scope, paging: Paging, party: str | None, status: Status | None
) -> Page[Notification]:
    """What the scope sees, newest first. Raises BadCursor."""
    return await store.listed(database, scope, paging, party, status)


async def stuck(database: Database) -> list[str]:
    """Ids of rows that a sender claimed and nobody took over, long after the claim ran out."""
    return await store.stuck(database, clock.now() - STUCK_AFTER)
