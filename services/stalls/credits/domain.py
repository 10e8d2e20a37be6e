"""A turn had is a credit charged. Who had few of them in twelve months stands before who had more.

A stall confirmed, or taken on the day, costs one. Given back before the last week it costs nothing. A day nobody came
costs one more, once; not where it was excused, by the officer or by an appeal within a week.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from shared.decisions import Decision
from shared.errors import Refused
from shared.ids import derived_id

HIGHEST_TIER = 7
APPEAL_WITHIN = timedelta(days=7)


class Kind(StrEnum):
    STALL = "stall"
    RETURNED = "returned"
    NO_SHOW = "no_show"
    EXCUSED = "excused"


CREDITS = {Kind.STALL: 1, Kind.RETURNED: -1, Kind.NO_SHOW: 1, Kind.EXCUSED: -1}
CANCELS = {Kind.RETURNED: Kind.STALL, Kind.EXCUSED: Kind.NO_SHOW}
"""What an entry takes back; without that it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Credits of one stall, counted from its first day; `id` is what they were charged for.

    Nothing is ever removed: what is taken back is an entry of less than nothing.
    """

    id: str
    on: date
    credits: int
    kind: Kind = Kind.STALL


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAccount:
    """Every stall this group ever confirmed, and what became of it."""

    id: str
    tenant: str
    group: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`tier` 0 to 7; `ever`: had a stall at any time."""

    tier: int = 0
    ever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What counts for a group on a day; the newest entry first."""

    group: str
    as_of: date
    credits: int
    tier: int
    ever: bool
    entries: tuple[Entry, ...]


def account_id(tenant: str, group: str) -> str:
    return derived_id("credits", tenant, group)


def opened(tenant: str, group: str) -> CreditAccount:
    return CreditAccount(id=account_id(tenant, group), tenant=tenant, group=group)


class AppealTooLate(Refused):
    """The day nobody came was {day}; an appeal is heard until {until}."""

    mr = "कोणी आले नाही तो दिवस {day} होता; त्याविरुद्ध अपील {until} पर्यंत करता येते."
    hi = "जिस दिन कोई नहीं आया वह {day} था; उसके विरुद्ध अपील {until} तक हो सकती है।"


def charge(account: CreditAccount, entry: Entry) -> Decision[CreditAccount]:
    """Once for each entry id and kind, however often it is asked."""
    if any((known.id, known.kind) == (entry.id, entry.kind) for known in account.entries):
        return Decision(account)
    return Decision(replace(account, entries=(*account.entries, entry)))


def change(account: CreditAccount, stall: str, kind: Kind) -> Decision[CreditAccount]:
    """Of a stall that was charged: returned, a no-show (however many days), or that excused.

    Nothing changes where there is nothing to return, to double or to excuse; what was returned is not doubled.
    """
    known = {entry.kind: entry for entry in account.entries if entry.id == stall}
    needs = CANCELS.get(kind, Kind.STALL)
    if needs not in known or (kind is Kind.NO_SHOW and Kind.RETURNED in known):
        return Decision(account)
    return charge(account, Entry(id=stall, on=known[Kind.STALL].on, credits=CREDITS[kind], kind=kind))


def require_in_time(day: date, today: date) -> None:
    """Whether an appeal against that day is still heard. Raises AppealTooLate."""
    if today > day + APPEAL_WITHIN:
        raise AppealTooLate(day=day.isoformat(), until=(day + APPEAL_WITHIN).isoformat())


def year_before(day: date) -> date:
    """The same day last year; for 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def counting(entries: Iterable[Entry], as_of: date) -> tuple[Entry, ...]:
    """Those after the same day last year, also those of days to come; the newest first."""
    since = year_before(as_of)
    return tuple(sorted((e for e in entries if e.on > since), key=lambda e: (e.on, e.id, e.kind), reverse=True))


def any_kept(entries: Iterable[Entry]) -> bool:
    """Whether a stall was ever charged and not returned."""
    all_ = list(entries)
    returned = {entry.id for entry in all_ if entry.kind is Kind.RETURNED}
    return any(entry.id not in returned for entry in all_)


def balance(account: CreditAccount, as_of: date) -> Balance:
    counted = counting(account.entries, as_of)
    total = sum(entry.credits for entry in counted)
    return Balance(
        group=account.group,
        as_of=as_of,
        credits=total,
        tier=min(max(total, 0), HIGHEST_TIER),
        ever=any_kept(account.entries),
        entries=counted,
    )


def together(accounts: Iterable[CreditAccount | None], account: CreditAccount) -> CreditAccount:
    """As if `account` had been charged for all of these: one group's, under several ids."""
    entries = (entry for one in accounts if one for entry in one.entries)
    return replace(account, entries=tuple(entries))


def standing(account: CreditAccount, as_of: date) -> Standing:
    there = balance(account, as_of)
    return Standing(tier=there.tier, ever=there.ever)
