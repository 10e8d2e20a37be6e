"""What is asked at the same time goes to the server as one command; each caller hears of its own."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared import faults, trace
from shared.tracing import writing

Q = TypeVar("Q")
A = TypeVar("A")

Waiting = tuple[Q, "asyncio.Future[A]", str | None]
"""What is asked, its answer, and the trace it belongs to."""

MOST_AT_ONCE = 64
MOST_IN_FLIGHT = 4  # below this nobody waits for company: who comes alone is served alone and at once
ALONE = "together"
"""FAULT_POINTS=together=skip: everybody alone, to measure what company is worth."""


class Together(Generic[Q, A]):
    """`serve` gets 1 to 64 questions and gives an answer or a refusal for each, in their order.

    What it raises is every caller's. Of one event loop.
    """

    def __init__(self, verb: str, serve: Callable[[list[Q]], Awaitable[Sequence[A | Exception]]]) -> None:
        self.verb, self.serve = verb, serve
        self.most_at_once, self.most_in_flight = MOST_AT_ONCE, MOST_IN_FLIGHT
        if faults.disabled(ALONE):
            self.most_at_once, self.most_in_flight = 1, sys.maxsize
        self.waiting: list[Waiting[Q, A]] = []
        self.flying: set[asyncio.Task[None]] = set()

    async def ask(self, question: Q) -> A:
        """Its own answer; raises its own refusal, or whatever kept the answers away."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self.waiting.append((question, answer, trace.current.get()))
        self._fly()
        return await answer

    def _fly(self) -> None:
        if not self.waiting or len(self.flying) >= self.most_in_flight:
            return
        some, self.waiting = self.waiting[: self.most_at_once], self.waiting[self.most_at_once :]
        flight = asyncio.create_task(self._flight(some))
        self.flying.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: "asyncio.Task[None]") -> None:
        self.flying.discard(flight)
        self._fly()

    async def _flight(self, some: "list[Waiting[Q, A]]") -> None:
        """Every future gets its answer, whatever happens; a caller who left is nobody's loss."""
        answers: Sequence[A | Exception] = [ConnectionError("the process is stopping")] * len(some)
        try:
            with writing.together(self.verb, [of for _, _, of in some]):
                answers = await self.serve([question for question, _, _ in some])
        except Exception as error:  # noqa: BLE001  it is its callers' to handle
            answers = [error] * len(some)
        finally:
            for (_, waiting, _), answer in zip(some, answers, strict=True):
                _tell(waiting, answer)


def _tell(waiting: "asyncio.Future[A]", answer: A | Exception) -> None:
    if waiting.done():
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
