"""Which generation of a measure's figures counts: one pointer, moved at once when a rebuild has caught up."""

from shared import clock
from shared.mongo import Database
from shared.streaming.measures import Generation

POINTERS = "generations"


async def current(database: Database, name: str) -> int:
    """The generation whose figures count; 1 before any rebuild."""
    found = await database.collection(POINTERS).find_one({"_id": name})
    return int(found["generation"]) if found else 1


async def swap(database: Database, generation: Generation) -> bool:
    """Let this generation count instead of the one before; False when another rebuild was faster."""
    pointers, name = database.collection(POINTERS), generation.measure.name
    await pointers.update_one({"_id": name}, {"$setOnInsert": {"generation": 1}}, upsert=True)
    change = {"$set": {"generation": generation.number, "swapped_at": clock.now()}}
    done = await pointers.update_one({"_id": name, "generation": generation.number - 1}, change)
    return done.modified_count == 1
