"""What is plugged into what."""

from services.catalog.counts import api as counts
from services.catalog.doubles import api as doubles
from services.catalog.doubles.commands import carry_on, look_up
from services.catalog.doubles.domain import Double
from services.catalog.doubles.store import DoubleDocument
from services.catalog.exports import api as exports
from services.catalog.groups import api as groups
from services.catalog.groups.commands import renewer
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument
from services.catalog.imports import api as imports
from services.catalog.imports.commands import groups as group_taker
from services.catalog.products import api as products
from services.catalog.products.store import ProductDocument
from services.catalog.reservations import consumers as reservations
from services.catalog.reservations.store import ReservationDocument
from services.catalog.settings import CatalogSettings
from services.catalog.stock import api as stock
from services.catalog.stock.commands import Oversold
from services.catalog.stock.store import StockDocument
from services.catalog.turns import consumers as turns
from services.catalog.turns.store import TurnsDocument
from shared.imports.store import ImportDocument, still
from shared.imports.worker import importer
from shared.service import Service, Timer, Watch

SERVICE = Service(
    name="catalog",
    settings=CatalogSettings,
    kinds=(
        GroupDocument,
        ProductDocument,
        StockDocument,
        ReservationDocument,
        TurnsDocument,
        DoubleDocument,
        ImportDocument,
    ),
    routers=(
        counts.router,
        exports.router,
        groups.router,
        products.router,
        stock.router,
        doubles.router,
        imports.router,
    ),
    handlers=(reservations.HANDLERS, turns.ALLOTMENTS),
    timers=(Timer(Group, look_up), Timer(Double, carry_on)),
    workers=(importer(group_taker), renewer),
    watches=(Watch("oversold", Oversold().look), Watch("import_still", still)),
)
