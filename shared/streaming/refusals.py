"""What a record may say that no figure can take: it is parked, before anything is written. Pure."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Invalid
from shared.events import MOST, Event

AHEAD = timedelta(hours=1)
LONGEST_REASON = 300
CONTENT_ERRORS = (ArithmeticError, LookupError, TypeError, ValueError)


class NotCountable(Invalid):
    """The record at {place} cannot be counted because of what it says: {why}."""

    mr = "{place} येथील नोंद तिच्यातील मजकुरामुळे मोजता येत नाही: {why}."
    hi = "{place} का रिकॉर्ड उसमें लिखी बात के कारण गिना नहीं जा सकता: {why}।"


class FromTheFuture(Invalid):
    """Fact {id} says that it happened at {time}, more than {minutes} minutes ahead of the clock."""

    mr = "घटना {id} ची वेळ {time} ही घड्याळाच्या {minutes} मिनिटांहून अधिक पुढची आहे."
    hi = "घटना {id} का समय {time} घड़ी से {minutes} मिनट से अधिक आगे है।"


class FigureOverflows(Invalid):
    """The figure {key} would pass {limit}; beyond that not everybody who reads it keeps it exact."""

    mr = "{key} हा आकडा {limit} च्या पलीकडे जाईल; त्यापुढे तो सगळीकडे अचूक राहत नाही."
    hi = "{key} आँकड़ा {limit} के पार चला जाएगा; उसके आगे वह हर जगह सटीक नहीं रहता।"


@contextmanager
def blamed(place: str) -> Iterator[None]:
    """Within it only what a record says is looked at, so whatever fails there is the record's. Raises NotCountable."""
    try:
        yield
    except CONTENT_ERRORS as error:
        raise NotCountable(place=place, why=f"{type(error).__name__}: {error}"[:LONGEST_REASON]) from error


def require_not_ahead(event: Event[Any], now: datetime) -> None:
    """One from the future would make its figure take all that comes now for too old. Raises FromTheFuture."""
    if event.time > now + AHEAD:
        raise FromTheFuture(id=event.id, time=event.time.isoformat(), minutes=AHEAD // timedelta(minutes=1))


def require_exact(key: str, counts: Iterable[int]) -> None:
    """Raises FigureOverflows."""
    if any(abs(count) > MOST for count in counts):
        raise FigureOverflows(key=key, limit=MOST)
