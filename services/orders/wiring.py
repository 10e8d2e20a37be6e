"""What is plugged into what in orders."""

from services.orders.baskets.consumers import PRODUCTS
from services.orders.baskets.store import KnownProductDocument
from services.orders.demand import api as demand
from services.orders.demand.streams import DEMAND
from services.orders.retail import api, commands
from services.orders.retail.consumers import RESERVATIONS
from services.orders.retail.domain import Order
from services.orders.retail.store import OrderDocument
from services.orders.sellers.consumers import GROUPS
from services.orders.sellers.store import KnownSellerDocument
from services.orders.settings import OrdersSettings
from shared.service import Service, Timer

SERVICE = Service(
    name="orders",
    settings=OrdersSettings,
    kinds=(OrderDocument, KnownProductDocument, KnownSellerDocument),
    routers=(api.router, demand.router),
    handlers=(PRODUCTS, GROUPS, RESERVATIONS),
    timers=(Timer(Order, commands.expire),),
    streams=(DEMAND,),
)
