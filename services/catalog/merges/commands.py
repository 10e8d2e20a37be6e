"""Merging and undoing it: two writes each; a repeat finishes what a crash left. No caller: the case decides.

A case (room `doubles`) is written before these, with who decided it; it asks again until both have happened.
"""

from functools import partial

from services.catalog.groups.domain import Group
from services.catalog.merges import domain
from shared import clock, faults
from shared.aggregates import Aggregates
from shared.errors import Conflict


async def merge(groups: Aggregates[Group], absorbed_id: str, survivor_id: str) -> Group:
    """The one that stays. Raises OneAndTheSame, MergedAlready, HoldsOthers, NotActive, MergeCrossed."""
    absorbed = await groups.get(absorbed_id)
    survivor = await groups.change(survivor_id, partial(domain.absorb, absorbed=absorbed))
    faults.point("merge.absorbed")
    try:
        absorbed = await groups.change(absorbed_id, partial(domain.merge, survivor=survivor, tries=absorbed.tries))
    except Conflict:
        absorbed = await _given_up(groups, absorbed, survivor_id)
        if absorbed.merged_into != survivor_id:
            raise
    return await groups.change(survivor_id, partial(domain.knows, absorbed=absorbed))


async def split(groups: Aggregates[Group], absorbed_id: str, survivor_id: str) -> Group:
    """The one that is its own again. Raises NotMerged."""
    alone = await groups.change(absorbed_id, partial(domain.split, survivor_id=survivor_id, now=clock.now()))
    faults.point("merge.split")
    await groups.change(survivor_id, partial(domain.release, absorbed=alone, now=clock.now()))
    return alone


async def give_up(groups: Aggregates[Group], absorbed_id: str, survivor_id: str) -> Group:
    """What was begun comes to nothing. What the one to be absorbed is now: an alias, where another has finished."""
    return await _given_up(groups, await groups.get(absorbed_id), survivor_id)


async def _given_up(groups: Aggregates[Group], read: Group, survivor_id: str) -> Group:
    """What it is now: an alias of that one all the same where another has finished."""
    left = await groups.change(read.id, partial(domain.give_up, survivor_id=survivor_id, tries=read.tries))
    faults.point("merge.given_up")
    if left.merged_into != survivor_id:
        await groups.change(survivor_id, partial(domain.release, absorbed=left))
    return left
