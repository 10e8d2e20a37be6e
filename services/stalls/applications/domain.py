"""Applications: one of each group in a call, changed as often as she likes until it closes, then fixed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.stalls.calls.domain import BEFORE_FREEZE, Call, CallClosed, CallEvent, require_accepting
from services.stalls.draw.plan import OPEN
from services.stalls.makers.domain import Family, KnownGroup, KnownProduct
from services.stalls.offers.domain import in_india
from services.stalls.wishes.domain import RegistryBehind, Wish, categories_of, check, spelled_out
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn, VenueName
from shared.decisions import Decision
from shared.errors import Conflict, Problem, Refused
from shared.ids import derived_id
from shared.scope import Scope

SETTLE_AFTER = timedelta(hours=1)  # nobody waits for it: it mends what a request left that died while a call closed


class Status(StrEnum):
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`choices` are events of the call, the best first, `asked` is what they were spelled out from.

    `revision` counts its contents, `submitted_revision` is the one it was last submitted with. The close sets
    `locked` (no change any more), then `frozen_revision` on what takes part in the draw; `late_from` is the first
    revision that came too late. `due_at`: looked at again by the timer. `district`, `block`, `local_body` are
    the group's; `call_district`, `call_block` those of the office of the call, which reads all of its applications;
    None in what was sent before they were kept.
    """

    id: str
    tenant: str
    call: str
    group: str
    district: str
    block: str | None
    local_body: str | None
    call_district: str | None
    call_block: str | None
    ticket: str
    status: Status
    asked: Wish
    choices: tuple[int, ...]
    categories: tuple[str, ...]
    submitted_at: datetime
    changed_at: datetime
    revision: int
    submitted_revision: int
    locked: bool = False
    frozen_revision: int | None = None
    late_from: int | None = None
    due_at: datetime | None = None

    @property
    def products(self) -> tuple[str, ...]:
        return self.asked.products

    @property
    def tags(self) -> frozenset[str]:
        return self.asked.tags

    @property
    def stages(self) -> frozenset[str]:
        """The vertical ones; every group may use an open stall."""
        return self.asked.stages - {OPEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is known when a wish comes in; `unusable`: what keeps a ground she names from being used.

    `rivals`: ids of other applications in this call that are her group's under another of its ids.
    """

    call: Call
    group: KnownGroup | None
    products: Mapping[str, KnownProduct]
    unusable: Problem | None = None
    family: Family | None = None
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An application with the call it is for."""

    application: Application
    call: Call

    @property
    def events(self) -> tuple[CallEvent, ...]:
        """Those she chose, the best first."""
        found = (self.call.event(number) for number in self.application.choices)
        return tuple(event for event in found if event)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFilters:
    group: str | None = None
    call: str | None = None
    status: Status | None = None


class GroupNotYours(Refused):
    """You do not act for the group {group}; let one of its members apply."""

    status = 403
    mr = "तुम्ही {group} या गटाच्या वतीने काम करत नाही; त्या गटाच्या सदस्याने अर्ज करावा."
    hi = "आप {group} समूह की ओर से काम नहीं करतीं; उस समूह की सदस्य आवेदन करे।"


class GroupInactive(Refused):
    """The group {group} is not active in the registry and cannot apply; ask the officer of its place."""

    mr = "{group} हा गट नोंदणीत सक्रिय नाही, म्हणून अर्ज करू शकत नाही; तेथील अधिकाऱ्यांना विचारा."
    hi = "{group} समूह पंजी में सक्रिय नहीं है, इसलिए आवेदन नहीं कर सकता; वहाँ के अधिकारी से पूछें।"


class AlreadyApplied(Conflict):
    """Your group has applied already; change that application with PUT /v1/applications/{id}."""

    mr = "तुमच्या गटाने आधीच अर्ज केला आहे; त्यात बदल करण्यासाठी PUT /v1/applications/{id} वापरा."
    hi = "आपका समूह पहले ही आवेदन कर चुका है; उसे बदलने के लिए PUT /v1/applications/{id} का प्रयोग करें।"


class CloseNotDone(Conflict):
    """The call is being closed; ask again with the same Idempotency-Key to hear whether this came in time."""

    status = 503
    mr = "अर्ज स्वीकारणे आत्ता बंद होत आहे; हा अर्ज वेळेत आला का हे कळण्यासाठी त्याच Idempotency-Key सह पुन्हा विचारा."
    hi = "आवेदन अभी बंद किए जा रहे हैं; यह समय पर आया या नहीं, जानने के लिए उसी Idempotency-Key से फिर पूछें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "3"}


def natural_id(tenant: str, call: str, group: str, *, apart: bool = False) -> str:
    """`apart`: of a group whose own place was taken while another was merged into it."""
    return derived_id(tenant, "applications", call, group, *(("apart",) if apart else ()))


def may_stand_at(family: Family, call: Call) -> frozenset[str]:
    """Ids at which an application of this group can be; none but its own where it never had another id."""
    others = family.ids | family.ties
    if len(others) == 1:
        return frozenset()
    return frozenset(natural_id(call.tenant, call.id, id_, apart=apart) for id_ in others for apart in (False, True))


def first_of(applications: Iterable[Application], family: frozenset[str]) -> Application | None:
    """Of those of one group under several ids, the one that came first."""
    hers = (one for one in applications if one.group in family)
    return min(hers, key=lambda one: (one.submitted_at, one.ticket), default=None)


def rivals(other: Application, family: Family) -> bool:
    """Whether that one is this group's too, and stands."""
    return other.group in family.ids and other.status is Status.SUBMITTED


def submit(
    id_: str, group: str, wish: Wish, desk: Desk, *, ticket: str, by: Scope, now: datetime
) -> Decision[Application]:
    """Raises GroupNotYours, RegistryBehind, GroupInactive, AlreadyApplied; what grounds, calls and wishes refuse."""
    who, written = _written(group, wish, desk, by, now)
    _require_no_other(desk)
    application = Application(
        id=id_,
        tenant=who.tenant,
        call=desk.call.id,
        group=who.id,
        ticket=ticket,
        call_district=desk.call.district,
        call_block=desk.call.block,
        status=Status.SUBMITTED,
        submitted_at=now,
        revision=1,
        submitted_revision=1,
        due_at=desk.call.closes_at + SETTLE_AFTER,
        **written,
    )
    return Decision(application, _submitted(application, desk.call))


def revise(application: Application, wish: Wish, desk: Desk, by: Scope, now: datetime) -> Decision[Application]:
    """Another content; a withdrawn one comes back with its old ticket. The same content changes nothing."""
    _, written = _written(application.group, wish, desk, by, now)
    _require_unlocked(application, desk.call)
    revised = replace(application, revision=application.revision + 1, **written)
    if application.status is Status.WITHDRAWN:
        _require_no_other(desk)
        again = {"status": Status.SUBMITTED, "submitted_at": now, "submitted_revision": revised.revision}
        back: Application = replace(revised, due_at=desk.call.closes_at + SETTLE_AFTER, **again)  # type: ignore[arg-type]
        return Decision(back, _submitted(back, desk.call))
    if (wish, revised.choices, revised.categories) == (application.asked, application.choices, application.categories):
        return Decision(application)
    fact = ApplicationChanged(
        call=revised.call,
        group=revised.group,
        categories=revised.categories,
        categories_before=application.categories,
        choices=revised.choices,
        submitted_at=revised.submitted_at,
        ticket=revised.ticket,
    )
    return Decision(revised, fact)


def withdraw(application: Application, call: Call, by: Scope, now: datetime) -> Decision[Application]:
    """Withdrawn already: nothing changes. Raises GroupNotYours, CallNotOpenYet, CallClosed."""
    _require_own(application.group, by)
    if application.status is Status.WITHDRAWN:
        return Decision(application)
    require_accepting(call, now)
    _require_unlocked(application, call)
    return _withdrawn(replace(application, changed_at=now))


def settled(application: Application, call: Call, now: datetime) -> Decision[Application]:
    """After the close: what the freeze did not take came too late and is withdrawn. Before it: later again."""
    if application.status is Status.WITHDRAWN or application.frozen_revision is not None:
        return Decision(replace(application, due_at=None))
    if call.status in BEFORE_FREEZE:
        return Decision(replace(application, due_at=now + SETTLE_AFTER))
    return _withdrawn(replace(application, changed_at=now, late_from=application.submitted_revision))


def require_in_time(answered: Application, settled: Application, call: Call) -> None:
    """`answered` is what one request wrote, `settled` what there is after the close. Raises CallClosed."""
    if settled.late_from is not None and answered.revision >= settled.late_from:
        raise CallClosed(closes_at=in_india(call.closes_at))


def _written(group: str, wish: Wish, desk: Desk, by: Scope, now: datetime) -> tuple[KnownGroup, dict[str, Any]]:
    _require_own(group, by)
    require_accepting(desk.call, now)
    if desk.group is None:
        raise RegistryBehind(group=group)
    if not (desk.family or desk.group).active:
        raise GroupInactive(group=group)
    choices = spelled_out(wish.choices, desk.call)
    categories = categories_of(wish, desk.family.ids if desk.family else frozenset({group}), desk.products)
    check(wish, desk.group, categories, desk.call)
    if desk.unusable:
        raise desk.unusable
    place = {"district": desk.group.district, "block": desk.group.block, "local_body": desk.group.local_body}
    return desk.group, {**place, "asked": wish, "choices": choices, "categories": categories, "changed_at": now}


def _submitted(application: Application, call: Call) -> ApplicationSubmitted:
    return ApplicationSubmitted(
        call=application.call,
        group=application.group,
        ticket=application.ticket,
        categories=application.categories,
        choices=application.choices,
        submitted_at=application.submitted_at,
        call_name=VenueName(**call.names.kept()),
    )


def _withdrawn(application: Application) -> Decision[Application]:
    fact = ApplicationWithdrawn(
        call=application.call,
        group=application.group,
        categories=application.categories,
        submitted_at=application.submitted_at,
        ticket=application.ticket,
    )
    gone = replace(application, status=Status.WITHDRAWN, revision=application.revision + 1, due_at=None)
    return Decision(gone, fact)


def _require_own(group: str, by: Scope) -> None:
    if group not in by.groups:
        raise GroupNotYours(group=group)


def _require_no_other(desk: Desk) -> None:
    if desk.rivals:
        raise AlreadyApplied(id=desk.rivals[0])


def _require_unlocked(application: Application, call: Call) -> None:
    if application.locked:
        raise CallClosed(closes_at=in_india(call.closes_at))
