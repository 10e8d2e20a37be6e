"""How one group becomes an alias of another. The truth is the alias's `merged_into`; the other knows what it holds.

The one that stays is written first, so that from then on it cannot become an alias itself: two merges that cross
each other end with one of them refused, or both, and never in a ring. Before it lets one go, that one counts a try
more: whoever wants to finish what was begun before is refused, and holds what she has to let go by herself.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.catalog.groups.domain import Group, Membership, changed, require_active, require_own
from shared.contracts.catalog import GroupMerged, GroupSplit
from shared.decisions import Decision
from shared.errors import Conflict, Invalid
from shared.places.area import require_area
from shared.scope import Scope


class OneAndTheSame(Invalid):
    """{id} cannot be merged into itself; name two groups."""

    mr = "{id} स्वतःमध्येच विलीन होऊ शकत नाही; दोन वेगळे गट सांगा."
    hi = "{id} का विलय अपने में ही नहीं हो सकता; दो अलग समूह बताएँ।"


class HoldsOthers(Conflict):
    """Into {id} the groups {others} are merged; let it stay and merge the other one into it, or undo those first."""

    mr = "{id} मध्ये {others} हे गट विलीन आहेत; तोच ठेवून दुसरा त्यात विलीन करा, किंवा आधीची विलीनीकरणे मागे घ्या."
    hi = "{id} में {others} समूहों का विलय है; उसी को रखें और दूसरे का उसमें विलय करें, या पहले के विलय वापस लें।"


class NotMerged(Conflict):
    """The group {id} is not merged into {into}; there is nothing to undo."""

    mr = "गट {id} हा {into} मध्ये विलीन नाही; मागे घेण्यासारखे काही नाही."
    hi = "समूह {id} का {into} में विलय नहीं है; वापस लेने को कुछ नहीं है।"


class MergeCrossed(Conflict):
    """Another merge of {id} was given up or undone in between; look at both records again."""

    mr = "{id} चे दुसरे विलीनीकरण मध्येच सोडले किंवा मागे घेतले गेले; दोन्ही नोंदी पुन्हा पाहा."
    hi = "{id} का दूसरा विलय बीच में छोड़ा या वापस लिया गया; दोनों अभिलेख फिर देखें।"


def require_rights(groups: Iterable[Group], scope: Scope) -> None:
    """All of them are hers to say something of. Raises OutsideArea."""
    for group in groups:
        require_area(scope, group.district, group.block)


def require_possible(absorbed: Group, survivor: Group) -> None:
    """As far as can be seen before anything is written. Raises what `absorb` and `merge` raise."""
    absorb(survivor, absorbed)
    merge(absorbed, survivor, absorbed.tries)


def absorb(survivor: Group, absorbed: Group) -> Decision[Group]:
    """Raises OneAndTheSame, MergedAlready, NotActive."""
    if survivor.id == absorbed.id:
        raise OneAndTheSame(id=survivor.id)
    require_own(survivor)
    if absorbed.id in survivor.ids:
        return knows(survivor, absorbed)
    require_active(survivor)
    return changed(survivor, replace(survivor, absorbs=(*survivor.absorbs, membership(absorbed))))


def knows(survivor: Group, absorbed: Group) -> Decision[Group]:
    """What it says of one it holds is what that one is now."""
    now = tuple(newer(other, membership(absorbed)) for other in survivor.absorbs)
    return Decision(replace(survivor, absorbs=now))


def membership(group: Group) -> Membership:
    return Membership(
        id=group.id, programme=group.programme, code=group.code, stall_years=group.stall_years, tries=group.tries
    )


def newer(held: Membership, read: Membership) -> Membership:
    return read if read.id == held.id and read.tries >= held.tries else held


def merge(absorbed: Group, survivor: Group, tries: int) -> Decision[Group]:
    """Its id is an alias from now on. `tries`: as read before. Raises HoldsOthers, MergedAlready, MergeCrossed."""
    if absorbed.merged_into == survivor.id:
        return Decision(absorbed)
    require_own(absorbed)
    if absorbed.absorbs:
        raise HoldsOthers(id=absorbed.id, others=", ".join(other.id for other in absorbed.absorbs))
    if absorbed.tries != tries:
        raise MergeCrossed(id=absorbed.id)
    return Decision(replace(absorbed, merged_into=survivor.id), GroupMerged(into=survivor.id))


def give_up(absorbed: Group, survivor_id: str, tries: int) -> Decision[Group]:
    """Who began at this try does not finish; where somebody has finished, nothing changes."""
    done = absorbed.merged_into == survivor_id or absorbed.tries != tries
    return Decision(absorbed if done else replace(absorbed, tries=tries + 1))


def split(absorbed: Group, survivor_id: str, now: datetime) -> Decision[Group]:
    """A group of its own again, and looked up among who came meanwhile. Raises NotMerged."""
    if absorbed.merged_into not in (None, survivor_id):
        raise NotMerged(id=absorbed.id, into=survivor_id)
    facts = (GroupSplit(out_of=survivor_id),) if absorbed.merged_into else ()
    return Decision(replace(absorbed, merged_into=None, tries=absorbed.tries + 1, compare_at=now), *facts)


def release(survivor: Group, absorbed: Group, now: datetime | None = None) -> Decision[Group]:
    """It holds that one no more, unless a later try took hold of it.

    `now`: it was merged until now, and what that one has in common with others is not this one's any more.
    """
    left = tuple(other for other in survivor.absorbs if other.id != absorbed.id or other.tries >= absorbed.tries)
    if left == survivor.absorbs:
        return Decision(survivor)
    return changed(survivor, replace(survivor, absorbs=left, compare_at=now or survivor.compare_at))
