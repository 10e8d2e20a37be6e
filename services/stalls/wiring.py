"""What is plugged into what."""

from services.stalls.allotments import api as allotments
from services.stalls.allotments.commands import two_holders
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
from services.stalls.commitments.store import ClaimDocument
from services.stalls.credits import api as credits_
from services.stalls.credits.consumers import ALLOTMENTS
from services.stalls.credits.store import CreditDocument
from services.stalls.demand import api as demand
from services.stalls.demand.streams import DEMAND
from services.stalls.draws import api as draws
from services.stalls.draws.commands import carry_on, still
from services.stalls.draws.store import WorkDocument
from services.stalls.draws.worker import drawer
from services.stalls.logs import api as logs
from services.stalls.makers.consumers import GROUPS, PRODUCTS
from services.stalls.makers.store import AliasesDocument, KnownGroupDocument, KnownProductDocument
from services.stalls.nonces import api as nonces
from services.stalls.outcomes import api as outcomes
from services.stalls.outcomes.store import KeptInputsDocument, KeptOutcomeDocument
from services.stalls.plans import api as plans
from services.stalls.rehearsals import api as rehearsals
from services.stalls.settings import StallsSettings
from services.stalls.successions import api as successions
from services.stalls.successions.commands import UnlikeTheLog, fall_due
from services.stalls.texts.store import TextPartDocument
from services.stalls.vacancies import api as vacancies
from services.stalls.vacancies.store import LoggedDocument, VacanciesDocument
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
        AliasesDocument,
        KnownProductDocument,
        CreditDocument,
        ClaimDocument,
        CallDocument,
        ApplicationDocument,
        TextPartDocument,
        KeptInputsDocument,
        KeptOutcomeDocument,
        WorkDocument,
        VacanciesDocument,
        LoggedDocument,
        AllotmentDocument,
    ),
    routers=(
        calendars.router,
        venues.router,
        plans.router,
        credits_.router,
        calls.router,
        nonces.router,
        logs.router,
        applications.router,
        outcomes.router,
        draws.router,
        rehearsals.router,
        vacancies.router,
        allotments.router,
        successions.router,
        demand.router,
    ),
    handlers=(GROUPS, PRODUCTS, ALLOTMENTS),
    timers=(Timer(Application, settle), Timer(Call, carry_on), Timer(Allotment, fall_due)),
    workers=(drawer,),
    watches=(
        Watch("two_holders", two_holders),
        Watch("unlike_the_log", UnlikeTheLog().look),
        Watch("draw_still", still),
    ),
    streams=(DEMAND,),
)
