"""The same at the size of the state: 782,000 groups."""

import pytest

from tests.chaos.test_registry import (
    registry,
    test_again_is_no_row_and_no_event,
    test_all_four_services_agree_on_the_groups,
    test_every_good_row_is_one_group_and_every_count_is_the_answer_keys,
    test_every_group_was_told_once_and_repeats_say_the_same,
    test_every_phone_of_a_good_row_is_a_contact,
    test_importers_relay_and_consumers_died_on_the_way,
    test_no_phone_and_no_account_lies_where_it_may_not,
    test_notify_reports_what_cannot_be_read_and_phones_that_are_none,
    test_the_report_is_the_answer_key,
)

__all__ = [
    "registry",
    "test_again_is_no_row_and_no_event",
    "test_all_four_services_agree_on_the_groups",
    "test_every_good_row_is_one_group_and_every_count_is_the_answer_keys",
    "test_every_group_was_told_once_and_repeats_say_the_same",
    "test_every_phone_of_a_good_row_is_a_contact",
    "test_importers_relay_and_consumers_died_on_the_way",
    "test_no_phone_and_no_account_lies_where_it_may_not",
    "test_notify_reports_what_cannot_be_read_and_phones_that_are_none",
    "test_the_report_is_the_answer_key",
]
pytestmark = [pytest.mark.long, pytest.mark.timeout(5400)]


@pytest.fixture(scope="session")
def scale() -> float:
    return 1.0
