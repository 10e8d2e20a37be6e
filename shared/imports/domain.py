"""The job: who holds it, how many rows have been taken, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.decisions import Decision
from shared.errors import Conflict, Invalid
from shared.imports.taking import Counts
from shared.scope import Scope

LEASE = timedelta(seconds=20)
REST_AFTER_A_FAULT = timedelta(seconds=30)
PATIENCE = timedelta(minutes=2)
MOMENT = timedelta(seconds=2)
MOST_FILES = 200
MOST_ROWS = 60_000  # of one uploaded file: they are all in memory for a moment, a bad one takes 2 KB

Status = Literal["open", "waiting", "running", "ended", "failed", "cancelled"]


class ImportUnderWay(Conflict):
    """This list is being imported already: {done} rows are done. Wait until that has ended."""

    mr = "ही यादी आधीच आयात होत आहे: {done} ओळी झाल्या. ती संपेपर्यंत थांबा."
    hi = "यह सूची पहले से आयात हो रही है: {done} पंक्तियाँ हो चुकीं। उसके समाप्त होने तक रुकें।"


class ImportTaken(Conflict):
    """Another process holds the import {id} now; this one stops."""

    mr = "आयात {id} चे काम आता दुसरी प्रक्रिया करत आहे; ही थांबते."
    hi = "आयात {id} का काम अब दूसरी प्रक्रिया कर रही है; यह रुकती है।"


class ImportStarted(Conflict):
    """The import {id} is {status}; files can be sent or removed only before it starts. Open a new one."""

    mr = "आयात {id} ची स्थिती {status} आहे; फाइल फक्त सुरू होण्यापूर्वी पाठवता किंवा काढता येते. नवीन आयात उघडा."
    hi = "आयात {id} की स्थिति {status} है; फ़ाइल केवल शुरू होने से पहले भेजी या हटाई जा सकती है। नया आयात खोलें।"


class NothingToImport(Invalid):
    """The import {id} has no rows yet; send a file first."""

    mr = "आयात {id} मध्ये अजून ओळी नाहीत; आधी फाइल पाठवा."
    hi = "आयात {id} में अभी पंक्तियाँ नहीं हैं; पहले फ़ाइल भेजें।"


class TooManyRows(Invalid):
    """{file} has more than {most} rows; send it in pieces, each with its header, or import it by the command line."""

    mr = "{file} मध्ये {most} पेक्षा जास्त ओळी आहेत; शीर्षकासह तुकडे करून पाठवा, किंवा कमांड लाइनने आयात करा."
    hi = "{file} में {most} से अधिक पंक्तियाँ हैं; शीर्षक सहित टुकड़ों में भेजें, या कमांड लाइन से आयात करें।"


class TooManyFiles(Conflict):
    """An import holds {most} files; start this one and open another."""

    mr = "एका आयातीत {most} फाइल मावतात; ही सुरू करा आणि दुसरी उघडा."
    hi = "एक आयात में {most} फ़ाइलें आती हैं; इसे शुरू करें और दूसरा खोलें।"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One uploaded file: its rows lie staged in so many blocks. `stands_under`: another programme, see `doubting`."""

    name: str
    sha256: str
    rows: int = 0
    blocks: int = 0
    stands_under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`done`: rows that have been taken, in order; `total`: None while not known. `rules`: bad rows by code.

    `started_by`: as her token said when she started it; rows are taken as she may bring them.
    `order`: of the lists of its programme in this state it was the so-manieth to be begun; 0 before.
    `due_at`: when a worker may take it; of one that is open or over, when what was sent and the bad rows go.
    """

    id: str
    tenant: str
    programme: str
    name: str
    asked_by: Scope
    started_by: Scope | None = None
    dry_run: bool = False
    wanted: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    status: Status = "open"
    number: int = 1
    done: int = 0
    total: int | None = None
    counts: Counts = field(default_factory=Counts)
    rules: Mapping[str, int] = field(default_factory=dict)
    places: frozenset[str] = field(default_factory=frozenset)
    stage: str = "rows"
    stage_done: int = 0
    stage_total: int = 0
    owner: str | None = None
    epoch: int = 0
    order: int = 0
    due_at: datetime | None = None
    asked_at: datetime | None = None
    started_at: datetime | None = None
    began_at: datetime | None = None
    began_done: int = 0
    moved_at: datetime | None = None
    ended_at: datetime | None = None
    refused: str | None = None

    @property
    def scope(self) -> Scope:
        """Whose area its rows must lie in."""
        return self.started_by or self.asked_by

    def is_patient(self, now: datetime) -> bool:
        """Whether it may still wait for what comes to the service another way."""
        return self.started_at is not None and now < self.started_at + PATIENCE and not self.dry_run

    @property
    def happened_at(self) -> datetime | None:
        """When it last came further."""
        return self.ended_at or self.moved_at or self.asked_at

    @property
    def over(self) -> bool:
        return self.status in {"ended", "failed", "cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one batch adds."""

    rows: int
    counts: Counts
    rules: Mapping[str, int]
    places: frozenset[str]


def with_file(job: Import, file: File) -> Decision[Import]:
    """Sent again, it takes the place of the first. Raises ImportStarted, TooManyFiles."""
    _require_open(job)
    others = tuple(one for one in job.files if one.name != file.name)
    if len(others) >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    files = tuple(sorted((*others, file), key=lambda one: one.name))
    return Decision(replace(job, files=files, total=sum(one.rows for one in files)))


