"""Sentences about notifications: one row for each event and party, and how it only rises."""

from dataclasses import replace
from typing import Literal, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.contacts.domain import Purpose
from services.notify.notifications.commands import claim as claim_row
from services.notify.notifications.consumers import on_order_cancelled, on_order_confirmed, on_order_refused
from services.notify.notifications.domain import (
    KNOWN_INCARNATIONS,
    RANK,
    NotDue,
    Notification,
    Reported,
    Status,
    Taken,
    claim,
    give_up,
    obstacle,
    pause_seconds,
    postpone,
    reported,
    told_before,
)
from services.notify.notifications.store import NotificationDocument
from shared import clock
from shared.contracts.notify import NotificationAccepted, NotificationDelivered, NotificationFailed
from shared.contracts.orders import OrderCancelled, OrderConfirmed, OrderLine, OrderRefused
from shared.events import Event, Fact
from shared.testing import FakeStores
from tests.unit.notify.events_told import BOTH
from tests.unit.notify.first_schema import confirmation
from tests.unit.notify.people import ASHA, EVENT, NOON, ORDER, later, notify_settings, queued, stores_with

D = TypeVar("D", bound=Fact)
DAY = 86_400.0
REPORTS: list[Reported] = [Status.SENT, Status.DELIVERED, Status.FAILED]


def claimed() -> Notification:
    return claim(queued(), NOON, 30).state


def test_a_claimed_message_is_taken_over_only_when_the_lease_is_over_and_then_asked_about() -> None:
    row = claimed()
    assert (row.status, row.attempts, row.ask_first, row.due_at) == (Status.SENDING, 1, False, later(seconds=30))
    with pytest.raises(NotDue):
        claim(row, later(seconds=29), 30)
    taken_over = claim(row, later(seconds=30), 30).state
    assert (taken_over.attempts, taken_over.ask_first) == (2, True)


def test_a_postponed_message_is_asked_about_only_if_nobody_knows_what_became_of_it() -> None:
    for unsure in (False, True):
        back = postpone(claimed(), 1, later(seconds=2), DAY, unsure=unsure).state
        again = claim(back, later(seconds=2), 30).state
        assert (back.status, again.ask_first) == (Status.QUEUED, unsure)


def test_who_lost_its_lease_cannot_undo_its_successor() -> None:
    second = claim(claimed(), later(seconds=30), 30).state
    assert postpone(second, 1, later(seconds=31), DAY, unsure=False).state == second
    assert give_up(second, 1, "RefusedByProvider").state == second


def test_what_the_provider_took_is_told_once_however_late_the_mark_comes() -> None:
    taken = Taken("sms_1")
    delivered = reported(claimed(), "local-sms", Taken("sms_1", Status.DELIVERED))
    late = reported(delivered.state, "local-sms", taken)
    assert [type(fact) for fact in delivered.facts] == [NotificationAccepted, NotificationDelivered]
    assert (late.state, late.facts) == (delivered.state, ())


def test_a_message_that_waited_a_day_is_not_sent_any_more() -> None:
    decision = postpone(claimed(), 1, later(days=1, seconds=1), DAY, unsure=True)
    assert (decision.state.status, decision.state.code) == (Status.FAILED, "NotSentInTime")
    assert isinstance(decision.facts[0], NotificationFailed)


def test_without_contact_or_consent_or_time_nothing_is_sent() -> None:
    stopped = replace(ASHA, consents={Purpose.TRANSACTIONAL: False})
    assert obstacle(claimed(), None, NOON, DAY) == "NoContact"
    assert obstacle(claimed(), stopped, NOON, DAY) == "NoConsent"
    assert obstacle(claimed(), ASHA, later(days=2), DAY) == "NotSentInTime"
    assert obstacle(claimed(), ASHA, NOON, DAY) is None


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause_seconds(attempts) for attempts in (1, 2, 3, 7, 100)] == [1, 2, 4, 60, 60]


@given(st.lists(st.sampled_from(REPORTS), min_size=1, max_size=12))
def test_reports_in_any_order_and_number_end_in_the_same_state(reports: list[Reported]) -> None:
    row, facts = claimed(), list[Fact]()
    for status in reports:
        decision = reported(row, "local-sms", Taken("sms_1", status))
        assert RANK[decision.state.status] >= RANK[row.status]
        row, facts = decision.state, [*facts, *decision.facts]
    assert row.status == max(reports, key=RANK.__getitem__)
    assert row.due_at is None
    kinds = [type(fact) for fact in facts]
    assert kinds[0] is NotificationAccepted
    assert all(kinds.count(kind) == 1 for kind in set(kinds))
    assert (NotificationDelivered in kinds) == (Status.DELIVERED in reports)


STEPS: list[Reported | Literal["claim", "postpone", "give up"]] = [*REPORTS, "claim", "postpone", "give up"]


