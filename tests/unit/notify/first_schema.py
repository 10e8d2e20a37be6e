"""A row as notify kept it when it knew orders only (schema 1), frozen: nothing here follows today's code."""

from datetime import datetime
from typing import Any


def confirmation(order_id: str, buyer: str, at: datetime) -> dict[str, Any]:
    """The queued confirmation of an order for its buyer, due at once."""
    return {
        "_id": f"{order_id}:1:2:{buyer}:sms",
        "tenant": "27",
        "schema": 1,
        "version": 1,
        "sequence": 0,
        "recipient": buyer,
        "channel": "sms",
        "order_id": order_id,
        "template": "order-confirmed-buyer",
        "params": {"total": 25100},
        "created_at": at,
        "due_at": at,
        "attempts": 0,
        "lease_until": None,
        "ask_first": False,
        "language": None,
        "provider_id": None,
        "code": None,
        "provider_code": None,
        "status": "queued",
        "seen": {},
        "requests": [],
        "outbox": [],
    }
