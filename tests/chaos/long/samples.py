"""What the system says of itself while a round goes on: outboxes, lag, what is parked, from everybody's /metrics."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.chaos.system import System

EVERY_SECONDS = 2.0
ANSWER_SECONDS = 1.0
WANTED = {"bachat_outbox_depth": "outbox", "bachat_consumer_lag": "lag"}


@dataclass(frozen=True)
class Sample:
    """At one moment (monotonic): documents with unsent facts, events not yet applied, by who answered."""

    at: float
    outbox: float
    lag: float


@dataclass
class Sampler:
    samples: list[Sample] = field(default_factory=list)

    async def run(self, system: System) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as client:
            while True:
                pages = await asyncio.gather(*(_page(client, system.url(name)) for name in system.programs))
                total = Counter[str]()
                for page in pages:
                    total.update(figures(page))
                self.samples.append(Sample(time.monotonic(), total["outbox"], total["lag"]))
                await asyncio.sleep(EVERY_SECONDS)


async def _page(client: httpx.AsyncClient, url: str) -> str:
    try:
        return (await client.get(f"{url}/metrics")).text
    except httpx.HTTPError:
        return ""


def figures(page: str) -> Counter[str]:
    """The sums of what is wanted, from one page of metrics."""
    found = Counter[str]()
    for line in page.splitlines():
        name, _, value = line.rpartition(" ")
        if wanted := WANTED.get(name.partition("{")[0]):
            found[wanted] += int(float(value))
    return found
