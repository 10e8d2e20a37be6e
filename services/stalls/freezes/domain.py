"""What a close writes down of each application and of the plan: no more than the plan asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.stalls.applications.domain import Application, first_of
from services.stalls.calls.domain import Call, CallEvent
from services.stalls.credits.domain import Standing
from services.stalls.draw import files, plan
from services.stalls.draw.disclosure import Asked
from services.stalls.draw.plan import Instance
from services.stalls.draw.seed import as_cell
from services.stalls.makers.domain import KnownGroup
from services.stalls.outcomes.domain import Registered, Struck, written

Families = Mapping[str, frozenset[str]]
"""All ids of the groups that have several, by each."""

REGISTER = "register"
"""The private text beside the public files of the inputs: whose ticket is whose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Applications in the order of their tickets, with what is known of their groups."""

    applications: Sequence[Application]
    groups: Mapping[str, KnownGroup]
    standing: Mapping[str, Standing]

    def applicants(self) -> Iterator[plan.Applicant]:
        for one in self.applications:
            yield applicant(one, self.groups.get(one.group), self.standing[one.group])

    def register(self) -> Iterator[Registered]:
        for one in self.applications:
            yield registered_as(one, self.standing[one.group].tier)


def once_each(
    applications: Sequence[Application], families: Families, several: Sequence[Application]
) -> list[Application]:
    """One of each group: where two were merged after both had applied, what came first takes part.

    `several`: all applications in the call of those groups that have more ids than one.
    """
    firsts = {ids: first_of(several, ids) for ids in set(families.values())}
    return [one for one in applications if one.group not in families or first_of_it(one, firsts[families[one.group]])]


def first_of_it(one: Application, first: Application | None) -> bool:
    return first is None or one.id == first.id


def applicant(one: Application, group: KnownGroup | None, standing: Standing) -> plan.Applicant:
    """Her tags: what the registry says, what she declared, and whether she never had a stall."""
    of_registry = group.tags if group else frozenset[str]()
    first = frozenset[str]() if standing.ever else frozenset({"first_stall"})
    return plan.Applicant(
        ticket=one.ticket,
        tier=standing.tier,
        district=one.district,
        block=one.block,
        stages=one.stages,
        tags=one.tags | of_registry | first,
        categories=frozenset(one.categories),
        choices=one.choices,
        upgrade=one.asked.upgrade,
    )


def registered_as(one: Application, tier: int) -> Registered:
    return Registered(
        ticket=one.ticket, application=one.id, group=one.group, district=one.district, block=one.block, tier=tier
    )


def events_of(call: Call, struck: Struck) -> tuple[plan.Event, ...]:
    """The call's events as the draw knows them; those struck out have no lines."""
    return tuple(
        plan.Event(number=one.number, lines=() if one.number in struck else one.lines, note=note(one, struck))
        for one in call.events
    )


def note(event: CallEvent, struck: Struck) -> str:
    """What the public file says of an event: its ground, its days, and why it was struck out, in codes."""
    days = ", ".join(day.isoformat() for day in event.days)
    parts = [event.venue_name.said("mr"), days]
    if event.number in struck:
        parts.append("struck: " + ", ".join(f"{one.code} {one.day}" for one in struck[event.number]))
    return as_cell(" | ".join(parts))


def rows_of(batch: Batch, asked: Asked, *, titled: bool) -> dict[str, str]:
    """What a batch adds to applications.csv, choices.csv and the register; `titled`: it is the first of all."""
    shown = Instance(applicants=tuple(asked.of(one) for one in batch.applicants()), events=())
    public = files.inputs(shown)
    rows = public if titled else {name: text.partition("\n")[2] for name, text in public.items()}
    return {**rows, REGISTER: written(batch.register(), titled=titled)}


def digest_of(hashes: Mapping[str, str], names: Iterable[str]) -> str:
    """As `files.digest`, from the SHA-256 of each of these files."""
    return files.sha256(
        files.table(files.MANIFEST, ((name, hashes[name]) for name in sorted(names))).partition("\n")[2]
    )
