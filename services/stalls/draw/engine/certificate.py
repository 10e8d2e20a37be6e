"""Whether an outcome is right, without running the draw again: no envy, no waste, every line held to, true reasons.

`examining` chooses an event's holders from scratch; here is what needs no choice, and who is shown to whom.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.stalls.draw.engine.accept import bounds_of, people_of
from services.stalls.draw.engine.compiled import compile_plan
from services.stalls.draw.engine.examining import ENVY, LINES, REASON, WASTE, Claims, examine, table_for
from services.stalls.draw.engine.order import places
from services.stalls.draw.engine.planned import misplanned
from services.stalls.draw.engine.reasons import numbered, sorted_by_event
from services.stalls.draw.engine.tables import I32, I64, Flags, Result, Tables

Kind = Literal["shape", "order", "choice", "stall", "waiting", "refusals", "lines", "waste", "envy", "reason", "plan"]
KINDS: dict[int, Kind] = {LINES: "lines", WASTE: "waste", ENVY: "envy", REASON: "reason"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing that is not right: whom it is about (a place, from 1) and at which event (its number).

    lines: she holds a stall that no line gives her. waste: she was refused though a stall was free for her. envy:
    somebody with a worse place has what she might have had. reason: a count of a refusal is not the right one.
    plan: the plan as it was compiled is not the one of the tables.
    """

    kind: Kind
    place: int | None = None
    event: int | None = None


def certify(tables: Tables, seed: str, result: Result) -> Finding | None:
    """None if all is right. `seed`: 64 characters of ASCII, else ValueError."""
    return (
        _shaped(tables, result)
        or _lined_up(tables, seed, result)
        or _listed(tables, result)
        or _examined(tables, result)
    )


def _shaped(tables: Tables, result: Result) -> Finding | None:
    n, r = len(tables.tickets), len(result.refusal_event)
    counts = (result.refusal_products, result.refusal_reservation, result.refusal_better, result.refusal_last)
    of_people = (result.order, result.event, result.stall, result.choice)
    right = (
        all(len(array) == n for array in of_people)
        and all(len(array) == r for array in (result.refusal_stalls, *counts))
        and len(result.refusal_start) == n + 1
        and len(result.waiting) == len(tables.choices)
    )
    return None if right else Finding(kind="shape")


def _lined_up(tables: Tables, seed: str, result: Result) -> Finding | None:
    return _first("order", places(tables, seed) != result.order)


def _listed(tables: Tables, result: Result) -> Finding | None:
    """She has one of hers or none; every better one, or each, refused her; numbers and positions follow from that."""
    start, end = bounds_of(tables, result.order)
    none = result.event < 0
    last = np.where(none, end - start, result.choice - 1)
    wrong = (none != (result.choice == 0)) | (result.choice < 0) | (result.choice > end - start)
    if found := _first("choice", wrong):
        return found
    if len(tables.choices):
        hers = tables.choices[np.where(none, 0, start + last)]
        if found := _first("choice", ~none & (hers != result.event)):
            return found
    stalls = tables.stalls().astype(np.int32)
    stall, waiting = numbered(result.event, start, end, tables.choices, stalls)
    if found := _first("stall", stall != result.stall) or _full(tables, result, stalls):
        return found
    if len(odd := np.flatnonzero(waiting != result.waiting)):
        who = np.searchsorted(tables.start, odd[0], side="right") - 1
        return Finding(kind="waiting", place=int(np.flatnonzero(result.order == who)[0]) + 1)
    return _refused(tables, result, start, np.concatenate((np.zeros(1, np.int64), np.cumsum(last))))


def _first(kind: Kind, wrong: Flags) -> Finding | None:
    found = np.flatnonzero(wrong)
    return Finding(kind=kind, place=int(found[0]) + 1) if len(found) else None


def _full(tables: Tables, result: Result, stalls: I32) -> Finding | None:
    """More holders than stalls."""
    over = np.flatnonzero(np.bincount(result.event[result.event >= 0], minlength=len(stalls)) > stalls)
    return Finding(kind="lines", event=int(tables.events[over[0]])) if len(over) else None


def _refused(tables: Tables, result: Result, start: I32, starts: I64) -> Finding | None:
    if found := _first("refusals", (starts != result.refusal_start)[1:]):
        return found
    if len(result.refusal_event) != int(starts[-1]):
        return Finding(kind="refusals")
    who = np.repeat(np.arange(len(start)), np.diff(starts))
    hers = tables.choices[start[who] + np.arange(len(who)) - starts[who]]
    odd = np.flatnonzero(hers != result.refusal_event)
    return Finding(kind="refusals", place=int(who[odd[0]]) + 1) if len(odd) else None


def _examined(tables: Tables, result: Result) -> Finding | None:
    plan = compile_plan(tables)
    if (wrong := misplanned(plan, tables)) is not None:
        return Finding(kind="plan", event=int(tables.events[wrong]))
    held, begin = sorted_by_event(result.event, len(tables.events))
    refused, first = sorted_by_event(result.refusal_event, len(tables.events))
    claims = Claims(
        held=held,
        begin=begin,
        refused=refused,
        first=first,
        who=np.repeat(np.arange(len(result.order), dtype=np.int32), np.diff(result.refusal_start)),
        stalls=result.refusal_stalls,
        products=result.refusal_products,
        reservation=result.refusal_reservation,
        better=result.refusal_better,
        last=result.refusal_last,
    )
    table = table_for(plan, tables)
    kind, event, place = examine(plan, people_of(tables, result.order), claims, table, tables.line_start)
    return Finding(kind=KINDS[kind], place=place + 1, event=int(tables.events[event])) if kind else None
