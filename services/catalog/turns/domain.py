"""The stalls a group was given and took: one with each allotment, until it is given back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from shared.decisions import Decision
from shared.ids import derived_id

Place = tuple[int, int]
"""Where what is known of an allotment stands among its facts: incarnation and sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """Years of its days; none any more once it is given back."""

    heard: Place
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """All allotments of one group that it confirmed or was given on the day, by their ids."""

    id: str
    tenant: str
    group: str
    stalls: Mapping[str, Stall] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({year for stall in self.stalls.values() for year in stall.years}))


def turns_id(tenant: str, group: str) -> str:
    return derived_id("turns", tenant, group)


def none_yet(tenant: str, group: str) -> Turns:
    return Turns(id=turns_id(tenant, group), tenant=tenant, group=group)


def heard(turns: Turns, allotment: str, days: Iterable[date], place: Place) -> Decision[Turns]:
    """It is hers on these days; on none: given back. What is older than what is known changes nothing."""
    known = turns.stalls.get(allotment)
    if known is not None and known.heard >= place:
        return Decision(turns)
    stall = Stall(heard=place, years=tuple(sorted({day.year for day in days})))
    return Decision(replace(turns, stalls={**turns.stalls, allotment: stall}))
