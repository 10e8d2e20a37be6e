"""A worker that reads nothing back is told from one that reads much, and from one that has nothing to read."""

from shared.streaming.stalling import Stalling, total


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def halted(stalling: Stalling, clock: Clock, after: float, *, well: bool, read: int) -> bool:
    clock.seconds += after
    return stalling.halted(well=well, read=read)


def test_a_worker_that_is_not_well_and_reads_nothing_has_halted_after_the_limit() -> None:
    clock = Clock()
    stalling = Stalling(60, clock=clock)
    assert not halted(stalling, clock, 59, well=False, read=0)
    assert halted(stalling, clock, 2, well=False, read=0)


def test_one_that_reads_on_has_not_however_long_it_takes() -> None:
    clock = Clock()
    stalling = Stalling(60, clock=clock)
    assert not any(halted(stalling, clock, 50, well=False, read=records) for records in range(1, 20))


def test_one_that_is_well_has_not_though_it_reads_nothing_all_night() -> None:
    clock = Clock()
    stalling = Stalling(60, clock=clock)
    assert not halted(stalling, clock, 36_000, well=True, read=7)
    assert not halted(stalling, clock, 59, well=False, read=7)
    assert halted(stalling, clock, 2, well=False, read=7)


def test_partitions_that_are_not_looked_into_yet_count_as_nothing_read() -> None:
    assert total([3, None, 4]) == 7
    assert total([None]) == 0
