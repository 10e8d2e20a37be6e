from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.stalls.applications.domain import (
    SETTLE_AFTER,
    AlreadyApplied,
    Application,
    GroupNotYours,
    Receipt,
    Status,
    require_in_time,
    revise,
    settled,
    submit,
    withdraw,
)
from services.stalls.applications.store import ApplicationDocument
from services.stalls.applications.views import ReceiptView
from services.stalls.calls.domain import CallClosed, CallNotOpenYet
from services.stalls.venues.domain import GroundNotUsable, Reason
from services.stalls.wishes.domain import AnyGround, RegistryBehind, UnknownEvent
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn, VenueName
from shared.errors import LANGUAGES
from shared.scope import Role, Scope
from tests.unit.stalls.fairs import (
    CLOSED,
    CLOSES,
    CLOSING,
    DESK,
    LEADER,
    NOW,
    OPENS,
    OVER,
    STRANGER,
    SUNDAY,
    TICKET,
    VENUES,
    WISH,
    application,
    call,
)

LATER = NOW + timedelta(hours=1)
BOTH = replace(WISH, products=("papad", "toran"), choices=(1, AnyGround(block="4515")))
GONE = withdraw(application(), call(), LEADER, LATER).state
SEALED = replace(application(), locked=True, frozen_revision=1)


def test_a_submitted_application_is_told_with_its_ticket_and_its_choices() -> None:
    decision = submit("application-1", "savitri", WISH, DESK, ticket=TICKET, by=LEADER, now=NOW)
    assert decision.facts == (
        ApplicationSubmitted(
            call="call-1",
            group="savitri",
            ticket=TICKET,
            categories=("food",),
            choices=(2, 1),
            submitted_at=NOW,
            call_name=VenueName(mr="दिवाळी मेळा, पुणे"),
        ),
    )
    said = decision.state
    assert (said.status, said.revision, said.due_at) == (Status.SUBMITTED, 1, CLOSES + SETTLE_AFTER)
    assert (said.district, said.block, said.local_body) == ("490", "4512", None)


def test_the_closing_second_is_in_and_the_next_is_out() -> None:
    last = CLOSES + timedelta(milliseconds=999)
    submit("application-1", "savitri", WISH, DESK, ticket=TICKET, by=LEADER, now=last)
    revise(application(), BOTH, DESK, LEADER, last)
    withdraw(application(), call(), LEADER, last)
    with pytest.raises(CallClosed):
        submit("application-1", "savitri", WISH, DESK, ticket=TICKET, by=LEADER, now=OVER)
    with pytest.raises(CallClosed):
        revise(application(), BOTH, DESK, LEADER, OVER)
    with pytest.raises(CallClosed):
        withdraw(application(), call(), LEADER, OVER)


def test_nobody_applies_before_the_opening_or_for_another_group() -> None:
    with pytest.raises(CallNotOpenYet):
        submit("application-1", "savitri", WISH, DESK, ticket=TICKET, by=LEADER, now=OPENS - timedelta(seconds=1))
    with pytest.raises(GroupNotYours, match="savitri") as refused:
        submit("application-1", "savitri", WISH, DESK, ticket=TICKET, by=STRANGER, now=NOW)
    assert refused.value.status == 403
    with pytest.raises(GroupNotYours):
        revise(application(), BOTH, DESK, STRANGER, NOW)
    with pytest.raises(GroupNotYours):
        withdraw(GONE, call(), STRANGER, NOW)


def test_an_unknown_group_a_wrong_wish_and_an_unusable_ground_are_named_in_this_order() -> None:
    unusable = GroundNotUsable("haveli", VENUES["haveli"].names, ())
    wrong = replace(WISH, choices=(9,))
    for desk, wish, problem in (
        (replace(DESK, group=None, unusable=unusable), wrong, RegistryBehind),
        (replace(DESK, unusable=unusable), wrong, UnknownEvent),
        (replace(DESK, unusable=unusable), WISH, GroundNotUsable),
    ):
        with pytest.raises(problem):
            submit("application-1", "savitri", wish, desk, ticket=TICKET, by=LEADER, now=NOW)


