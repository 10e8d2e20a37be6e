"""The role `consume`: every event takes effect exactly once, in order per subject, or is parked with its reason.

Offsets live in MongoDB beside the effects; Kafka's committed ones are advisory (dashboards, autoscaling).
"""

from shared.consumer.loop import Consumer
from shared.health import Health
from shared.service import Running


async def consume(running: Running, health: Health) -> None:
    """Until cancelled: then the batch at hand is finished, its offset committed and the group left."""
    if running.service.handlers:
        await Consumer(running, health).run()
