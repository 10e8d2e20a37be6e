"""What is plugged into what."""

from services.stalls.allotments import api as allotments
from services.stalls.allotments.commands import fall_due, two_holders
from services.stalls.allotments.domain import Allotment
from services.stalls.allotments.store import AllotmentDocument
from services.stalls.applications import api as applications
from services.stalls.applications.commands import settle
from services.stalls.applications.domain import Application
from services.stalls.applications.store import ApplicationDocument
from services.stalls.calendars import api as calendars
from services.stalls.calendars.store import CalendarDocument
from services.stalls.calls import api as calls
from services.stalls.calls.domain import Call
from services.stalls.calls.store import CallDocument
from services.stalls.credits import api as credits_
from services.stalls.credits.consumers import ALLOTMENTS
from services.stalls.credits.store import CreditDocument
from services.stalls.demand import api as demand
from services.stalls.demand.streams import DEMAND
from services.stalls.makers.consumers import GROUPS, PRODUCTS
from services.stalls.makers.store import KnownGroupDocument, KnownProductDocument
from services.stalls.outcomes import api as outcomes
from services.stalls.outcomes.store import KeptInputsDocument, KeptOutcomeDocument
from services.stalls.settings import StallsSettings
from services.stalls.steps import api as steps
from services.stalls.tellings.commands import carry_on
from services.stalls.texts.store import TextPartDocument
from services.stalls.vacancies.store import VacanciesDocument
from services.stalls.venues import api as venues
from services.stalls.venues.store import UseDocument, VenueDocument
from shared.service import Service, Timer, Watch

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
        CallDocument,
        ApplicationDocument,
        TextPartDocument,
        KeptInputsDocument,
        KeptOutcomeDocument,
        VacanciesDocument,
        AllotmentDocument,
    ),
    routers=(
        calendars.router,
        venues.router,
        credits_.router,
        calls.router,
        steps.router,
        applications.router,
        outcomes.router,
        allotments.router,
        demand.router,
    ),
    handlers=(GROUPS, PRODUCTS, ALLOTMENTS),
    timers=(Timer(Application, settle), Timer(Call, carry_on), Timer(Allotment, fall_due)),
    watches=(Watch("two_holders", two_holders),),
    streams=(DEMAND,),
)
