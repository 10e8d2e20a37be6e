"""What a failed batch becomes."""

from aiokafka import TopicPartition
from pymongo.errors import AutoReconnect, OperationFailure

from shared.consumer.batch import Batches
from shared.consumer.failures import RefusedByServer, halved, is_transient
from shared.consumer.records import Record
from shared.errors import TooManyUnsent
from shared.handlers import Handlers

ONE, TWO = TopicPartition("pots.pots", 0), TopicPartition("pots.pots", 1)


def rows(count: int) -> list[Record]:
    return [Record("pots.pots", 0, n, b"k", b"{}", [], Handlers("pots.pots")) for n in range(count)]


def test_a_server_that_is_away_and_a_relay_that_stands_still_are_waited_for() -> None:
    conflict = OperationFailure("write conflict", 112, {"errorLabels": ["TransientTransactionError"]})
    assert all(is_transient(error) for error in (AutoReconnect(), conflict, TooManyUnsent(what="stock")))
    assert not any(is_transient(error) for error in (OperationFailure("no", 121), ZeroDivisionError()))


def test_a_refused_batch_is_halved_until_one_record_stands_alone_and_is_poison() -> None:
    batches: Batches = {ONE: rows(2), TWO: rows(1)}
    first, second = halved(batches, "too deep")
    assert (list(first), list(second)) == ([ONE], [TWO])
    (alone, _) = halved(first, "too deep")
    assert [len(some) for some in alone.values()] == [1]
    (poison,) = halved(alone, "too deep")
    assert isinstance(poison[ONE][0].problem, RefusedByServer)
    assert "too deep" in str(poison[ONE][0].problem)