def test_a_change_is_told_with_what_it_was_before_and_when_it_was_submitted() -> None:
    decision = revise(application(), BOTH, DESK, LEADER, LATER)
    assert decision.facts == (
        ApplicationChanged(
            call="call-1",
            group="savitri",
            categories=("food", "handicraft"),
            categories_before=("food",),
            choices=(1, 2, 3),
            submitted_at=NOW,
            ticket=TICKET,
        ),
    )
    assert (decision.state.ticket, decision.state.revision, decision.state.changed_at) == (TICKET, 2, LATER)


def test_saying_the_same_again_changes_nothing() -> None:
    decision = revise(application(), WISH, DESK, LEADER, LATER)
    assert (decision.state, decision.facts) == (application(), ())


def test_a_withdrawn_application_tells_what_it_had_and_is_withdrawn_once() -> None:
    decision = withdraw(application(), call(), LEADER, LATER)
    (fact,) = decision.facts
    assert fact == ApplicationWithdrawn(
        call="call-1", group="savitri", categories=("food",), submitted_at=NOW, ticket=TICKET
    )
    assert (decision.state.status, decision.state.due_at) == (Status.WITHDRAWN, None)
    assert withdraw(decision.state, CLOSED, LEADER, OVER).facts == ()


def test_a_withdrawn_application_comes_back_as_submitted_with_the_ticket_it_had() -> None:
    decision = revise(GONE, WISH, DESK, LEADER, LATER)
    (fact,) = decision.facts
    assert isinstance(fact, ApplicationSubmitted)
    assert (fact.ticket, fact.submitted_at) == (TICKET, LATER)
    back = decision.state
    assert (back.status, back.revision, back.submitted_revision) == (Status.SUBMITTED, 3, 3)


def test_a_locked_application_changes_no_more_even_while_the_call_seems_open() -> None:
    locked = replace(application(), locked=True)
    with pytest.raises(CallClosed):
        revise(locked, BOTH, DESK, LEADER, LATER)
    with pytest.raises(CallClosed):
        withdraw(locked, call(), LEADER, LATER)


def test_what_the_freeze_did_not_take_is_withdrawn_after_the_close_and_refused() -> None:
    late = settled(application(), CLOSED, OVER)
    assert (late.state.status, late.state.late_from, late.state.due_at) == (Status.WITHDRAWN, 1, None)
    assert isinstance(late.facts[0], ApplicationWithdrawn)
    with pytest.raises(CallClosed):
        require_in_time(application(), late.state, CLOSED)
    assert settled(late.state, CLOSED, OVER).facts == ()


@pytest.mark.parametrize("unfrozen", [call(), CLOSING], ids=lambda unfrozen: unfrozen.status)
def test_before_the_freeze_the_timer_only_looks_again_later(unfrozen: object) -> None:
    decision = settled(application(), unfrozen, OVER)  # type: ignore[arg-type]
    assert (decision.state, decision.facts) == (replace(application(), due_at=OVER + SETTLE_AFTER), ())


def test_what_the_freeze_took_or_she_withdrew_herself_is_left_as_it_is() -> None:
    for standing in (SEALED, GONE):
        decision = settled(standing, CLOSED, OVER)
        assert (decision.state, decision.facts) == (replace(standing, due_at=None), ())
        require_in_time(application(), decision.state, CLOSED)


def test_an_answer_from_before_stands_when_only_what_came_after_it_was_late() -> None:
    first = application()
    back = revise(GONE, WISH, DESK, LEADER, LATER).state
    late = settled(back, CLOSED, OVER).state
    require_in_time(first, late, CLOSED)
    with pytest.raises(CallClosed):
        require_in_time(back, late, CLOSED)


