from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.calls.domain import (
    CATEGORIES,
    CallClosed,
    CallNotOpenYet,
    Status,
    accepts,
    open_,
    require_accepting,
    shown,
)
from services.stalls.calls.store import CallDocument
from services.stalls.draw.plan import CapBroken, Line, PlanExceedsStalls
from services.stalls.offers.domain import (
    DayTwiceInEvent,
    EventDayOver,
    GroundTwiceADay,
    Opening,
    ValueTooSoon,
    WindowOrder,
)
from shared.contracts import stalls as facts
from shared.errors import LANGUAGES
from shared.localized import Localized, LocalTextMissing
from shared.places.area import OutsideArea
from shared.scope import Role, Scope
from tests.unit.stalls.fairs import (
    BARAMATI,
    CLOSED,
    CLOSES,
    DRAWN,
    FOOD,
    MONDAY,
    NOW,
    OFFICER,
    OPENING,
    OPENS,
    OVER,
    PUBLIC,
    SECOND,
    SUNDAY,
    VENUES,
    call,
    offer,
)

MILLISECOND = timedelta(milliseconds=1)


def open_one(opening: Opening) -> None:
    open_("call-1", opening, VENUES, OFFICER, OPENS - timedelta(days=1))


def test_an_opened_call_is_told_with_its_events_and_its_commitment_but_no_name() -> None:
    told = open_("call-1", OPENING, VENUES, OFFICER, OPENS).facts[0]
    assert isinstance(told, facts.CallOpened)
    assert [(event.number, event.venue, event.stalls) for event in told.events] == [
        (1, "baramati", 6),
        (2, "haveli", 6),
        (3, "haveli", 6),
    ]
    assert told.events[0].days == (SUNDAY, MONDAY)
    promises = [promise.commitment for promise in OPENING.promises]
    assert (told.commitment, told.public_at) == (promises[0], PUBLIC)
    assert list(told.commitments) == promises
    assert "बाजार" not in told.model_dump_json()


def test_the_closing_second_is_still_open_and_the_next_is_not() -> None:
    fair = call()
    require_accepting(fair, CLOSES)
    require_accepting(fair, CLOSES + 999 * MILLISECOND)
    with pytest.raises(CallClosed) as late:
        require_accepting(fair, CLOSES + SECOND)
    assert "2026-11-10 18:00:00 IST" in late.value.sentence("mr")


def test_before_the_opening_second_nobody_applies_and_in_it_everybody_may() -> None:
    with pytest.raises(CallNotOpenYet, match="2026-11-01 10:00:00 IST"):
        require_accepting(call(), OPENS - MILLISECOND)
    require_accepting(call(), OPENS)


def test_an_open_call_is_shown_as_announced_until_it_opens() -> None:
    assert shown(call(), OPENS - MILLISECOND) is Status.ANNOUNCED
    assert shown(call(), OPENS) is Status.OPEN
    assert (shown(CLOSED, OPENS - SECOND), accepts(CLOSED, NOW)) == (Status.CLOSED, False)
    assert [accepts(call(), at) for at in (OPENS - SECOND, NOW, CLOSES, OVER)] == [False, True, True, False]


