"""A turn had is a credit charged. Who had few of them in twelve months stands before who had more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from shared.decisions import Decision
from shared.ids import derived_id

HIGHEST_TIER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Credits of one stall, counted from its first day; `id` is what they were charged for."""

    id: str
    on: date
    credits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditAccount:
    """Every stall this group ever confirmed."""

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


def charge(account: CreditAccount, entry: Entry) -> Decision[CreditAccount]:
    """Once for each entry id, however often it is asked."""
    if any(known.id == entry.id for known in account.entries):
        return Decision(account)
    return Decision(replace(account, entries=(*account.entries, entry)))


def year_before(day: date) -> date:
    """The same day last year; for 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def counting(entries: Iterable[Entry], as_of: date) -> tuple[Entry, ...]:
    """Those after the same day last year, also those of days to come; the newest first."""
    since = year_before(as_of)
    return tuple(sorted((e for e in entries if e.on > since), key=lambda e: (e.on, e.id), reverse=True))


def balance(account: CreditAccount, as_of: date) -> Balance:
    counted = counting(account.entries, as_of)
    total = sum(entry.credits for entry in counted)
    return Balance(
        group=account.group,
        as_of=as_of,
        credits=total,
        tier=min(total, HIGHEST_TIER),
        ever=bool(account.entries),
        entries=counted,
    )


def standing(account: CreditAccount, as_of: date) -> Standing:
    there = balance(account, as_of)
    return Standing(tier=there.tier, ever=there.ever)
