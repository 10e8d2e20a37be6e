"""The published language: a producer's file, or files. Goldens and examples of every version are kept by the tests."""

from shared.contracts import catalog, notify, orders, stalls, stalls_allotments
from shared.events import Fact

FACTS: tuple[type[Fact], ...] = (*catalog.FACTS, *orders.FACTS, *stalls.FACTS, *stalls_allotments.FACTS, *notify.FACTS)

TOPICS: tuple[str, ...] = tuple(sorted({fact.topic for fact in FACTS}))