def test_a_value_that_leaves_the_parties_no_time_is_refused_before_anybody_applies() -> None:
    with pytest.raises(ValueTooSoon) as refused:
        open_one(replace(OPENING, public_at=CLOSES + timedelta(hours=1) - SECOND))
    assert all("2026-11-10 19:00:00 IST" in refused.value.sentence(language) for language in LANGUAGES)
    open_one(replace(OPENING, public_at=CLOSES + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("opening", "later", "earlier"),
    [
        (replace(OPENING, opens_at=CLOSES), "closes_at", "opens_at"),
        (replace(OPENING, closes_at=OPENS - timedelta(days=2)), "closes_at", "now"),
        (replace(OPENING, public_at=CLOSES), "public_at", "closes_at"),
        (replace(OPENING, offers=(offer("haveli", PUBLIC.date()),)), "days", "public_at"),
    ],
)
def test_opening_closing_public_value_and_first_day_follow_each_other(
    opening: Opening, later: str, earlier: str
) -> None:
    with pytest.raises(WindowOrder) as wrong:
        open_one(opening)
    assert (wrong.value.params["later"], wrong.value.params["earlier"]) == (later, earlier)
    assert "IST" in wrong.value.sentence("hi")


def test_a_ground_stands_once_a_day_in_a_call() -> None:
    with pytest.raises(GroundTwiceADay, match="आठवडे बाजार stands twice on 2026-12-06"):
        open_one(replace(OPENING, offers=(offer("haveli", SUNDAY, MONDAY), offer("haveli", SUNDAY))))
    with pytest.raises(DayTwiceInEvent, match="event 2 on the ground आठवडे बाजार names 2026-12-06 twice"):
        open_one(replace(OPENING, offers=(offer("baramati", MONDAY), offer("haveli", SUNDAY, SUNDAY))))


def test_a_day_that_is_over_is_said_to_be_over() -> None:
    yesterday = OPENS.date() - timedelta(days=2)
    with pytest.raises(EventDayOver, match="2026-10-30 is over, and event 2") as over:
        open_one(replace(OPENING, offers=(offer("baramati", MONDAY), offer("haveli", yesterday))))
    assert "होऊन गेला" in over.value.sentence("mr")


def test_the_present_is_named_in_the_readers_language() -> None:
    with pytest.raises(WindowOrder) as wrong:
        open_one(replace(OPENING, closes_at=OPENS - timedelta(days=2)))
    said = {language: wrong.value.sentence(language) for language in LANGUAGES}
    assert ("आत्ता" in said["mr"], "अभी" in said["hi"], "now" in said["en"]) == (True, True, True)
    assert "now" not in said["mr"] + said["hi"]


def test_a_plan_keeps_to_the_ground_and_to_its_caps() -> None:
    with pytest.raises(PlanExceedsStalls, match="event 1 gives out 41 stalls, but its ground आठवडे बाजार has 40"):
        open_one(replace(OPENING, offers=(offer("haveli", SUNDAY, lines=(replace(FOOD, count=41),)),)))
    with pytest.raises(CapBroken):
        open_one(replace(OPENING, offers=(offer("haveli", SUNDAY, lines=(Line(count=5),)),)))


def test_every_ground_of_a_call_lies_in_the_officer_s_area() -> None:
    with pytest.raises(OutsideArea, match="4515 Haveli"):
        open_("call-1", OPENING, VENUES, BARAMATI, OPENS)
    hers = open_("call-1", OPENING, {"baramati": VENUES["baramati"], "haveli": VENUES["baramati"]}, BARAMATI, OPENS)
    assert (hers.state.district, hers.state.block) == ("490", "4512")


def test_a_call_of_the_mission_belongs_to_the_district_of_its_first_ground() -> None:
    manager = Scope(tenant="27", role=Role.MISSION_MANAGER, party="manager-1")
    assert open_("call-1", OPENING, VENUES, manager, OPENS).state.district == "490"


def test_a_call_without_a_local_name_is_refused() -> None:
    with pytest.raises(LocalTextMissing):
        open_one(replace(OPENING, names=Localized(en="Diwali fair")))


@pytest.mark.parametrize("state", [call(), CLOSED, DRAWN], ids=lambda state: state.status)
def test_a_call_comes_back_from_its_document_as_it_was(state: object) -> None:
    kept = CallDocument.of(state)  # type: ignore[arg-type]
    assert CallDocument.state({"_id": "call-1", "tenant": "27", **kept}) == state


def test_a_reason_that_was_kept_as_a_sentence_is_read_as_struck_without_one() -> None:
    kept = CallDocument.of(CLOSED)
    kept["events"][0]["struck"] = "The ground 01a1 cannot be used."
    first = CallDocument.state({"_id": "call-1", "tenant": "27", **kept}).events[0]
    assert (first.struck, first.struck_in("mr")) == ((), "आठवडे बाजार हे मैदान अर्ज बंद होताना वगळले.")


def test_the_categories_of_a_plan_are_those_of_the_catalogue() -> None:
    assert "food" in CATEGORIES
    assert len(CATEGORIES) == len(set(CATEGORIES)) == 8