def without_file(job: Import, name: str) -> Decision[Import]:
    """Raises ImportStarted."""
    _require_open(job)
    files = tuple(one for one in job.files if one.name != name)
    return Decision(replace(job, files=files, total=sum(one.rows for one in files)))


def started(job: Import, by: Scope, now: datetime) -> Decision[Import]:
    """Once. An area she had when she opened it counts no more. Raises ImportStarted, NothingToImport."""
    if job.status in {"waiting", "running"}:
        return Decision(job)
    _require_open(job)
    if not job.total:
        raise NothingToImport(id=job.id)
    return Decision(replace(job, status="waiting", due_at=now, started_by=by, started_at=now))


def cancelled(job: Import, now: datetime, keep: timedelta) -> Decision[Import]:
    """What was taken stays. Raises ImportStarted when it is over."""
    if job.over:
        raise ImportStarted(id=job.id, status=job.status)
    return Decision(replace(job, status="cancelled", due_at=now + keep, owner=None, ended_at=now))


def given_up(job: Import, now: datetime) -> Decision[Import]:
    """Files came, and nobody started it in all that time."""
    if job.status != "open" or job.due_at is None or job.due_at > now:
        return Decision(job)
    return Decision(replace(job, status="cancelled", ended_at=now))


def forgettable(job: Import, now: datetime) -> bool:
    return job.over and job.due_at is not None and job.due_at <= now


def forgotten(job: Import, now: datetime) -> Decision[Import]:
    """Its counts alone are left."""
    return Decision(replace(job, due_at=None) if forgettable(job, now) else job)


def again(job: Import, number: int, by: Scope, now: datetime) -> Decision[Import]:
    """A list that was imported before is read once more, from its beginning."""
    if not job.over or job.number != number - 1:
        return Decision(job)
    fresh = Import(
        id=job.id, tenant=job.tenant, programme=job.programme, name=job.name, asked_by=by,
        number=number, epoch=job.epoch, dry_run=job.dry_run, asked_at=now,
    )  # fmt: skip
    return Decision(fresh)


def claimed(
    job: Import, owner: str, now: datetime, total: int | None = None, *, order: int = 0, dead: bool = False
) -> Decision[Import]:
    """Hers until the lease ends. `dead`: whoever held it is known to be. Raises ImportUnderWay, ImportTaken.

    `order` counts at the first claim of a pass: one that is gone on with is no newer for it.
    """
    if job.over:
        raise ImportTaken(id=job.id)
    if job.owner is not None and job.due_at is not None and job.due_at > now and not dead:
        raise ImportUnderWay(done=job.done)
    held = replace(job, owner=owner, epoch=job.epoch + 1, due_at=now + LEASE, status="running", moved_at=now)
    known = job.total if total is None else total
    return Decision(replace(held, began_at=now, began_done=job.done, total=known, order=job.order or order))


def renewed(job: Import, epoch: int, now: datetime) -> Decision[Import]:
    """Hers for another lease, if nobody took it meanwhile. Raises ImportTaken."""
    _require_held(job, epoch)
    return Decision(replace(job, due_at=now + LEASE, moved_at=now))


def moved(job: Import, epoch: int, step: Step, now: datetime) -> Decision[Import]:
    """A batch is in. Raises ImportTaken."""
    _require_held(job, epoch)
    rules = {code: job.rules.get(code, 0) + step.rules.get(code, 0) for code in {*job.rules, *step.rules}}
    return Decision(
        replace(
            job,
            done=job.done + step.rows,
            counts=job.counts + step.counts,
            rules=rules,
            places=job.places | step.places,
            due_at=now + LEASE,
            moved_at=now,
            refused=None,
        )
    )


def staged(job: Import, epoch: int, stage: str, done: int, total: int, now: datetime) -> Decision[Import]:
    """So far after the rows. Raises ImportTaken."""
    _require_held(job, epoch)
    return Decision(replace(job, stage=stage, stage_done=done, stage_total=total, due_at=now + LEASE, moved_at=now))


def ended(job: Import, epoch: int, now: datetime, keep: timedelta) -> Decision[Import]:
    """`keep`: how long its bad rows stay. Of its stages none is left half done. Raises ImportTaken."""
    _require_held(job, epoch)
    over = replace(job, status="ended", owner=None, due_at=now + keep, ended_at=now, total=job.done)
    return Decision(replace(over, stage="done", stage_done=0, stage_total=0))


def failed(job: Import, epoch: int, code: str, now: datetime, keep: timedelta) -> Decision[Import]:
    """Nothing can go on with it; what was taken stays. Raises ImportTaken."""
    _require_held(job, epoch)
    return Decision(replace(job, status="failed", owner=None, refused=code, due_at=now + keep, ended_at=now))


def put_off(job: Import, epoch: int, code: str, now: datetime) -> Decision[Import]:
    """It goes on after a rest. Raises ImportTaken."""
    _require_held(job, epoch)
    return Decision(replace(job, owner=None, refused=code, due_at=now + REST_AFTER_A_FAULT))


def rested(job: Import, epoch: int, now: datetime) -> Decision[Import]:
    """It goes on in a moment. Raises ImportTaken."""
    _require_held(job, epoch)
    return Decision(replace(job, owner=None, due_at=now + MOMENT))


def _require_open(job: Import) -> None:
    if job.status != "open":
        raise ImportStarted(id=job.id, status=job.status)


def _require_held(job: Import, epoch: int) -> None:
    if job.epoch != epoch or job.owner is None:
        raise ImportTaken(id=job.id)
