"""Sentences about demand for stalls: an application counts in its categories while it stands, however facts arrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.stalls.demand.streams import DEMAND
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn
from shared.events import Event, Fact
from shared.streaming.figures import Figure, TooOld, applied

OPENED = datetime(2026, 11, 22, 6, 40, tzinfo=UTC)
CATEGORIES = ("food", "paper", "masks")
SETS = st.sets(st.sampled_from(CATEGORIES), min_size=1)
WISHES = st.lists(st.none() | SETS, max_size=5)
"""What an application says after it was submitted, one after the other; None: withdrawn."""
APPLICATIONS = st.lists(st.tuples(SETS, WISHES), min_size=1, max_size=5)
STEP = timedelta(hours=20)


def facts(number: int, first: set[str], wishes: list[set[str] | None]) -> list[Event[Any]]:
    """As stalls tells them: twenty hours lie between one and the next."""
    at, subject = OPENED + number * timedelta(minutes=1), f"application-{number}"
    whose: dict[str, Any] = {"call": "पुणे-मेळा", "group": f"gat-{number}", "submitted_at": at}
    offered: dict[str, Any] = {"ticket": f"{number:016}", "choices": (1,)}
    told: list[Fact] = [ApplicationSubmitted(categories=tuple(sorted(first)), **whose, **offered)]
    stands: set[str] | None = first
    for wish in wishes:
        now = tuple(sorted(wish or ()))
        if wish is None and stands is not None:
            told.append(ApplicationWithdrawn(categories=tuple(sorted(stands)), **whose))
        elif wish is not None and stands is None:
            told.append(ApplicationSubmitted(categories=now, **whose, **offered))
        elif wish is not None and stands is not None:
            before = tuple(sorted(stands))
            told.append(ApplicationChanged(categories=now, categories_before=before, choices=(1,), **whose))
        stands = wish
    return [event(fact, subject, n, at + (n - 1) * STEP) for n, fact in enumerate(told, 1)]


def event(fact: Fact, subject: str, sequence: int, at: datetime) -> Event[Any]:
    id_ = f"{subject}:1:{sequence}"
    return Event(data=fact, id=id_, subject=subject, tenant="27", incarnation=1, sequence=sequence, time=at)


def standing(applications: list[tuple[set[str], list[set[str] | None]]]) -> dict[str, int]:
    last = [wishes[-1] if wishes else first for first, wishes in applications]
    counted = {category: sum(category in (each or ()) for each in last) for category in CATEGORIES}
    return {category: count for category, count in counted.items() if count}


@given(applications=APPLICATIONS, chance=st.randoms(use_true_random=False))
def test_categories_are_those_of_the_applications_that_stand(
    applications: list[tuple[set[str], list[set[str] | None]]], chance: Any
) -> None:
    told = [one for n, (first, wishes) in enumerate(applications) for one in facts(n, first, wishes)]
    log = sorted(told, key=lambda event: event.time)
    figures: dict[str, Figure] = {}
    for at, one in enumerate(log, 1):
        for again in (one, *(log[chance.randrange(at) : at] if chance.random() < 0.5 else ())):
            take(figures, again, repeat=again is not one)
    counted = dict.fromkeys(CATEGORIES, 0)
    for key, figure in figures.items():
        counted[key.split("|")[3]] += figure.counts[0]
    assert {category: count for category, count in counted.items() if count} == standing(applications)


def take(figures: dict[str, Figure], event: Event[Any], *, repeat: bool) -> None:
    """Nothing but a repeat is ever too old."""
    try:
        steps = DEMAND.changed(event, 0)
        figures |= {key: applied(figures.get(key, Figure((0,))), event, steps[key]) for key in steps}
    except TooOld:
        if not repeat:
            raise


def test_an_application_moves_between_categories_under_the_hour_it_was_submitted_in() -> None:
    submitted, changed = facts(1, {"food"}, [{"paper", "masks"}])
    (counted,) = [step for steps in DEMAND.changed(submitted, 3).values() for step in steps]
    moved = {step.key[1]: step for steps in DEMAND.changed(changed, 3).values() for step in steps}
    assert counted.key == ("पुणे-मेळा", "food", "2026-11-22T12")
    assert {step.key[2] for step in moved.values()} == {"2026-11-22T12"}
    assert {category: step.stands for category, step in moved.items()} == {"food": (0,), "masks": (1,), "paper": (1,)}
    assert moved["food"].stood == (1,)
    assert counted.labels["call"] == "पुणे-मेळा"


def test_who_withdraws_when_her_application_is_no_longer_remembered_is_still_taken_out() -> None:
    first, withdrawn = facts(1, {"food"}, [None])
    other = event(first.data, "application-2", 1, first.time + timedelta(days=3))
    late = replace(withdrawn, time=other.time)
    figure = Figure((0,))
    for one in (first, other, late):
        ((_, steps),) = DEMAND.changed(one, 0).items()
        figure = applied(figure, one, steps)
    assert figure.counts == (1,)
    assert sorted(figure.seen) == ["application-1", "application-2"]
