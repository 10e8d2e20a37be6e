"""What a failed batch becomes: tried again, halved until the culprit stands alone, or the end of the process."""

from bson.errors import InvalidDocument
from pymongo.errors import ConnectionFailure, PyMongoError

from shared.consumer.batch import Batches, TooMuchParkedError
from shared.consumer.partitions import FencedError, OtherTopicError
from shared.errors import Invalid, Problem, TooManyUnsent

TRANSIENT = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
REFUSALS = (PyMongoError, InvalidDocument, OverflowError, Problem)
FATAL = (FencedError, OtherTopicError, TooMuchParkedError)


class RefusedByServer(Invalid):
    """MongoDB refuses what this event leads to: {why}."""

    mr = "या घटनेचा परिणाम MongoDB स्वीकारत नाही: {why}."
    hi = "इस घटना का परिणाम MongoDB स्वीकार नहीं करता: {why}।"


def is_transient(error: Exception) -> bool:
    """A server that is away, a conflict, or a relay that stands still: the same batch will go through later."""
    labelled = isinstance(error, PyMongoError) and any(error.has_error_label(label) for label in TRANSIENT)
    return labelled or isinstance(error, (ConnectionFailure, TooManyUnsent))


def halved(batches: Batches, why: str) -> list[Batches]:
    """Two halves of the batches, by partition, then by record; a record that stands alone becomes poison."""
    places = list(batches)
    if len(places) > 1:
        middle = len(places) // 2
        return [{p: batches[p] for p in places[:middle]}, {p: batches[p] for p in places[middle:]}]
    rows = batches[places[0]]
    if len(rows) > 1:
        return [{places[0]: rows[: len(rows) // 2]}, {places[0]: rows[len(rows) // 2 :]}]
    rows[0].problem = RefusedByServer(why=why)
    return [batches]
