"""Numbers a list has had: where each stood first, in flat memory."""

import tracemalloc
from hashlib import blake2b

from services.catalog.repeats.domain import Met, Seen

GROUPS = 120_000
STATE, MOST_BYTES = 782_000, 40_000_000


def digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def test_a_number_is_met_where_it_stood_first() -> None:
    seen = Seen()
    assert seen.find("MH-1", digest("सावित्रीबाई")) is None
    seen.add("MH-1", digest("सावित्रीबाई"), "umed.csv", 7)
    seen.add("MH-1", digest("रमाबाई"), "umed.csv", 9)
    assert seen.find("MH-1", digest("सावित्रीबाई")) == Met("umed.csv", 7, same=True)
    assert seen.find("MH-1", digest("रमाबाई")) == Met("umed.csv", 7, same=False)
    assert seen.find("MH-2", digest("सावित्रीबाई")) is None


def test_of_a_whole_states_numbers_none_is_lost_and_few_bytes_are_kept() -> None:
    tracemalloc.start()
    seen = Seen()
    for number in range(GROUPS):
        seen.add(f"MH-{number}", digest(str(number)), f"list-{number % 3}.csv", number)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen.count == GROUPS
    for number in range(0, GROUPS, 7):
        assert seen.find(f"MH-{number}", digest(str(number))) == Met(f"list-{number % 3}.csv", number, same=True)
    assert seen.find("MH-x", digest("0")) is None
    assert most / GROUPS < MOST_BYTES / STATE * 2
