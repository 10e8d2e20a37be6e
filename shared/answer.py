"""What else an answer shows besides its body: the version read or written (ETag), and whether it is a replay."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Answer:
    version: int | None = None
    replayed: bool = False


current: ContextVar[Answer | None] = ContextVar("answer", default=None)


def shows(version: int, *, replayed: bool = False) -> None:
    if (answer := current.get()) is not None:
        answer.version, answer.replayed = version, replayed
