"""What callers see of a call: everything a stranger needs to check the draw later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel

from services.stalls.calls.domain import (
    BEFORE_FREEZE,
    Call,
    CallEvent,
    CallParty,
    Status,
    accepts,
    shown,
    takes_nonces,
)
from services.stalls.offers.domain import in_india
from shared import clock
from shared.errors import LANGUAGES, Language
from shared.reads import Page
from shared.web.localized import LocalizedLine
from shared.web.views import PageView, View

Sorted = Annotated[list[str], AfterValidator(sorted)]


class LineView(View):
    """`count` stalls alike. Null categories take any product; a fallback of null takes any later, an empty one none."""

    stage: str
    categories: Sorted | None
    fallback: Sorted | None
    tags: Sorted
    district: str | None
    count: int


class EventView(View):
    """A ground on its days. `struck` says in the reader's language why the close struck it out; no lines then."""

    number: int
    venue: str
    venue_name: LocalizedLine
    district: str
    block: str | None
    days: list[date]
    stalls: int
    lines: list[LineView]
    caps: dict[str, int]
    struck: str | None

    @classmethod
    def of(cls, event: CallEvent, language: Language) -> "EventView":
        same = {name: getattr(event, name) for name in cls.model_fields if name != "struck"}
        return cls.model_validate({**same, "struck": event.struck_in(language)})


class EligibilityView(View):
    programmes: Sorted
    districts: Sorted
    categories: Sorted


class PartyView(View):
    """Who takes part in making the seed. A nonce is `secret`, `opened`, or `struck` out: not opened in time."""

    number: int
    name: LocalizedLine
    commitment: str
    nonce: str | None
    state: Literal["secret", "opened", "struck"]

    @classmethod
    def of(cls, call: Call, number: int, party: CallParty, now: datetime) -> "PartyView":
        over = call.status not in BEFORE_FREEZE and not takes_nonces(call, now)
        state = "opened" if party.nonce is not None else "struck" if over else "secret"
        same = {"name": party.names, "commitment": party.commitment, "nonce": party.nonce}
        return cls.model_validate({"number": number, "state": state, **same})


class NextView(BaseModel):
    """What has to happen next, by when if that is fixed, and the same as a sentence in the reader's language."""

    step: Literal["close", "open_nonces", "wait_for_value", "name_value", "confirm_value", "draw", "tell"]
    until: datetime | None
    sentence: str

    @classmethod
    def of(cls, call: Call, now: datetime, language: Language) -> "NextView | None":
        if call.status is Status.PUBLISHED:
            return None
        step, until = _next(call, now)
        secret = sum(party.nonce is None for party in call.parties)
        source = call.public_source + (f" #{call.public_round}" if call.public_round is not None else "")
        said = {"until": in_india(until) if until else "", "secret": secret, "parties": len(call.parties)}
        sentence = NEXT[step][LANGUAGES.index(language)]
        return cls(step=step, until=until, sentence=sentence.format(**said, source=source, value=call.public_value))


def _next(call: Call, now: datetime) -> tuple[Any, datetime | None]:
    if call.status in BEFORE_FREEZE:
        return "close", call.closes_at
    if call.status is not Status.CLOSED:
        return "draw" if call.status is Status.DRAWING else "tell", None
    if call.public_value is not None:
        return "confirm_value", None
    if takes_nonces(call, now) and any(party.nonce is None for party in call.parties):
        return "open_nonces", call.value_from
    return ("wait_for_value", call.value_from) if now < call.value_from else ("name_value", None)


