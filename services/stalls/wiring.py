"""What is plugged into what."""

from services.stalls.settings import StallsSettings
from services.stalls.venues import api as venues
from services.stalls.venues.store import VenueDocument
from shared.service import Service

SERVICE = Service(name="stalls", settings=StallsSettings, kinds=(VenueDocument,), routers=(venues.router,))
