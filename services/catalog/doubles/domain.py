"""A case: two records that may be one group, and what officers decided of them. Nothing merges by itself.

A decision is written here first, with who made it, and asks for its work (`due_at`): the two writes of a merge or of
its undoing. `turn` counts decisions, so that work for an older one is noticed and done over by the newer one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.catalog.candidates.domain import Candidate
from services.catalog.groups.domain import Group
from services.catalog.likeness.domain import Reason
from services.catalog.merges import domain as merges
from shared.decisions import Decision
from shared.errors import Conflict, Invalid
from shared.ids import derived_id
from shared.scope import Scope


class NotOfThePair(Invalid):
    """keep: {keep} is neither of the two; send {one} or {other}."""

    mr = "keep: {keep} हा या दोन गटांपैकी नाही; {one} किंवा {other} पाठवा."
    hi = "keep: {keep} इन दोनों में से नहीं है; {one} या {other} भेजें।"


class MergedBefore(Conflict):
    """These two are merged already; undo that first to decide otherwise."""

    mr = "हे दोन्ही आधीच विलीन केले आहेत; वेगळा निर्णय घेण्यासाठी आधी ते मागे घ्या."
    hi = "इन दोनों का विलय हो चुका है; दूसरा निर्णय लेने के लिए पहले उसे वापस लें।"


class KeptApartBefore(Conflict):
    """These two are kept apart already; there is nothing to do."""

    mr = "हे दोन्ही आधीच वेगळे ठेवले आहेत; काही करायचे नाही."
    hi = "इन दोनों को पहले ही अलग रखा गया है; करने को कुछ नहीं है।"


class NothingDecided(Conflict):
    """Nothing has been decided of these two; merge them or keep them apart."""

    mr = "या दोन्हींबद्दल काही ठरलेले नाही; विलीन करा किंवा वेगळे ठेवा."
    hi = "इन दोनों के बारे में कुछ तय नहीं हुआ है; विलय करें या अलग रखें।"


class OneByNow(Conflict):
    """These two are one group by now, through other merges; there is nothing to merge."""

    mr = "दुसऱ्या विलीनीकरणांमुळे हे दोन्ही आता एकच गट आहेत; विलीन करण्यासारखे काही नाही."
    hi = "दूसरे विलयों से ये दोनों अब एक ही समूह हैं; विलय करने को कुछ नहीं है।"


class ChangedMeanwhile(Conflict):
    """One of these groups was merged or deactivated at the same moment; look at both again and decide."""

    mr = "त्याच वेळी यांपैकी एक गट विलीन किंवा निष्क्रिय केला गेला; दोन्ही पुन्हा पाहून ठरवा."
    hi = "उसी समय इनमें से एक समूह का विलय हुआ या वह निष्क्रिय किया गया; दोनों फिर से देखकर तय करें।"


class CaseStatus(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    APART = "apart"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """`groups`: both ids, sorted. `districts`: of both records (a town's may differ); block and town they share."""

    id: str
    tenant: str
    groups: tuple[str, str]
    districts: tuple[str, ...]
    block: str | None
    local_body: str | None
    score: int
    reasons: tuple[Reason, ...]
    found_at: datetime
    status: CaseStatus = CaseStatus.OPEN
    turn: int = 0
    before: CaseStatus = CaseStatus.OPEN
    """Where it goes back to when a merge turns out to be impossible."""
    kept: str | None = None
    absorbed: str | None = None
    """What was merged last, into `kept`: of the pair, or what these were aliases of."""
    words: str | None = None
    """Why, as the officer put it."""
    decided_by: str | None = None
    decided_at: datetime | None = None
    due_at: datetime | None = None
    covered_by: str | None = None
    """The case whose merge made these two one group: nothing is left to decide until it is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleFilters:
    status: CaseStatus = CaseStatus.OPEN
    district: str | None = None
    block: str | None = None
    local_body: str | None = None
    min_score: int = 0


def double_id(tenant: str, groups: Sequence[str]) -> str:
    """Of the pair, whichever comes first."""
    return derived_id(tenant, "double", *sorted(groups))


def found(candidate: Candidate, one: Group, other: Group, now: datetime) -> Decision[Double]:
    """A pair for the officers of its place."""
    case = Double(
        id=double_id(one.tenant, candidate.groups),
        tenant=one.tenant,
        groups=candidate.groups,
        districts=tuple(sorted({one.district, other.district})),
        block=one.block,
        local_body=one.local_body,
        score=candidate.likeness.score,
        reasons=candidate.likeness.reasons,
        found_at=now,
    )
    return Decision(case)


def looked_again(case: Double, score: int, reasons: tuple[Reason, ...]) -> Decision[Double]:
    """The records have changed since; what was decided of them stands."""
    waits = case.status is CaseStatus.OPEN
    return Decision(replace(case, score=score, reasons=reasons) if waits else case)


def merge(case: Double, keep: str, sides: tuple[Group, Group], scope: Scope, now: datetime) -> Decision[Double]:
    """`sides`: what the two ids of the pair stand for now, in their order.

    Raises NotOfThePair, OutsideArea, MergedBefore, OneByNow, MergedAlready, HoldsOthers, NotActive.
    """
    if keep not in case.groups:
        raise NotOfThePair(keep=keep, one=case.groups[0], other=case.groups[1])
    survivor, absorbed = sides if keep == case.groups[0] else sides[::-1]
    merges.require_rights(absorbed, survivor, scope)
    if case.status is CaseStatus.MERGED:
        raise MergedBefore
    if survivor.id == absorbed.id:
        raise OneByNow
    merges.require_possible(absorbed, survivor)
    decided = _decided(case, CaseStatus.MERGED, scope, now)
    return Decision(replace(decided, kept=survivor.id, absorbed=absorbed.id, words=None, due_at=now))


def keep_apart(
    case: Double, note: str | None, sides: tuple[Group, Group], scope: Scope, now: datetime
) -> Decision[Double]:
    """Raises OutsideArea, MergedBefore, KeptApartBefore."""
    merges.require_rights(*sides, scope)
    if case.status is CaseStatus.MERGED:
        raise MergedBefore
    if case.status is CaseStatus.APART:
        raise KeptApartBefore
    return Decision(replace(_decided(case, CaseStatus.APART, scope, now), words=note))


def undo(case: Double, reason: str, sides: tuple[Group, Group], scope: Scope, now: datetime) -> Decision[Double]:
    """Of a merge: two groups again. Of keeping apart: open again. Raises OutsideArea, NothingDecided."""
    merges.require_rights(*sides, scope)
    if case.status is CaseStatus.APART:
        return Decision(replace(_decided(case, CaseStatus.OPEN, scope, now), words=reason))
    if case.status is not CaseStatus.MERGED:
        raise NothingDecided
    return Decision(replace(_decided(case, CaseStatus.UNDONE, scope, now), words=reason, due_at=now))


def ended(case: Double, turn: int, now: datetime) -> Decision[Double]:
    """The work of that turn is done. Somebody decided otherwise meanwhile: theirs is done over, after this."""
    return Decision(replace(case, due_at=None if case.turn == turn else now))


def refused(case: Double, turn: int, now: datetime) -> Decision[Double]:
    """The merge of that turn was not possible any more: it is as before the decision."""
    if case.turn != turn:
        return ended(case, turn, now)
    return Decision(replace(case, status=case.before, due_at=None))


def cover(case: Double, by: str) -> Decision[Double]:
    waits = case.status is not CaseStatus.MERGED and case.covered_by is None
    return Decision(replace(case, covered_by=by) if waits else case)


def uncover(case: Double, by: str) -> Decision[Double]:
    return Decision(replace(case, covered_by=None) if case.covered_by == by else case)


def _decided(case: Double, status: CaseStatus, scope: Scope, now: datetime) -> Double:
    return replace(
        case, status=status, before=case.status, turn=case.turn + 1, decided_by=scope.party, decided_at=now, due_at=None
    )
