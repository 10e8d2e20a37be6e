"""What stalls measures as its facts flow: who applies."""

from services.stalls.demand import domain
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn
from shared.streaming.measures import Measure

DEMAND = Measure(
    name=domain.NAME,
    topic="stalls.applications",
    counts=domain.COUNTS,
    indexes=((("call", 1), ("hour", 1)),),
)
DEMAND.on(ApplicationSubmitted)(domain.submitted)
DEMAND.on(ApplicationChanged)(domain.changed)
DEMAND.on(ApplicationWithdrawn)(domain.withdrawn)