@given(st.lists(st.sampled_from(STEPS), max_size=15))
def test_nothing_that_happens_ever_lowers_a_message_that_went_out(
    steps: list[Reported | Literal["claim", "postpone", "give up"]],
) -> None:
    row = queued()
    for n, step in enumerate(steps):
        now, before = later(minutes=n), row
        match step:
            case "claim":
                try:
                    row = claim(row, now, 30).state
                except NotDue:
                    continue
            case "postpone":
                row = postpone(row, row.attempts, now, DAY, unsure=True).state
            case "give up":
                row = give_up(row, row.attempts, "RefusedByProvider").state
            case _:
                row = reported(row, "local-sms", Taken("sms_1", step)).state
        if RANK[before.status] >= RANK[Status.SENT]:
            assert RANK[row.status] >= RANK[before.status]
        assert (row.due_at is None) == (RANK[row.status] >= RANK[Status.SENT])


def test_what_is_kept_of_a_message_is_read_back_as_it_was() -> None:
    row = reported(claimed(), "local-sms", Taken("sms_1")).state
    kept = NotificationDocument.of(row)
    assert NotificationDocument.state({**kept, "_id": row.id, "tenant": row.tenant}) == row
    assert "phone" not in str(kept)


async def test_a_row_of_the_time_when_there_were_orders_only_is_read_and_goes_out() -> None:
    stores, at = await stores_with(ASHA), clock.now()
    frozen = confirmation(ORDER, "asha", at)
    stores.database.collection("notifications").docs[frozen["_id"]] = frozen
    row = await stores[Notification].get(frozen["_id"])
    assert row == replace(queued(at), params={"total": 25_100})
    assert (row.kind, row.about, row.order_id) == ("order", ORDER, ORDER)
    await claim_row(stores[Notification], row.id, notify_settings())
    kept = stores.database.collection("notifications").docs[row.id]
    assert (kept["schema"], kept["kind"], kept["about"], kept["attempts"]) == (2, "order", ORDER, 1)


def order_event(data: D) -> Event[D]:
    return Event(data=data, id=EVENT, subject=ORDER, tenant="27", incarnation=1, sequence=2, time=NOON)


LINES = (
    OrderLine(
        product_id="papad", sku="udid", quantity=2, unit_price_paise=12_550, tax_basis_points=500, tax_paise=1_195
    ),
)


async def test_both_sides_are_told_of_a_confirmed_order_under_ids_of_their_own() -> None:
    stores = FakeStores(NotificationDocument)
    await on_order_confirmed(order_event(OrderConfirmed(**BOTH, total_paise=25_100)), stores)
    rows = stores[Notification]
    assert (await rows.get(f"{EVENT}:asha:sms")).template == "order-confirmed-buyer"
    assert (await rows.get(f"{EVENT}:savitri-gat:sms")).params == {"total": 25_100}


async def test_only_the_buyer_is_told_of_a_refusal_and_both_of_a_cancellation() -> None:
    stores = FakeStores(NotificationDocument)
    await on_order_refused(order_event(OrderRefused(**BOTH, code="NotEnoughStock", short=())), stores)
    assert await stores[Notification].find(f"{EVENT}:savitri-gat:sms") is None
    stores = FakeStores(NotificationDocument)
    cancelled = OrderCancelled(**BOTH, by="timer", reason="not-accepted", lines=LINES)
    await on_order_cancelled(order_event(cancelled), stores)
    templates = [(await stores[Notification].get(f"{EVENT}:{party}:sms")).template for party in ("asha", "savitri-gat")]
    assert templates == ["order-cancelled-by-timer-buyer", "order-cancelled-by-timer-group"]


async def test_a_fact_that_a_restored_producer_tells_again_is_no_second_message() -> None:
    """The same numbers in a newer incarnation and the same words; other words are news."""
    stores = FakeStores(NotificationDocument)
    confirmed = OrderConfirmed(**BOTH, total_paise=25_100)
    await on_order_confirmed(order_event(confirmed), stores)
    again = replace(order_event(confirmed), id=f"{ORDER}:3:2", incarnation=3)
    await on_order_confirmed(again, stores)
    rows = stores.database.collection("notifications").docs
    assert set(rows) == {f"{EVENT}:asha:sms", f"{EVENT}:savitri-gat:sms"}
    cancelled = OrderCancelled(**BOTH, by="timer", reason="hold-expired", lines=LINES)
    await on_order_cancelled(replace(order_event(cancelled), id=f"{ORDER}:3:2", incarnation=3), stores)
    assert len(rows) == 4


def test_earlier_lives_of_a_fact_are_looked_for_within_reason() -> None:
    assert told_before("ऑर्डर:1:7") == []
    assert told_before("a:b:3:7") == ["a:b:2:7", "a:b:1:7"]
    assert len(told_before(f"ऑर्डर:{2**53}:7")) == KNOWN_INCARNATIONS
