"""Gauges that a quiet system shows as 0: each is moved here, and goes back."""

from datetime import timedelta

from prometheus_client import REGISTRY

from shared import clock, metrics
from shared.audit.acts import entry
from shared.audit.chaining import Chaining
from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health
from shared.mongo import Database
from shared.relay import relay
from shared.relay.sweeper import measure
from shared.relay.watching import forget
from shared.service import Running
from tests.integration.kernel.pots import Pot, make
from tests.processes import playing, until


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def act() -> Doc:
    return entry("POST /v1/pots", ("pots", "pot-1"), {"sub": "asha", "role": "admin", "area": "27"}, "27", "r-1", "")


async def test_what_waits_in_an_outbox_is_measured_with_its_age(running: Running) -> None:
    await make(running.stores[Pot], "भांडे", None)
    pots = running.database.collection("pots")
    await pots.update_one({"_id": "भांडे"}, {"$set": {"outbox.0.time": clock.now() - timedelta(seconds=90)}})
    await measure(running.database, ["pots"])
    assert shown("bachat_outbox_depth", kind="pots") == 1
    assert (shown("bachat_outbox_oldest_seconds", kind="pots") or 0) >= 90
    await pots.update_one({"_id": "भांडे"}, {"$set": {"outbox": []}})
    await measure(running.database, ["pots"])
    assert (shown("bachat_outbox_depth", kind="pots"), shown("bachat_outbox_oldest_seconds", kind="pots")) == (0, 0)


async def test_what_the_sweeper_publishes_is_counted(running: Running, health: Health) -> None:
    """A first relay has no token: it sweeps what waits."""
    for number in range(3):
        await make(running.stores[Pot], f"pot-{number}", None)
    before = shown("bachat_relay_swept_total") or 0
    async with playing(relay(running, health)):

        async def swept() -> bool:
            return shown("bachat_relay_swept_total") == before + 3

        await until(swept, what="three facts are swept")
        assert shown("bachat_relay_lease_held") == 1
    assert shown("bachat_relay_lease_held") == 0
    assert shown("bachat_outbox_depth", kind="pots") is None, "who has no lease knows nothing of the outbox"


async def test_who_loses_the_lease_forgets_what_its_holder_alone_knows(running: Running, health: Health) -> None:
    """Else the highest of all processes would for ever be what the old holder saw last."""
    known = ("bachat_relay_lag_seconds", "bachat_audit_height", "bachat_audit_head")
    await running.database.collection("pots").insert_one({"_id": "घडा", "version": 1, "audit": [act()]})
    async with playing(relay(running, health)):
        await make(running.stores[Pot], "भांडे", None)

        async def told() -> bool:
            return all(shown(name) for name in known)

        await until(told, what="the lag and the end of the audit log are told")
    assert [shown(name) for name in known] == [0, 0, 0]


def test_what_waited_for_the_audit_log_is_forgotten_with_the_lease() -> None:
    for gauge in (metrics.AUDIT_PENDING, metrics.AUDIT_WAITING_SECONDS):
        gauge.set(7)
    forget()
    assert (shown("bachat_audit_pending"), shown("bachat_audit_waiting_seconds")) == (0, 0)


async def test_acts_that_wait_for_the_audit_log_are_counted_with_their_age(database: Database) -> None:
    waits = {**act(), "at": clock.now() - timedelta(seconds=90)}
    await database.collection("pots").insert_one({"_id": "pot-1", "version": 1, "audit": [waits]})
    chaining = Chaining(database, ["pots"])
    assert await chaining.once() == 1
    assert shown("bachat_audit_pending") == 1
    assert (shown("bachat_audit_waiting_seconds") or 0) >= 90
    assert shown("bachat_audit_height") == 1
    assert await chaining.once() == 0
    assert (shown("bachat_audit_pending"), shown("bachat_audit_waiting_seconds")) == (0, 0)


async def test_the_lag_of_a_partition_is_told_by_who_has_it_and_nobody_else(running: Running, health: Health) -> None:
    topic = running.settings.topic("pots.pots")
    metrics.CONSUMER_LAG.labels(topic="another's", partition=7).set(5)
    async with playing(consume(running, health)):

        async def told() -> bool:
            return shown("bachat_consumer_lag", topic=topic, partition="0") == 0

        await until(told, what="the lag of its own partitions is told")
    assert shown("bachat_consumer_lag", topic="another's", partition="7") is None
