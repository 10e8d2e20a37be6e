"""What callers ask of applications: apply, change, withdraw, read the receipt again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from services.stalls.applications import commands
from services.stalls.applications.domain import ApplicationFilters, Status
from services.stalls.applications.views import ReceiptView
from services.stalls.calls.domain import Call
from services.stalls.settings import StallsSettings
from services.stalls.wishes.domain import AnyGround, Wish
from shared.aggregates import Aggregates
from shared.errors import Language
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OWN_GROUPS, Caller, Scope
from shared.service import Running
from shared.web.asking import aggregates, caller, database, language, paging, reader, running, settings
from shared.web.bounds import Filter, PathId
from shared.web.localized import Digits, LgdCode
from shared.web.views import Day, PageView

router = APIRouter(prefix="/v1", tags=["applications"])

Id = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[int, Field(strict=True, ge=1, le=60, description="of an event of the call")]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
MOST_SENT = 200  # more than anybody means; the rule that counts choices answers below that


class GroundBody(BaseModel):
    """Which grounds; what is left out does not matter."""

    model_config = ConfigDict(extra="forbid")

    district: LgdCode | None = None
    block: LgdCode | None = None
    day: Day | None = None


class AnyBody(BaseModel):
    """Every ground that fits, in the order of the call's events, those named before aside."""

    model_config = ConfigDict(extra="forbid")

    any: GroundBody

    def ground(self) -> AnyGround:
        return AnyGround(**dict(self.any))


def _sort(choice: Any) -> str:
    """Which of the two was meant, so that one fault is told and not one for each."""
    return "ground" if isinstance(choice, dict | AnyBody) else "number"


Choice = Annotated[Annotated[Number, Tag("number")] | Annotated[AnyBody, Tag("ground")], Discriminator(_sort)]


class ReviseApplication(BaseModel):
    """The whole of it: what is left out is not kept from before."""

    model_config = ConfigDict(extra="forbid")

    choices: Annotated[
        list[Choice], Field(min_length=1, max_length=MOST_SENT, description="the best first, at most 20")
    ]
    products: Annotated[list[Id], Field(min_length=1, max_length=50, description="ids of products she will sell")]
    tags: Annotated[frozenset[Word], Field(max_length=20, description="of the table of tags")] = frozenset()
    stages: Annotated[frozenset[Word], Field(max_length=8)] = frozenset()
    attending: Annotated[int, Field(strict=True, ge=1, le=2)] = 1
    fssai: Annotated[str, Digits, Field(max_length=20, description="14 digits; for food")] | None = None
    upgrade: Annotated[
        bool, Field(strict=True, description="she wants a better choice instead of hers, should one become free")
    ] = False

    def wish(self) -> Wish:
        return Wish(
            choices=tuple(choice.ground() if isinstance(choice, AnyBody) else choice for choice in self.choices),
            products=tuple(dict.fromkeys(self.products)),
            tags=self.tags,
            stages=self.stages,
            attending=self.attending,
            fssai=self.fssai,
            upgrade=self.upgrade,
        )


class SubmitApplication(ReviseApplication):
    """One for each group and call."""

    group: Id


Work = Annotated[Running, running]
Group = Annotated[Caller, caller(*OWN_GROUPS)]
Tongue = Annotated[Language, language]
Terms = Annotated[StallsSettings, settings(StallsSettings)]


async def narrowed(group: Filter = None, call: Filter = None, status: Status | None = None) -> ApplicationFilters:
    return ApplicationFilters(group=group, call=call, status=status)


@router.post("/calls/{call_id}/applications", status_code=201)
async def submit(
    call_id: PathId, body: SubmitApplication, by: Group, work: Work, terms: Terms, tongue: Tongue
) -> ReceiptView:
    """Apply for one of your groups; it can be changed until the call closes, the ticket stays."""
    waits = terms.close_wait_seconds
    return ReceiptView.of(await commands.submit(work, call_id, body.group, body.wish(), by, waits), tongue)


@router.put("/applications/{application_id}")
async def revise(
    application_id: PathId, body: ReviseApplication, by: Group, work: Work, terms: Terms, tongue: Tongue
) -> ReceiptView:
    """Say all of it anew; a withdrawn application comes back."""
    waits = terms.close_wait_seconds
    return ReceiptView.of(await commands.revise(work, application_id, body.wish(), by, waits), tongue)


@router.post("/applications/{application_id}/withdraw")
async def withdraw(application_id: PathId, by: Group, work: Work, tongue: Tongue) -> ReceiptView:
    return ReceiptView.of(await commands.withdraw(work, application_id, by), tongue)


@router.get("/applications")
async def listed(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    calls: Annotated[Aggregates[Call], aggregates(Call)],
    paged: Annotated[Paging, paging],
    filters: Annotated[ApplicationFilters, Depends(narrowed)],
    tongue: Tongue,
) -> PageView[ReceiptView]:
    """A group its own; an officer those of the groups and of the calls of her area."""
    return ReceiptView.page(await commands.listed(reads, calls, filters, scope, paged), tongue)


@router.get("/applications/{application_id}")
async def get(application_id: PathId, scope: Annotated[Scope, reader()], work: Work, tongue: Tongue) -> ReceiptView:
    return ReceiptView.of(await commands.get(work, application_id, scope), tongue)
