"""A compiled plan beside its tables, once more and otherwise: whole columns at a time, nothing compiled."""

import numpy as np

from services.stalls.draw.engine.compiled import ANYBODY, Plan
from services.stalls.draw.engine.tables import I64, Tables

LAST = 128
"""The fallback's step; those of a stage are twice its rank (guarantee) and one more (fill), and there are 64 stages."""


def misplanned(plan: Plan, tables: Tables) -> int | None:
    """The first event whose cells are not those of its lines, 0 where passes are not cut so; None if all is right."""
    lines, event, ranks = len(tables.count), _events(tables), _ranks(tables)
    kept = np.flatnonzero((tables.tags_of != np.uint64(0)) | (tables.district_of >= 0))
    second = np.flatnonzero(tables.fallback != np.uint64(0))
    line = np.concatenate((kept, np.arange(lines), second))
    step = np.concatenate((2 * ranks[kept], 2 * ranks + 1, np.full(len(second), LAST)))
    sorted_ = np.lexsort((line, step, event[line]))
    line, step = line[sorted_], step[sorted_]
    guarantee, last = (step % 2 == 0) & (step < LAST), step == LAST
    begins = _begins(event[line] * (LAST + 1) + step)
    first, of_pass = np.flatnonzero(begins), np.cumsum(begins) - 1
    cells, passes = np.append(first, len(line)), np.searchsorted(event[line[first]], np.arange(len(tables.events) + 1))
    if len(plan.line) != len(line) or not (np.array_equal(plan.cells, cells) and np.array_equal(plan.passes, passes)):
        return 0
    nobody = np.zeros(len(line), np.uint64)
    right = (
        (plan.line, line),
        (plan.takes, np.where(last, tables.fallback[line], tables.takes[line])),
        (plan.tags, np.where(guarantee, tables.tags_of[line], nobody)),
        (plan.district, np.where(guarantee, tables.district_of[line], ANYBODY)),
        (plan.stalls, tables.count[line]),
        (plan.stage[of_pass], np.where(last, 0, tables.stage[line])),
        (plan.after, _after(line)),
        (plan.pass_of, of_pass),
    )
    wrong = [int(event[line[odd[0]]]) for one, other in right if len(odd := np.flatnonzero(one != other))]
    return min(wrong, default=None)


def _events(tables: Tables) -> I64:
    """[l]: whose line it is."""
    return np.repeat(np.arange(len(tables.events)), np.diff(tables.line_start))


def _ranks(tables: Tables) -> I64:
    """[l]: which of its event's stages, by first appearance; open is 0 also where no line is."""
    event = _events(tables)
    keys, first, of_line = np.unique(event * 64 + tables.stage, return_index=True, return_inverse=True)
    first[keys % 64 == 0] = -1
    ranks, sorted_ = np.empty(len(keys), np.int64), np.lexsort((first, keys // 64))
    events = keys[sorted_] // 64
    begin = np.searchsorted(events, events)
    ranks[sorted_] = np.arange(len(keys)) - begin + (keys[sorted_[begin]] % 64 != 0)
    found: I64 = ranks[of_line]
    return found


def _after(line: I64) -> I64:
    """[c]: the next cell of the same line, or -1."""
    by_line = np.argsort(line, kind="stable")
    found = np.full(len(line), -1, np.int64)
    same = line[by_line[1:]] == line[by_line[:-1]]
    found[by_line[:-1][same]] = by_line[1:][same]
    return found


def _begins(keys: I64) -> I64:
    """[c]: 1 where a key is another than the one before."""
    return np.concatenate((np.ones(min(1, len(keys)), np.int64), (keys[1:] != keys[:-1]).astype(np.int64)))
