"""What of a group stands in the public file: only what its plan asks about, so that a ticket is hard to link to her."""

from collections.abc import Iterable
from dataclasses import replace

from services.stalls.draw.plan import Applicant, Event

NOWHERE = "0"
"""For a district that no line of the plan names."""
OTHER = "other"
"""For all her categories that no mask of the plan names; no mask can, so it fits only where any product does."""


class Asked:
    """What the lines of these events ask about; gathered once, for as many applicants as there are."""

    def __init__(self, events: Iterable[Event]) -> None:
        lines = [line for event in events for line in event.lines]
        masks = (mask for line in lines for mask in (line.categories, line.fallback))
        self.categories = frozenset(category for mask in masks for category in mask or ())
        self.districts = frozenset(line.district for line in lines if line.district is not None)
        self.stages = frozenset(line.stage for line in lines)
        self.tags = frozenset(tag for line in lines for tag in line.tags)

    def of(self, applicant: Applicant) -> Applicant:
        """The same to every line of these events, and as alike to other applicants as that allows."""
        unnamed = frozenset({OTHER}) if applicant.categories - self.categories else frozenset[str]()
        return replace(
            applicant,
            district=applicant.district if applicant.district in self.districts else NOWHERE,
            block=None,
            stages=applicant.stages & self.stages,
            tags=applicant.tags & self.tags,
            categories=(applicant.categories & self.categories) | unnamed,
        )


def disclosed(applicant: Applicant, events: Iterable[Event]) -> Applicant:
    return Asked(events).of(applicant)
