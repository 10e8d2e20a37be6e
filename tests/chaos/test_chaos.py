"""2,000 orders while everything is killed, frozen, repeated and poisoned; then delivery's invariants, both ways."""

import pytest

from tests.chaos import invariants
from tests.chaos.run import Size
from tests.chaos.world import World

pytestmark = pytest.mark.timeout(7_200)

SHOWN = 12


def none(differences: invariants.Differences) -> bool:
    """Fails with the first differences."""
    assert not differences, f"{len(differences)} differences:\n" + "\n".join(differences[:SHOWN])
    return True


def test_the_run_was_a_hard_one(world: World, size: Size) -> None:
    assert len(world.faults) >= 20
    assert len(world.told.placed) >= size.orders * 0.9
    assert {doc["status"] for doc in world.stored["orders.orders"].values()} >= {"accepted", "cancelled", "refused"}
    repeated = sum(len(world.told_facts(topic)) - len(world.firsts(topic)) for topic in world.log)
    assert repeated > 100, "duplicates came to the consumers"
    assert any(plan for _, _, plan in world.died), "somebody died at a named point"


def test_everything_settles_once_the_faults_are_over(world: World) -> None:
    assert none(invariants.everything_settles(world))


def test_i1_what_was_acknowledged_is_stored_and_nothing_else(world: World) -> None:
    assert none(invariants.acknowledged_is_stored(world))


def test_i2_i3_every_change_tells_its_facts_and_every_fact_is_in_kafka(world: World) -> None:
    assert none(invariants.facts_are_changes(world))


def test_i4_first_occurrences_stand_in_sequence_without_holes(world: World) -> None:
    assert none(invariants.first_occurrences_are_in_sequence(world))


def test_a_fact_that_is_told_again_says_the_same(world: World) -> None:
    assert none(invariants.repeats_say_the_same(world))


def test_i5_orders_order_placed_and_reservations_are_one_set(world: World) -> None:
    assert none(invariants.orders_are_placed_and_reserved_once(world))


def test_i5_the_status_of_every_order_agrees_with_its_reservation(world: World) -> None:
    assert none(invariants.statuses_agree(world))


def test_i8_held_and_sold_are_the_sums_of_the_reservations_and_nothing_is_below_zero(world: World) -> None:
    assert none(invariants.stock_is_exact(world))


def test_i8_the_last_stock_fact_is_the_stock(world: World) -> None:
    assert none(invariants.last_stock_fact_is_the_stock(world))


def test_i6_the_ledger_has_one_row_for_each_event_and_recipient(world: World) -> None:
    assert none(invariants.one_ledger_row_for_each_telling(world))


def test_i7_the_provider_accepted_each_message_once(world: World) -> None:
    assert none(invariants.provider_accepted_once(world))


def test_i5_each_message_tells_its_end_once(world: World) -> None:
    assert none(invariants.each_message_ends_once(world))


def test_i11_what_is_parked_is_the_poison_and_what_followed_on_its_keys(world: World) -> None:
    assert none(invariants.parked_is_the_poison(world))


def test_i11_with_the_poison_put_aside_everything_behind_it_is_applied(world: World) -> None:
    assert none(invariants.parked_is_replayable(world))


def test_the_projection_rebuilt_from_offset_0_is_the_live_one(world: World) -> None:
    assert none(invariants.projection_is_rebuilt_the_same(world))


def test_no_phone_number_stands_in_any_log(world: World) -> None:
    assert world.logs
    assert none(invariants.no_phone_in_a_log(world))