@pytest.mark.parametrize("state", [application(), application(BOTH), GONE, SEALED])
def test_an_application_comes_back_from_its_document_as_it_was(state: Application) -> None:
    kept = ApplicationDocument.of(state)
    assert ApplicationDocument.state({"_id": "application-1", "tenant": "27", **kept}) == state


def test_a_wildcard_with_a_day_comes_back_from_its_document() -> None:
    wish = replace(WISH, choices=(AnyGround(district="490", day=date(2026, 12, 7)),), stages=frozenset({"st", "open"}))
    state = application(wish)
    assert ApplicationDocument.state({"_id": state.id, "tenant": "27", **ApplicationDocument.of(state)}) == state
    assert state.stages == {"st"}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.GROUP_MEMBER, {"group": {"$in": ["savitri"]}}),
        (Role.BLOCK_OFFICER, {"$or": [{"block": "4512"}, {"call_block": "4512"}]}),
        (Role.DISTRICT_OFFICER, {"$or": [{"district": "490"}, {"call_district": "490"}]}),
        (Role.ADMIN, {}),
        (Role.BUYER, {"$or": [{"_id": {"$in": []}}] * 2}),
    ],
)
def test_an_application_is_seen_by_its_group_and_by_officers_of_its_place_or_of_its_call(
    role: Role, seen: object
) -> None:
    who = Scope(tenant="27", role=role, party="p", groups=frozenset({"savitri"}), district="490", block="4512")
    assert ApplicationDocument.visible(who) == seen


def test_a_receipt_shows_the_chosen_grounds_by_rank_and_the_line_that_checks_the_ticket() -> None:
    receipt = Receipt(application=application(), call=call())
    view = ReceiptView.of(receipt, "hi")
    assert [(choice.rank, choice.event, choice.block) for choice in view.choices] == [(1, 2, "4515"), (2, 1, "4512")]
    assert f"printf '%s:%s' SEED {TICKET} | sha256sum" in view.how_to_check
    assert "सँभालकर" in view.how_to_check
    assert (view.closes_at, view.frozen, view.too_late) == (CLOSES, False, False)


def test_an_application_from_before_the_office_of_its_call_was_kept_is_read_and_seen_by_the_place_of_its_group() -> (
    None
):
    kept = {"_id": "application-1", "tenant": "27", **ApplicationDocument.of(application())}
    old = {name: value for name, value in kept.items() if name not in {"call_district", "call_block"}}
    read = ApplicationDocument.load({**old, "schema": 1})
    assert (read.call_district, read.call_block) == (None, None)
    assert ApplicationDocument.load({**kept, "schema": 2}) == application()
    assert replace(read, call_district="490") == application()


def test_a_struck_ground_is_told_by_its_name_and_day_in_the_readers_language() -> None:
    why = (Reason(code="ElectionDay", day=SUNDAY), Reason(code="AnotherCallsDay", day=SUNDAY))
    asked = call()
    first, *others = asked.events
    struck = replace(asked, events=(replace(first, lines=(), struck=why), *others))
    told = {
        language: ReceiptView.of(Receipt(application=application(), call=struck), language).choices[1].struck
        for language in LANGUAGES
    }
    assert told == {
        "mr": "आठवडे बाजार हे मैदान अर्ज बंद होताना वगळले. 2026-12-06 रोजी या जिल्ह्यात निवडणूक आहे. "
        "2026-12-06 रोजी हे मैदान दुसऱ्या सोडतीला दिलेले आहे.",
        "hi": "आठवडे बाजार मैदान आवेदन बंद होते समय हटा दिया गया। 2026-12-06 को इस जिले में चुनाव है। "
        "2026-12-06 को यह मैदान दूसरी लॉटरी को दिया गया है।",
        "en": "आठवडे बाजार was struck out at the close. 2026-12-06 is an election day in this district. "
        "On 2026-12-06 this ground is another call's.",
    }


def test_who_applied_already_is_told_where_to_change_it() -> None:
    for language in LANGUAGES:
        assert "PUT /v1/applications/application-1" in AlreadyApplied(id="application-1").sentence(language)
