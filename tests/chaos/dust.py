"""When is the dust settled: nothing waits in an outbox, behind an offset, in the ledger, or with the provider."""

from collections.abc import Sequence

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.wiring import SERVICE as STALLS
from shared import clock
from shared.service import Service
from tests.chaos.log import PLANTED, Log
from tests.chaos.system import System

HOUSES: tuple[Service, ...] = (CATALOG, ORDERS, STALLS, NOTIFY)
BETWEEN = {"status": {"$in": ["closing", "drawing", "drawn"]}}
UNFINISHED = {"status": {"$nin": ["delivered", "failed"]}}


class Dust:
    def __init__(self, system: System, log: Log) -> None:
        self.system, self.log = system, log
        self.houses: Sequence[Service] = [
            house for house in HOUSES if any(p.service == house.name for p in system.programs.values())
        ]

    async def flying(self) -> list[str]:
        """What has not settled yet, a line each."""
        return [*await self._unsent(), *await self._unread(), *await self._unanswered()]

    async def _unsent(self) -> list[str]:
        found = []
        for house in self.houses:
            for kind in (kind for kind in house.kinds if kind.topic):
                rows = self.system.database(house.name)[kind.collection]
                if count := await rows.count_documents({"outbox.0": {"$exists": True}}):
                    found.append(f"{count} outboxes of {house.name}.{kind.collection} hold facts")
        return found

    async def _unread(self) -> list[str]:
        ends = await self.log.ends(*{handlers.topic for house in self.houses for handlers in house.handlers})
        found: list[str] = []
        for house in self.houses:
            stands, topics = await self._stands(house), {handlers.topic for handlers in house.handlers}
            left = {place: (stands.get(place, 0), end) for place, end in ends.items() if place[0] in topics}
            found += [
                f"{house.name} stands at {at} of {end} in {place}" for place, (at, end) in left.items() if at != end
            ]
        return found

    async def _stands(self, house: Service) -> dict[tuple[str, int], int]:
        """(topic, partition) → the next offset that the service's group will apply."""
        strip = len(self.system.settings.group(house.group)) + 1 + len(self.system.namespace)
        found = {}
        async for row in self.system.database(house.name)["consumer_offsets"].find({}):
            topic, _, partition = row["_id"][strip:].rpartition(":")
            found[topic, int(partition)] = row["next"]
        return found

    async def _unanswered(self) -> list[str]:
        counts = {}
        orders = self.system.database("orders")["orders"]
        counts["orders are placed and not answered"] = await orders.count_documents({"status": "placed"})
        if NOTIFY in self.houses:
            ledger = self.system.database("notify")["notifications"]
            counts["messages have no end yet"] = await ledger.count_documents(UNFINISHED)
        if STALLS in self.houses:
            counts |= await self._begun()
        for house in self.houses:
            parked = self.system.database(house.name)["parked"]
            counts[f"rows of {house.name} wait for their replay"] = await parked.count_documents({"status": "ready"})
        return [f"{count} {what}" for what, count in counts.items() if count]

    async def _begun(self) -> dict[str, int]:
        """What stalls has begun and its timers must finish."""
        stalls, late = self.system.database("stalls"), clock.now()
        overdue = {
            f"documents of stalls.{kind.collection} are due": await stalls[kind.collection].count_documents(
                {kind.due: {"$lte": late}}
            )
            for kind in STALLS.kinds
            if kind.due
        }
        return {**overdue, "calls are between two steps": await stalls["calls"].count_documents(BETWEEN)}

    async def replay_the_sound(self) -> None:
        """As an operator does: poison is put aside, what waits behind it on a real key is marked ready."""
        for house in self.houses:
            parked = self.system.database(house.name)["parked"]
            planted = {"headers": list(PLANTED)}
            await parked.update_many(planted, {"$set": {"status": "discarded"}})
            await parked.update_many({"status": "behind"}, {"$set": {"status": "ready"}})
