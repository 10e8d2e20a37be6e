"""What is plugged into what."""

from services.stalls.calendars import api as calendars
from services.stalls.calendars.store import CalendarDocument
from services.stalls.credits import api as credits_
from services.stalls.credits.consumers import ALLOTMENTS
from services.stalls.credits.store import CreditDocument
from services.stalls.makers.consumers import GROUPS, PRODUCTS
from services.stalls.makers.store import KnownGroupDocument, KnownProductDocument
from services.stalls.settings import StallsSettings
from services.stalls.venues import api as venues
from services.stalls.venues.store import UseDocument, VenueDocument
from shared.service import Service

SERVICE = Service(
    name="stalls",
    settings=StallsSettings,
    kinds=(
        CalendarDocument,
        VenueDocument,
        UseDocument,
        KnownGroupDocument,
        KnownProductDocument,
        CreditDocument,
    ),
    routers=(calendars.router, venues.router, credits_.router),
    handlers=(GROUPS, PRODUCTS, ALLOTMENTS),
)
