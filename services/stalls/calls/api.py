"""What callers ask of calls: open one, read one, list them."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.stalls.calls import commands
from services.stalls.calls.domain import OFFICE_NAMES, Call, CallFilters, Status
from services.stalls.calls.views import CallView
from services.stalls.draw import plan
from services.stalls.draw.cells import MOST
from services.stalls.draw.seed import is_cell
from services.stalls.offers.domain import Offer, Opening, PartiesUnclear, Promise
from services.stalls.offers.views import MOST_LINES, EligibilityBody, LineBody
from services.stalls.settings import StallsSettings
from shared.contracts.catalog import Category
from shared.contracts.stalls import SHA256
from shared.errors import Language
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.scoped import Published
from shared.service import Running
from shared.web.asking import TOKEN_OR_NOT, anybody_of_a_state, caller, database, language, paging, public, running
from shared.web.bounds import Filter, PathId
from shared.web.localized import Line, LocalizedLine
from shared.web.views import Day, Instant, PageView

router = APIRouter(prefix="/v1", tags=["calls"])

Tongue = Annotated[Language, language]

MOST_EVENTS = 1000
MOST_DAYS = 31
MOST_PARTIES = 9


def in_a_cell(text: str) -> str:
    """It will stand in the public file of the draw, whose readers refuse what cannot be shown."""
    for letter in text:
        if not is_cell(letter):
            code = f"{ord(letter):04X}"
            raise PydanticCustomError("unreadable", "has a character that cannot be shown: U+{code}", {"code": code})
    return text


Commitment = Annotated[str, Field(pattern=SHA256, description="SHA-256 of 1 to 200 printable ASCII characters")]


class EventBody(BaseModel):
    """A ground on one or more days; `caps` are the most stalls that may admit a category, at the first try or later."""

    model_config = ConfigDict(extra="forbid")

    venue: Annotated[str, Field(min_length=1, max_length=64)]
    days: Annotated[list[Day], Field(min_length=1, max_length=MOST_DAYS)]
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MOST_LINES)]
    caps: dict[Category, Annotated[int, Field(strict=True, ge=0, le=plan.MOST_STALLS)]] = {}

    def offer(self) -> Offer:
        lines = tuple(line.line() for line in self.lines)
        return Offer(venue=self.venue, days=tuple(self.days), lines=lines, caps=dict(self.caps.items()))


class PartyBody(BaseModel):
    """Who takes part in making the seed, best somebody who wants nothing of the draw."""

    model_config = ConfigDict(extra="forbid")

    name: LocalizedLine
    commitment: Commitment

    def promise(self) -> Promise:
        return Promise(names=self.name.localized(), commitment=self.commitment)


class OpenCall(BaseModel):
    """Times need a zone and count in whole seconds; the second of `closes_at` is still open.

    Either `parties`, or the one `commitment` of the office itself.
    """

    model_config = ConfigDict(extra="forbid")

    names: LocalizedLine
    opens_at: Instant
    closes_at: Instant
    events: Annotated[list[EventBody], Field(min_length=1, max_length=MOST_EVENTS)]
    eligibility: EligibilityBody = EligibilityBody()
    parties: Annotated[list[PartyBody], Field(min_length=1, max_length=MOST_PARTIES)] | None = None
    commitment: Commitment | None = None
    public_source: Annotated[
        Line, AfterValidator(in_a_cell), Field(description="where anybody will read the public value")
    ]
    public_at: Annotated[
        Instant, Field(description="when it will be published there, after the close; nonces are opened before it")
    ]
    public_round: Annotated[
        int | None, Field(strict=True, ge=1, le=MOST, description="of the source, where it counts rounds")
    ] = None

    def opening(self) -> Opening:
        return Opening(
            names=self.names.localized(),
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            offers=tuple(event.offer() for event in self.events),
            eligibility=self.eligibility.eligibility(),
            promises=self.promises(),
            public_source=self.public_source,
            public_round=self.public_round,
            public_at=self.public_at,
        )

    def promises(self) -> tuple[Promise, ...]:
        """Raises PartiesUnclear."""
        if (self.parties is None) == (self.commitment is None):
            raise PartiesUnclear
        if self.commitment is not None:
            return (Promise(names=OFFICE_NAMES, commitment=self.commitment),)
        return tuple(party.promise() for party in self.parties or ())


def nonces_open(work: Running) -> timedelta:
    if not isinstance(work.settings, StallsSettings):
        raise TypeError(work.settings)
    return timedelta(seconds=work.settings.nonces_open_seconds)


async def narrowed(district: Filter = None, status: Status | None = None) -> CallFilters:
    return CallFilters(district=district, status=status)


@router.post("/calls", status_code=201)
async def open_(
    body: OpenCall,
    by: Annotated[Caller, caller(*OFFICERS, Role.ADMIN)],
    work: Annotated[Running, running],
    tongue: Tongue,
) -> CallView:
    """Ask groups to apply for stalls on grounds of your own area, which are kept for this call from now on."""
    return CallView.of(await commands.open_(work, body.opening(), by, nonces_open(work)), tongue)


@router.get("/calls", openapi_extra=TOKEN_OR_NOT)
async def listed(
    scope: Annotated[Scope, anybody_of_a_state],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    filters: Annotated[CallFilters, Depends(narrowed)],
    tongue: Tongue,
) -> PageView[CallView]:
    """Public: the calls of one state, the last to close first. Without a token name the state."""
    return CallView.page(await commands.listed(reads, filters, scope, paged), tongue)


@router.get("/calls/{call_id}")
async def get(
    response: Response, call_id: PathId, published: Annotated[Published, public(Call)], tongue: Tongue
) -> CallView:
    """Public: what was announced and what became of it, all that somebody needs who checks the draw."""
    call = await commands.get(published, call_id)
    response.headers.update({"Vary": "Accept-Language", "Content-Language": tongue})
    return CallView.of(call, tongue)
