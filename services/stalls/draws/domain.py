"""The work that a worker does of a large call: close it, draw it, tell its outcome.

Whoever asks counts `asked` up; whoever has done all that was asked by then sets `answered` to what she saw. A worker
holds the work until `due_at` and makes that later while it lives; its `epoch` tells it from whoever holds it next.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.stalls.calls.domain import Call, Status
from shared.decisions import Decision
from shared.errors import Conflict

REST_AFTER_A_FAULT = timedelta(seconds=30)
STANDS_STILL_AFTER = timedelta(minutes=5)  # no stage of a whole state is silent for so long
RESTS = frozenset({Status.OPEN, Status.CLOSED, Status.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """`id` is the call's. `due_at`: when a worker may take it; None when nothing is asked.

    `stage`, `done`, `total` say how far it is (total 0: not known); `refused` is the code of what ended the last try.
    """

    id: str
    tenant: str
    asked: int = 0
    answered: int = 0
    epoch: int = 0
    owner: str | None = None
    due_at: datetime | None = None
    stage: str | None = None
    done: int = 0
    total: int = 0
    refused: str | None = None
    asked_at: datetime | None = None
    stage_began_at: datetime | None = None
    moved_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a stage is."""

    stage: str
    done: int
    total: int


class WorkTaken(Conflict):
    """Another worker draws the call {call} now; this one stops."""

    mr = "सोडत {call} चे काम आता दुसरी प्रक्रिया करत आहे; ही थांबते."
    hi = "लॉटरी {call} का काम अब दूसरी प्रक्रिया कर रही है; यह रुकती है।"


class TooManyListeners(Conflict):
    """{most} already listen to draws here; ask GET /v1/draws/{{id}} now and then instead, or listen again later."""

    status = 503
    mr = "येथे आधीच {most} जण सोडतीकडे लक्ष ठेवून आहेत; त्याऐवजी अधूनमधून GET /v1/draws/{{id}} विचारा, किंवा नंतर पुन्हा या."
    hi = "यहाँ पहले ही {most} लोग लॉटरी पर नज़र रखे हैं; इसके बदले बीच-बीच में GET /v1/draws/{{id}} पूछें, या बाद में फिर आएँ।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "10"}


def asked(work: Work, now: datetime) -> Decision[Work]:
    """Once more there is something to do. Held by a worker, it stays held."""
    free = work.owner is None
    return Decision(
        replace(work, asked=work.asked + 1, asked_at=now, ended_at=None, due_at=now if free else work.due_at)
    )


def claimed(work: Work, owner: str, now: datetime, until: datetime) -> Decision[Work]:
    """Hers until then. Raises WorkTaken when it is somebody's, or nothing is to do."""
    if work.due_at is None or work.due_at > now or work.asked == work.answered:
        raise WorkTaken(call=work.id)
    return Decision(replace(work, owner=owner, epoch=work.epoch + 1, due_at=until, moved_at=now))


def moved(work: Work, epoch: int, step: Step | None, now: datetime, until: datetime) -> Decision[Work]:
    """Still hers, and so far. Raises WorkTaken."""
    _require_held(work, epoch)
    held = replace(work, due_at=until)
    if step is None or (step.stage, step.done, step.total) == (work.stage, work.done, work.total):
        return Decision(held)
    began = work.stage_began_at if step.stage == work.stage else now
    at = replace(held, stage=step.stage, done=step.done, total=step.total, moved_at=now, refused=None)
    return Decision(replace(at, stage_began_at=began))


def ended(work: Work, epoch: int, answered: int, now: datetime) -> Decision[Work]:
    """All that was asked by then is done; what was asked since is due at once. Raises WorkTaken."""
    _require_held(work, epoch)
    more = work.asked > answered
    free = replace(work, owner=None, answered=answered, stage=None, done=0, total=0, refused=None, stage_began_at=None)
    return Decision(replace(free, due_at=now if more else None, ended_at=None if more else now))


def failed(work: Work, epoch: int, code: str, now: datetime) -> Decision[Work]:
    """It is tried again after a rest. Raises WorkTaken."""
    _require_held(work, epoch)
    return Decision(replace(work, owner=None, refused=code, due_at=now + REST_AFTER_A_FAULT))


def left(call: Call) -> Decision[Call]:
    """A worker does what has begun of this call: its timer need not."""
    return Decision(call if call.status in RESTS else replace(call, due_at=None))


def eta(work: Work, now: datetime) -> datetime | None:
    """When the stage ends if it goes on as it did; None while that cannot be said."""
    if not work.total or not work.done or work.stage_began_at is None:
        return None
    return now + (now - work.stage_began_at) * (work.total - work.done) / work.done


def _require_held(work: Work, epoch: int) -> None:
    if work.epoch != epoch or work.owner is None:
        raise WorkTaken(call=work.id)
