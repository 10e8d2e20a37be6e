"""One relay a database: a lease in MongoDB, fenced by its epoch. The server's clock counts, not ours."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.documents import Doc
from shared.mongo import Database

ROW = "relay"
SERVER_NOW = "$$NOW"


class LeaseLostError(RuntimeError):
    """Another process holds the lease, or it could not be renewed in time: this one must stop."""


class Lease:
    """`token` is the change stream position another relay left behind."""

    def __init__(self, database: Database, owner: str, seconds: float) -> None:
        self.rows = database.collection("relay")
        self.owner, self.seconds = owner, seconds
        self.epoch = 0
        self.token: Doc | None = None
        self.safe_until = 0.0

    @property
    def mine(self) -> Doc:
        return {"_id": ROW, "owner": self.owner, "epoch": self.epoch}

    def _expiry(self) -> Doc:
        return {"$add": [SERVER_NOW, round(self.seconds * 1000)]}

    async def acquire(self) -> bool:
        """Take it if nobody holds it; false when somebody does."""
        await self._make_row()
        free = {"_id": ROW, "$expr": {"$lt": ["$expires_at", SERVER_NOW]}}
        taken: Any = {"owner": self.owner, "epoch": {"$add": ["$epoch", 1]}, "expires_at": self._expiry()}
        began = time.monotonic()
        row = await self.rows.find_one_and_update(free, [{"$set": taken}], return_document=True)
        if row is None:
            return False
        self.epoch, self.token = row["epoch"], row.get("token")
        self.safe_until = began + self.seconds / 2
        return True

    async def _make_row(self) -> None:
        with suppress(DuplicateKeyError):
            await self.rows.update_one({"_id": ROW}, {"$setOnInsert": {"epoch": 0, "expires_at": 0}}, upsert=True)

    async def renew(self) -> None:
        began = time.monotonic()
        done = await self.rows.update_one(self.mine, [{"$set": {"expires_at": self._expiry()}}])
        if not done.matched_count:
            raise LeaseLostError(self.owner)
        self.safe_until = began + self.seconds / 2

    async def keep(self) -> None:
        """Renew until cancelled. Raises LeaseLostError at half life without renewal."""
        while True:
            await asyncio.sleep(self.seconds / 8)
            left = self.safe_until - time.monotonic()
            if left <= 0:
                raise LeaseLostError(self.owner)
            try:
                async with asyncio.timeout(left):
                    await self.renew()
            except TimeoutError as e:
                raise LeaseLostError(self.owner) from e

    async def save(self, token: Doc) -> None:
        """Remember how far every event is acknowledged. Raises LeaseLostError."""
        done = await self.rows.update_one(self.mine, {"$set": {"token": token}})
        if not done.matched_count:
            raise LeaseLostError(self.owner)

    async def release(self) -> None:
        await self.rows.update_one(self.mine, [{"$set": {"expires_at": SERVER_NOW}}])
