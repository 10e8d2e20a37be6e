"""What else an answer shows besides its body: its version or digest (ETag), and whether it is a replay."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Answer:
    version: int | None = None
    digest: str | None = None
    replayed: bool = False


current: ContextVar[Answer | None] = ContextVar("answer", default=None)


def shows(version: int, *, replayed: bool = False) -> None:
    if (answer := current.get()) is not None:
        answer.version, answer.replayed = version, replayed


def shows_digest(digest: str) -> None:
    """The answer is made of what never changes: this stands for it, whoever asks."""
    if (answer := current.get()) is not None:
        answer.digest = digest


def changes_with_time() -> None:
    """The clock alone can change this answer: no ETag stands for it, or somebody would be told it is unchanged."""
    if (answer := current.get()) is not None:
        answer.version = answer.digest = None
