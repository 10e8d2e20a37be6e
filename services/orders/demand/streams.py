"""What orders measures as its facts flow: demand."""

from services.orders.demand import domain
from shared.contracts.orders import OrderCancelled, OrderPlaced, OrderRefused
from shared.streaming.measures import Measure

DEMAND = Measure(
    name=domain.NAME,
    topic="orders.orders",
    counts=domain.COUNTS,
    indexes=(
        (("hour", 1),),
        (("district", 1), ("hour", 1)),
        (("block", 1), ("hour", 1)),
        (("seller", 1), ("hour", 1)),
        (("product", 1), ("hour", 1)),
    ),
)
DEMAND.on(OrderPlaced)(domain.placed)
DEMAND.on(OrderRefused)(domain.undone)
DEMAND.on(OrderCancelled)(domain.undone)
