"""What holds after a restore from backup (`tools.backup`): the state is older than what Kafka already knows of it."""

from shared.documents import Doc
from shared.mongo import INCARNATION
from shared.service import Running

OFFSETS = "consumer_offsets"


async def caught_up(running: Running) -> bool:
    """Whether this service has read again all that stood on the topics it listens to when it was restored.

    Before that an order may look unanswered whose answer is on its way a second time: a timer would give it up.
    """
    row = await running.database.collection(INCARNATION).find_one({"_id": INCARNATION}) or {}
    group = running.settings.group(running.service.group)
    until = {f"{group}:{end['topic']}:{end['partition']}": end["offset"] for end in _ends(row)}
    if not until:
        return True
    rows = running.database.collection(OFFSETS).find({"_id": {"$in": sorted(until)}}, {"next": 1})
    reached = {row["_id"]: row["next"] async for row in rows}
    return all(reached.get(place, 0) >= offset for place, offset in until.items())


def _ends(row: Doc) -> list[Doc]:
    return [end for end in row.get("restored", {}).get("until", []) if end["offset"]]
