"""Which keys the accounts of the registry are sealed with."""

from typing import Any

from tools.environment import ToolSettings, database_of


def accounts_by_key(settings: ToolSettings) -> dict[str, int]:
    """Key id to accounts."""
    key = {"$first": {"$split": ["$account", ":"]}}
    stages: list[dict[str, Any]] = [
        {"$match": {"account": {"$type": "string"}}},
        {"$group": {"_id": key, "count": {"$sum": 1}}},
    ]
    with database_of("catalog", settings) as database:
        found = database["groups"].aggregate([*stages, {"$sort": {"_id": 1}}])
        return {doc["_id"]: doc["count"] for doc in found}
