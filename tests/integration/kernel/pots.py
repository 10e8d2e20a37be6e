"""The smallest service there is: pots that are filled, and a sum that would show an event lost or doubled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from fastapi import APIRouter
from pydantic import BaseModel, Field

from shared import clock
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.errors import Invalid, Refused
from shared.events import Event, Fact
from shared.handlers import Handlers
from shared.scope import Caller, Role, Scope
from shared.service import Service, Timer
from shared.settings import CommonSettings
from shared.web.asking import aggregates, caller, reader
from shared.web.views import View

TOPIC = "pots.pots"
POISON, REFUSED, BROKEN, HUGE = 666, 409, 500, 2**70


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    id: str
    tenant: str
    litres: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    id: str
    tenant: str
    litres: int = 0
    events: int = 0


class PotMade(Fact):
    topic: ClassVar[str] = TOPIC
    name: ClassVar[str] = "pot-made"


class PotFilled(Fact):
    topic: ClassVar[str] = TOPIC
    name: ClassVar[str] = "pot-filled"
    litres: int


class PotEmptied(Fact):
    topic: ClassVar[str] = TOPIC
    name: ClassVar[str] = "pot-emptied"


class Undrinkable(Invalid):
    """Nobody drinks {litres} litres."""

    mr = "{litres} लिटर कोणी पीत नाही."
    hi = "{litres} लीटर कोई नहीं पीता।"


class NotThirsty(Refused):
    """Not now."""

    mr = "आता नको."
    hi = "अभी नहीं।"


class PotDocument(Document[Pot]):
    holds = Pot
    collection = "pots"
    topic = TOPIC
    due = "due_at"

    @staticmethod
    def of(state: Pot) -> Doc:
        return {"litres": state.litres, "due_at": state.due_at}

    @staticmethod
    def state(doc: Doc) -> Pot:
        return Pot(id=doc["_id"], tenant=doc["tenant"], litres=doc["litres"], due_at=doc["due_at"])

    @staticmethod
    def visible(scope: Scope) -> Doc:
        return {}


class SumDocument(Document[Sum]):
    holds = Sum
    collection = "sums"

    @staticmethod
    def of(state: Sum) -> Doc:
        return {"litres": state.litres, "events": state.events}

    @staticmethod
    def state(doc: Doc) -> Sum:
        return Sum(id=doc["_id"], tenant=doc["tenant"], litres=doc["litres"], events=doc["events"])

    @staticmethod
    def visible(scope: Scope) -> Doc:
        return {}


def fill(pot: Pot, litres: int) -> Decision[Pot]:
    return Decision(replace(pot, litres=pot.litres + litres), PotFilled(litres=litres))


def empty(pot: Pot) -> Decision[Pot]:
    if pot.due_at is None:
        return Decision(pot)
    return Decision(replace(pot, litres=0, due_at=None), PotEmptied())


async def make(pots: Aggregates[Pot], id_: str, by: Caller | None, due_at: datetime | None = None) -> Pot:
    tenant = by.scope.tenant if by else "27"

    async def decide() -> Decision[Pot]:
        return Decision(Pot(id=id_, tenant=tenant, due_at=due_at), PotMade())

    return await pots.create(id_, decide, by)


async def expire(work: Work, id_: str) -> Pot:
    return await work[Pot].change(id_, empty)


HANDLERS = Handlers(TOPIC, tracks=Sum)


@HANDLERS.on(PotMade)
async def on_made(event: Event[PotMade], work: Work) -> None:
    async def decide() -> Decision[Sum]:
        return Decision(Sum(id=event.subject, tenant=event.tenant))

    await work[Sum].create(event.subject, decide)


@HANDLERS.on(PotFilled)
async def on_filled(event: Event[PotFilled], work: Work) -> None:
    litres = event.data.litres
    await work[Sum].change(event.subject, lambda s: Decision(replace(s, litres=s.litres + litres, events=s.events + 1)))
    if litres == POISON:
        raise Undrinkable(litres=litres)
    if litres == REFUSED:
        raise NotThirsty
    if litres == BROKEN:
        raise ZeroDivisionError
    if litres == HUGE:  # more than MongoDB's integers hold: the driver refuses the write, not the rule
        await work[Sum].change(event.subject, lambda s: Decision(replace(s, litres=HUGE)))


class FillRequest(BaseModel):
    litres: Annotated[int, Field(gt=0)]


class PotView(View):
    id: str
    litres: int


router = APIRouter(prefix="/v1")
By = Annotated[Caller, caller(Role.BUYER, Role.ADMIN)]
Pots = Annotated[Aggregates[Pot], aggregates(Pot)]


@router.post("/pots", status_code=201)
async def post_pot(by: By, pots: Pots) -> PotView:
    due_at = clock.now() + timedelta(days=1)
    return PotView.model_validate(await make(pots, by.new_id("pots"), by, due_at))


@router.post("/pots/{id_}/fill")
async def post_fill(id_: str, body: FillRequest, by: By, pots: Pots) -> PotView:
    return PotView.model_validate(await pots.change(id_, lambda pot: fill(pot, body.litres), by))


@router.get("/pots/{id_}")
async def get_pot(id_: str, scope: Annotated[Scope, reader()], pots: Pots) -> PotView:
    return PotView.model_validate(await pots.get(id_, scope))


FACTS: Sequence[type[Fact]] = (PotMade, PotFilled, PotEmptied)
SERVICE = Service(
    name="pots",
    settings=CommonSettings,
    kinds=(PotDocument, SumDocument),
    routers=(router,),
    handlers=(HANDLERS,),
    timers=(Timer(Pot, expire),),
)

if __name__ == "__main__":
    from shared.process import main

    main(SERVICE)
