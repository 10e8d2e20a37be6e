"""Which figures an application's facts change: it counts in each of its categories until it is withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn
from shared.events import Event
from shared.streaming.figures import Step
from shared.streaming.spans import Span, hour_name, hour_of

NAME = "demand"
COUNTS = ("applications",)

Applied = ApplicationSubmitted | ApplicationChanged | ApplicationWithdrawn


def submitted(event: Event[ApplicationSubmitted]) -> list[Step]:
    """It counts in its categories, under the hour it was submitted in."""
    return _steps(event, set(), event.data.categories)


def changed(event: Event[ApplicationChanged]) -> list[Step]:
    """It moves between categories; the hour stays."""
    return _steps(event, event.data.categories_before, event.data.categories)


def withdrawn(event: Event[ApplicationWithdrawn]) -> list[Step]:
    """It counts nowhere from now on."""
    return _steps(event, event.data.categories, set())


def _steps(event: Event[Any], before: Iterable[str], after: Iterable[str]) -> list[Step]:
    """One for each category it is or was in: a step that changes nothing is remembered, and so tells a repeat."""
    was, now, at = set(before), set(after), event.data.submitted_at
    return [
        Step(
            line=event.subject,
            stands=(int(category in now),),
            stood=(int(category in was),),
            since=at,
            **_where(event, category, at),
        )
        for category in sorted(was | now)
    ]


def _where(event: Event[Applied], category: str, at: datetime) -> dict[str, Any]:
    call = event.data.call
    labels = {"tenant": event.tenant, "call": call, "category": category, "hour": hour_of(at)}
    return {"key": (call, category, hour_name(at)), "labels": labels}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    call: str
    span: Span
    category: str | None = None
