"""Small draws in which every rule of the plan can meet every other, and the words to write one by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line

SEED = "5eed" * 16
PRODUCTS = ("food", "masks", "paper")
MANY = settings(max_examples=120, deadline=None, derandomize=True)
SOME = settings(max_examples=60, deadline=None, derandomize=True)

products = st.sets(st.sampled_from(PRODUCTS), min_size=1).map(frozenset)
tags = st.sets(st.sampled_from(("umed", "rural", "first_stall")), max_size=2).map(frozenset)
stages = st.sets(st.sampled_from(("sc", "st"))).map(frozenset)
districts = st.sampled_from(("490", "482"))
seeds = st.integers(0, 2**32).map(lambda number: f"{number:064x}")
lines = st.builds(
    Line,
    stage=st.sampled_from(("open", "open", "sc", "st")),
    categories=st.none() | products,
    fallback=st.none() | st.just(frozenset[str]()) | products,
    tags=st.just(frozenset[str]()) | tags,
    district=st.none() | districts,
    count=st.integers(1, 2),
)


def tickets(count: int) -> list[str]:
    return [f"{number:016}" for number in range(1, count + 1)]


@st.composite
def events(draw: st.DrawFn, number: int = 1) -> Event:
    return Event(number=number, lines=tuple(draw(st.lists(lines, max_size=4))))


@st.composite
def applicants(draw: st.DrawFn, ticket: str, choices: Sequence[int] = (1,)) -> Applicant:
    listed = draw(st.permutations(choices))
    return Applicant(
        ticket=ticket,
        tier=draw(st.integers(0, 2)),
        district=draw(districts),
        stages=draw(stages),
        tags=draw(tags),
        categories=draw(products),
        choices=tuple(listed[: draw(st.integers(1, len(listed)))]),
    )


@st.composite
def pools(draw: st.DrawFn, most: int = 7) -> tuple[Applicant, ...]:
    """By place; the same tickets in the same order, so that two pools with equal people are equal."""
    return tuple(draw(applicants(ticket)) for ticket in tickets(draw(st.integers(0, most))))


@st.composite
def instances(draw: st.DrawFn, most: int = 7, most_events: int = 3) -> Instance:
    numbers = range(1, draw(st.integers(1, most_events)) + 1)
    people = tickets(draw(st.integers(1, most)))
    return Instance(
        applicants=tuple(draw(applicants(ticket, list(numbers))) for ticket in people),
        events=tuple(draw(events(number)) for number in numbers),
    )


def group(ticket: int, *choices: int, sells: str = "food", **more: object) -> Applicant:
    words = frozenset(sells.split())
    told = {"tier": 0, "district": "490", "categories": words, "choices": choices or (1,), **more}
    return Applicant(ticket=f"{ticket:016}", **told)  # type: ignore[arg-type]


def with_one_more(event: Event, at: int) -> Event:
    changed = (replace(line, count=line.count + (n == at)) for n, line in enumerate(event.lines))
    return replace(event, lines=tuple(changed))


def ranks(outcome: Outcome, listed: dict[str, Sequence[int]]) -> dict[str, int]:
    """How good for her by these lists what each got: 0 the best, many for nothing and for what she did not list."""
    found = {}
    for row in outcome.rows:
        wanted = listed[row.ticket]
        found[row.ticket] = wanted.index(row.event) if row.event in wanted else 99
    return found


def choices_of(people: Iterable[Applicant]) -> dict[str, Sequence[int]]:
    return {applicant.ticket: applicant.choices for applicant in people}


def result(instance: Instance, seed: str = SEED) -> dict[str, int]:
    return ranks(accept(instance, seed), choices_of(instance.applicants))


def places(instance: Instance, seed: str = SEED) -> dict[str, int]:
    return {applicant.ticket: place for place, applicant in enumerate(line_up(seed, instance.applicants), 1)}
