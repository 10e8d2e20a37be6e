"""Look-ups by id that come at the same time are one query."""

from pymongo.asynchronous.collection import AsyncCollection

from shared.documents import Doc
from shared.together import Together


class Finds:
    """A look-up begins after it was asked for, so it sees what its caller wrote before. Of one event loop.

    Callers who ask for the same id at once share one document: none may change it.
    """

    def __init__(self, collection: AsyncCollection[Doc]) -> None:
        self.collection = collection
        self.together: Together[str, Doc | None] = Together("find", self._found)

    async def find(self, id_: str) -> Doc | None:
        return await self.together.ask(id_)

    async def _found(self, ids: list[str]) -> list[Doc | None]:
        if len(ids) == 1:
            return [await self.collection.find_one({"_id": ids[0]})]
        found = {doc["_id"]: doc async for doc in self.collection.find({"_id": {"$in": sorted(set(ids))}})}
        return [found.get(id_) for id_ in ids]
