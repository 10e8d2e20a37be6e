"""Where each partition is read on. Faust may drop a record between its fetch and the agent, so it is not asked."""

from collections.abc import Collection

Gap = tuple[int, int, int]
"""A partition, the offset that was next, the offset that came instead."""


class RecordsSkippedError(RuntimeError):
    """A record came before its turn: the client dropped what lies between, or the log has no record there."""

    def __init__(self, gap: Gap) -> None:
        super().__init__("partition {}: {} was next, {} came".format(*gap))
        self.gap = gap


class Positions:
    """By partition of one assignment: the offset after the last record that was looked at.

    `shown` are gaps that an earlier reading of the same offsets has met too: there the log itself has no record.
    """

    def __init__(self, shown: Collection[Gap] = ()) -> None:
        self.next: dict[int, int] = {}
        self.shown = shown

    def begin(self, partition: int, offset: int) -> None:
        """It is read from here; one that is being read goes on where it stands."""
        self.next.setdefault(partition, offset)

    def forget(self) -> None:
        """The partitions have gone. A record still in hand keeps the old `next`: it says nothing about the new one."""
        self.next = {}

    def takes(self, partition: int, offset: int, *, sought: bool) -> bool:
        """Whether to look at this record now; not before its partition has been `sought`, for then it comes again.

        Raises RecordsSkippedError.
        """
        if partition not in self.next and not sought:
            return False
        gap = (partition, self.next.get(partition, -1), offset)
        if partition not in self.next or (offset > gap[1] and gap not in self.shown):
            raise RecordsSkippedError(gap)
        return True
