"""What of a group stands in the public file: only what its plan asks about, so that a ticket is hard to link to her."""

from collections.abc import Iterable
from dataclasses import replace

from services.stalls.draw.plan import Applicant, Event, Line

NOWHERE = "0"
"""For a district that no line of the plan names."""
OTHER = "other"
"""For all her categories that no mask of the plan names; no mask can, so it fits only where any product does."""


def disclosed(applicant: Applicant, events: Iterable[Event]) -> Applicant:
    """The same to every line of these events, and as alike to other applicants as that allows."""
    lines = [line for event in events for line in event.lines]
    named = frozenset(
        category for line in lines for mask in (line.categories, line.fallback) for category in mask or ()
    )
    unnamed = frozenset({OTHER}) if applicant.categories - named else frozenset[str]()
    return replace(
        applicant,
        district=applicant.district if applicant.district in _districts(lines) else NOWHERE,
        block=None,
        stages=applicant.stages & {line.stage for line in lines},
        tags=applicant.tags & {tag for line in lines for tag in line.tags},
        categories=(applicant.categories & named) | unnamed,
    )


def _districts(lines: Iterable[Line]) -> set[str]:
    return {line.district for line in lines if line.district is not None}