NEXT: Mapping[str, tuple[str, str, str]] = {
    "close": (
        "गट {until} पर्यंत अर्ज करू शकतात; मग अर्ज बंद होतील आणि गुप्त शब्द (nonce) उघडता येतील.",
        "समूह {until} तक आवेदन कर सकते हैं; फिर आवेदन बंद होंगे और गुप्त शब्द (nonce) खोले जा सकेंगे।",
        "Groups may apply until {until}; then the call is closed and the nonces can be opened.",
    ),
    "open_nonces": (
        "{parties} पैकी {secret} गुप्त शब्द (nonce) अजून उघडायचे आहेत: {until} पूर्वी उघडा; न उघडलेले वगळले जातील.",
        "{parties} में से {secret} गुप्त शब्द (nonce) अभी खोलने हैं: {until} से पहले खोलें; जो नहीं खुलेंगे वे हटाए जाएँगे।",
        "{secret} of {parties} nonces are still secret: open them before {until}; what is not opened is struck out.",
    ),
    "wait_for_value": (
        "सर्व गुप्त शब्द उघडले आहेत. सार्वजनिक आकडा {until} रोजी येथे प्रसिद्ध होईल: {source}.",
        "सभी गुप्त शब्द खुल चुके हैं। सार्वजनिक अंक {until} को यहाँ प्रकाशित होगा: {source}।",
        "All nonces are open. The public value will be published at {until} here: {source}.",
    ),
    "name_value": (
        "एका अधिकाऱ्याने येथे प्रसिद्ध झालेला सार्वजनिक आकडा सांगावा: {source}.",
        "एक अधिकारी यहाँ प्रकाशित सार्वजनिक अंक बताए: {source}।",
        "An officer names the public value as published here: {source}.",
    ),
    "confirm_value": (
        "{value} हा आकडा सांगितला आहे; दुसऱ्या अधिकाऱ्याने {source} येथे पाहून तोच पक्का करावा.",
        "{value} अंक बताया जा चुका है; कोई दूसरा अधिकारी {source} पर देखकर वही पक्का करे।",
        "{value} was named; a second officer looks it up at {source} and confirms the very same.",
    ),
    "draw": ("सोडत काढली जात आहे.", "लॉटरी निकाली जा रही है।", "The draw is being made."),
    "tell": ("गटांना निकाल कळवला जात आहे.", "समूहों को परिणाम बताया जा रहा है।", "The groups are being told."),
}
"""In the order of LANGUAGES."""


class CallView(View):
    """`accepting`: whether an application would be taken now. `told`: allotments made, of `to_tell`.

    `commitment` and `nonce` are those of the first party; `value_round` is the round of the public value.
    `value_from`: `public_at`, but as long after a close that was late as was announced: nonces are opened before it, no
    value counts from before it.
    """

    id: str
    status: Status
    accepting: bool
    district: str
    block: str | None
    names: LocalizedLine
    opens_at: datetime
    closes_at: datetime
    events: list[EventView]
    eligibility: EligibilityView
    commitment: str
    parties: list[PartyView]
    public_source: str
    public_round: int | None
    public_at: datetime
    value_from: datetime
    nonce: str | None
    public_value: str | None
    public_value_at: datetime | None
    value_round: int | None
    next: NextView | None
    applications: int | None
    inputs_digest: str | None
    plan_digest: str | None
    rules_digest: str | None
    seed: str | None
    outcome_digest: str | None
    allotted: int | None
    waitlisted: int | None
    told: int
    to_tell: int
    closed_at: datetime | None
    drawn_at: datetime | None

    @classmethod
    def of(cls, call: Call, language: Language) -> "CallView":
        now = clock.now()
        events = [EventView.of(event, language) for event in call.events]
        parties = [PartyView.of(call, number, party, now) for number, party in enumerate(call.parties, 1)]
        made: dict[str, Any] = {"status": shown(call, now), "accepting": accepts(call, now), "events": events}
        made |= {"parties": parties, "next": NextView.of(call, now, language)}
        names = cls.model_fields.keys() - made.keys()
        return cls.model_validate({**{name: getattr(call, name) for name in names}, **made})

    @classmethod
    def page(cls, found: Page[Call], language: Language) -> "PageView[CallView]":
        items = [cls.of(call, language) for call in found.items]
        return PageView[CallView](items=items, next_cursor=found.next_cursor)
