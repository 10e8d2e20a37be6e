"""What is published of a group is what the plan asks, and the draw is the same with it."""

from dataclasses import replace

from hypothesis import given

from services.stalls.draw.accept import accept
from services.stalls.draw.disclosure import NOWHERE, OTHER, disclosed
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.unit.stalls.draw.instances import instances, seeds

SAVITRI = Applicant(
    ticket="4271019953182640",
    tier=1,
    district="490",
    block="4512",
    stages=frozenset({"st"}),
    tags=frozenset({"rural", "umed", "disabled_led"}),
    categories=frozenset({"food", "paper"}),
    choices=(1,),
)


def test_a_plan_that_asks_nothing_shows_nothing_but_tier_and_wishes() -> None:
    shown = disclosed(SAVITRI, [Event(number=1, lines=(Line(count=3),))])
    nothing = frozenset[str]()
    blank = {"district": NOWHERE, "block": None, "stages": nothing, "tags": nothing, "categories": frozenset({OTHER})}
    assert shown == replace(SAVITRI, **blank)  # type: ignore[arg-type]


def test_only_what_a_line_asks_is_shown() -> None:
    lines = (Line(tags=frozenset({"rural"}), district="490", count=1), Line(categories=frozenset({"food"}), count=1))
    shown = disclosed(SAVITRI, [Event(number=1, lines=lines)])
    assert (shown.district, shown.block) == ("490", None)
    assert shown.tags == {"rural"}
    assert shown.categories == {"food", OTHER}, "with paper she does not fit where only food does"


@given(instances(), seeds)
def test_the_draw_is_the_same_on_what_is_published(instance: Instance, seed: str) -> None:
    public = Instance(
        applicants=tuple(disclosed(one, instance.events) for one in instance.applicants), events=instance.events
    )
    assert accept(public, seed) == accept(instance, seed)
