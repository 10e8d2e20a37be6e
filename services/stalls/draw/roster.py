"""Shares of a plan as counts of stalls: the published roster, which gives each stall of a ground to a line by turns.

Of every N stalls from its beginning a line has as many as its cumulative share of N, rounded down or up, never more or
fewer. The roster repeats after as many stalls as the shares add up to. A ground begins at a point that follows from its
id alone, so that small grounds do not all begin with the same lines, and goes on at its next event where it stopped:
what was rounded off is carried.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.stalls.draw.plan import Line, PlanExceedsStalls
from shared.errors import Invalid

MOST_SHARES = 10_000


class NoShares(Invalid):
    """lines: {left} stalls are left to share out, but no line has a share; write shares, or count them all."""

    mr = "lines: वाटायला {left} स्टॉल उरतात, पण एकाही ओळीला share नाही; share लिहा, किंवा सर्व स्टॉल count मध्ये लिहा."
    hi = "lines: बाँटने को {left} स्टॉल बचते हैं, पर किसी पंक्ति में share नहीं है; share लिखें, या सभी स्टॉल count में लिखें।"


class SharesTooFine(Invalid):
    """lines: the shares add up to {total}; they may add up to {most}, hundredths of a percent."""

    mr = "lines: share ची बेरीज {total} होते; ती जास्तीत जास्त {most} (टक्क्याचा शंभरावा भाग) असू शकते."
    hi = "lines: share का जोड़ {total} है; यह अधिकतम {most} (प्रतिशत का सौवाँ भाग) हो सकता है।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Templated:
    """A line of a template: `line.count` stalls in any case, and of what is left this share, if it has one."""

    line: Line
    share: int = 0


@lru_cache(64)
def roster(shares: tuple[int, ...]) -> tuple[int, ...]:
    """To which line each stall goes, for one round: as many as the shares add up to.

    The n-th stall of a line with a share of s of S may come once its share of the stalls has passed n - 1, and has to
    come by the time it has reached n: from floor((n-1)S/s) + 1 to ceil(nS/s). Giving each stall to the line that has to
    come soonest keeps all these bounds, since the shares together are one (Steiner and Yeomans 1993).
    """
    total, given, points = sum(shares), [0] * len(shares), list[int]()
    for at in range(1, total + 1):
        due = [
            (-(-(given[n] + 1) * total // share), n) for n, share in enumerate(shares) if given[n] * total < at * share
        ]
        points.append(min(due)[1])
        given[points[-1]] += 1
    return tuple(points)


def offset(venue: str, total: int) -> int:
    """Where in the round a ground begins: its id's SHA-256, as a number, modulo the round's length."""
    return int(hashlib.sha256(venue.encode("utf-8")).hexdigest(), 16) % total


def counts(shares: Sequence[int], stalls: int, venue: str, before: int = 0) -> tuple[int, ...]:
    """How many of `stalls` each line gets. `before`: how many this ground has shared out at earlier events."""
    points = roster(tuple(shares))
    first = offset(venue, len(points)) + before
    rounds, rest = divmod(stalls, len(points))
    partly = Counter(points[(first + at) % len(points)] for at in range(rest))
    return tuple(rounds * share + partly[n] for n, share in enumerate(shares))


def lines(template: Sequence[Templated], stalls: int, venue: str, before: int = 0) -> tuple[Line, ...]:
    """The plan of an event with so many stalls, without the lines that get none.

    Raises PlanExceedsStalls, NoShares, SharesTooFine.
    """
    shares = [one.share for one in template]
    left = stalls - sum(one.line.count for one in template)
    if left < 0:
        raise PlanExceedsStalls(planned=stalls - left, stalls=stalls, event=1, ground=venue)
    if sum(shares) > MOST_SHARES:
        raise SharesTooFine(total=sum(shares), most=MOST_SHARES)
    if left and not any(shares):
        raise NoShares(left=left)
    shared = counts(shares, left, venue, before) if left else (0,) * len(shares)
    made = (replace(one.line, count=one.line.count + more) for one, more in zip(template, shared, strict=True))
    return tuple(line for line in made if line.count)
