"""Notifications: one message to one party, from the queue to her phone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from services.notify.contacts.domain import Contact
from services.notify.templates.domain import ORDER, Message, SubjectKind, Value, template_for
from shared.contracts.notify import Channel, NotificationAccepted, NotificationDelivered, NotificationFailed
from shared.decisions import Decision
from shared.errors import Language, Refused
from shared.events import Fact

SMS: Channel = "sms"
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
KNOWN_INCARNATIONS = 8  # of a producer; it is not restored more often within the days a message is worth repeating


class Status(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


RANK = {Status.QUEUED: 0, Status.SENDING: 1, Status.SENT: 2, Status.FAILED: 3, Status.DELIVERED: 4}
"""A notification only rises: reports may come twice and out of order. Delivered outweighs a failure that was wrong."""

Reported = Literal[Status.SENT, Status.DELIVERED, Status.FAILED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """`id` is event:recipient:channel, `about` the id of what it is about.

    `due_at`: when a sender takes it, or takes it over; None: it is not to be sent.
    `attempts` numbers the claims, so that who lost its lease cannot undo its successor. `ask_first`: an attempt was
    begun whose outcome nobody knows.
    """

    id: str
    tenant: str
    recipient: str
    channel: Channel
    kind: SubjectKind
    about: str
    template: str
    params: Mapping[str, Value]
    created_at: datetime
    due_at: datetime | None
    status: Status = Status.QUEUED
    attempts: int = 0
    lease_until: datetime | None = None
    ask_first: bool = False
    language: Language | None = None
    provider_id: str | None = None
    code: str | None = None
    provider_code: str | None = None

    @property
    def message(self) -> Message:
        return Message(self.recipient, self.kind, self.about, self.template, self.params)

    @property
    def order_id(self) -> str | None:
        return self.about if self.kind == ORDER else None


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it, under its own id."""

    provider_id: str
    status: Reported = Status.SENT


@dataclass(frozen=True, slots=True)
class Denied:
    """The provider will not take it; `code` is its own word."""

    code: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. `unsure`: it may have taken it nevertheless. `after_seconds`: as the provider wishes."""

    unsure: bool
    after_seconds: float | None = None


Outcome = Taken | Denied | Later


class NotDue(Refused):
    """This message is {status} and not to be sent now."""

    mr = "हा संदेश आता पाठवायचा नाही (स्थिती: {status})."
    hi = "यह संदेश अभी नहीं भेजना है (स्थिति: {status})।"


def row_id(event_id: str, recipient: str) -> str:
    return f"{event_id}:{recipient}:{SMS}"


def told_before(event_id: str) -> list[str]:
    """Ids this fact had where its producer stood here in an earlier incarnation, the newest first."""
    subject, incarnation, sequence = event_id.rsplit(":", 2)
    latest = int(incarnation) - 1
    return [f"{subject}:{n}:{sequence}" for n in range(latest, max(0, latest - KNOWN_INCARNATIONS), -1)]


def queue(event_id: str, tenant: str, message: Message, now: datetime) -> Decision[Notification]:
    """Raises NoTemplateFits."""
    template_for(message)
    return Decision(
        Notification(
            id=row_id(event_id, message.recipient),
            tenant=tenant,
            recipient=message.recipient,
            channel=SMS,
            kind=message.kind,
            about=message.about,
            template=message.template,
            params=message.params,
            created_at=now,
            due_at=now,
        )
    )


def claim(row: Notification, now: datetime, lease_seconds: float) -> Decision[Notification]:
    """Take it for a while, also from one whose lease ran out. Raises NotDue."""
    if row.due_at is None or row.due_at > now:
        raise NotDue(status=row.status.value)
    until = now + timedelta(seconds=lease_seconds)
    unsure = row.ask_first or row.status is Status.SENDING
    return Decision(
        replace(
            row,
            status=Status.SENDING,
            attempts=row.attempts + 1,
            lease_until=until,
            due_at=until,
            ask_first=unsure,
        )
    )


def obstacle(row: Notification, contact: Contact | None, now: datetime, ttl_seconds: float) -> str | None:
    """Why it must not be sent now, checked again at every attempt; None: nothing stands against it."""
    if now > row.created_at + timedelta(seconds=ttl_seconds):
        return "NotSentInTime"
    if contact is None:
        return "NoContact"
    return None if contact.agrees(template_for(row.message).purpose) else "NoConsent"


def reported(row: Notification, provider: str, taken: Taken) -> Decision[Notification]:
    """What the provider says of it, whether in its answer, on being asked, or by itself."""
    risen = taken.status if RANK[taken.status] > RANK[row.status] else row.status
    state = replace(row, status=risen, provider_id=row.provider_id or taken.provider_id, due_at=None, lease_until=None)
    facts: list[Fact] = [] if row.provider_id else [accepted(row, provider)]
    if risen is Status.DELIVERED and row.status is not risen:
        state = replace(state, code=None, provider_code=None)
        facts.append(delivered(row, provider))
    if risen is Status.FAILED and row.status is not risen:
        state = replace(state, code="NotDelivered")
        facts.append(failed(state))
    return Decision(state, *facts)


def give_up(row: Notification, attempt: int, code: str, provider_code: str | None = None) -> Decision[Notification]:
    """It will not be sent. Changes nothing when another has taken it over or it went out."""
    if not holds(row, attempt):
        return Decision(row)
    state = replace(row, status=Status.FAILED, code=code, provider_code=provider_code, due_at=None, lease_until=None)
    return Decision(state, failed(state))


def postpone(
    row: Notification, attempt: int, until: datetime, ttl_seconds: float, *, unsure: bool
) -> Decision[Notification]:
    """Back into the queue, unless its time is over by then."""
    if until > row.created_at + timedelta(seconds=ttl_seconds):
        return give_up(row, attempt, "NotSentInTime")
    if not holds(row, attempt):
        return Decision(row)
    return Decision(replace(row, status=Status.QUEUED, due_at=until, lease_until=None, ask_first=unsure))


def holds(row: Notification, attempt: int) -> bool:
    return row.status is Status.SENDING and row.attempts == attempt


def pause_seconds(attempts: int) -> float:
    """How long to wait after so many attempts: 1 s, 2 s, 4 s … a minute."""
    return float(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 10)))


def accepted(row: Notification, provider: str) -> NotificationAccepted:
    return NotificationAccepted(recipient=row.recipient, channel=row.channel, template=row.template, provider=provider)


def delivered(row: Notification, provider: str) -> NotificationDelivered:
    return NotificationDelivered(recipient=row.recipient, channel=row.channel, template=row.template, provider=provider)


def failed(row: Notification) -> NotificationFailed:
    code = row.code or "NotDelivered"
    return NotificationFailed(recipient=row.recipient, channel=row.channel, template=row.template, code=code)
