"""The published language: one file for each producer. Goldens and examples of every version are kept by the tests."""

from shared.contracts import catalog, notify, orders, stalls
from shared.events import Fact

FACTS: tuple[type[Fact], ...] = (*catalog.FACTS, *orders.FACTS, *stalls.FACTS, *notify.FACTS)

TOPICS: tuple[str, ...] = tuple(sorted({fact.topic for fact in FACTS}))
