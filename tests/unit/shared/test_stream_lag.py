"""What a worker that counts demand tells of itself."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from prometheus_client import REGISTRY

from services.orders.demand.streams import DEMAND
from services.orders.settings import OrdersSettings
from shared.streaming.measures import Generation
from shared.streaming.worker import Session
from shared.testing import settings_for

TOPIC = "lag-orders.orders"


@dataclass
class Place:
    partition: int
    topic: str = TOPIC

    def __hash__(self) -> int:
        return self.partition


@dataclass
class FakeConsumer:
    """Its partitions end at `ends`."""

    ends: dict[int, int]
    started: bool = True

    def assignment(self) -> set[Place]:
        return {Place(partition) for partition in self.ends}

    def highwater(self, place: Place) -> int:
        return self.ends[place.partition]


@dataclass
class FakeEngine:
    """Has looked at every record before `done`."""

    consumer: FakeConsumer
    done: dict[int, int]
    settling: Any = field(default_factory=lambda: SimpleNamespace(away=""))

    @property
    def app(self) -> Any:
        return SimpleNamespace(consumer=self.consumer, rebalancing=False)


def told(partition: int) -> float | None:
    return REGISTRY.get_sample_value("bachat_stream_lag", {"topic": TOPIC, "partition": str(partition)})


def test_a_worker_tells_the_lag_of_the_partitions_it_holds() -> None:
    settings = settings_for(OrdersSettings, namespace="lag-")
    session: Any = Session(Generation(settings, "orders", DEMAND, 1), database=None)  # type: ignore[arg-type]
    session.engine = FakeEngine(FakeConsumer({0: 12, 1: 9}), {0: 5, 1: 9})
    session._tell(0.0, ready=True)
    assert (told(0), told(1)) == (7, 0)
    session.engine = FakeEngine(FakeConsumer({1: 10}), {1: 9})
    session._tell(0.0, ready=True)
    assert (told(0), told(1)) == (None, 1), "what another holds now is not told here any more"
