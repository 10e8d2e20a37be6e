"""What callers see of an application: a receipt she can keep, and check the draw with."""

from datetime import date, datetime
from typing import Any

from services.stalls.applications.domain import Application, Receipt, Status
from services.stalls.calls.domain import CallEvent
from services.stalls.calls.views import Sorted
from services.stalls.wishes.domain import AnyGround
from shared.errors import Language
from shared.reads import Page
from shared.web.localized import LocalizedLine
from shared.web.views import PageView, View

HOW: dict[Language, str] = {
    "en": "Keep this ticket. The seed is public once the draw is made: printf '%s:%s' SEED {ticket} | sha256sum "
    "shows your number, and /v1/calls/{call}/outcome?ticket={ticket} your place and what you got.",
    "mr": "हा क्रमांक जपून ठेवा. सोडत निघाल्यावर तिचे बीज (seed) जाहीर होते: printf '%s:%s' SEED {ticket} | sha256sum "
    "या ओळीने तुमचा आकडा दिसतो, आणि /v1/calls/{call}/outcome?ticket={ticket} येथे तुमचा क्रम व मिळालेला स्टॉल.",
    "hi": "यह क्रमांक सँभालकर रखें। लॉटरी निकलने पर उसका बीज (seed) सार्वजनिक होता है: "
    "printf '%s:%s' SEED {ticket} | sha256sum "
    "से आपकी संख्या दिखती है, और /v1/calls/{call}/outcome?ticket={ticket} पर आपका क्रम और मिला हुआ स्टॉल।",
}


class ChoiceView(View):
    """One of the choices, the best first; `struck`: the close struck this ground out."""

    rank: int
    event: int
    venue: str
    venue_name: LocalizedLine
    district: str
    block: str | None
    days: list[date]
    struck: str | None


class GroundView(View):
    district: str | None
    block: str | None
    day: date | None


class AnyView(View):
    any: GroundView


class ReceiptView(View):
    """`asked` are the choices as they were sent, `choices` what they were spelled out to.

    `tags` are those she declared. What the registry says of her group (programme, rural or urban) and first_stall count
    without being declared: they are looked up when the call closes. A declared disabled_led is on her word.
    `frozen`: it takes part in the draw as it stands. `too_late`: it was written while the call closed, and missed it.
    """

    id: str
    call: str
    call_names: LocalizedLine
    closes_at: datetime
    group: str
    district: str
    block: str | None
    local_body: str | None
    ticket: str
    status: Status
    asked: list[int | AnyView]
    choices: list[ChoiceView]
    products: list[str]
    categories: list[str]
    tags: Sorted
    stages: Sorted
    attending: int
    fssai: str | None
    upgrade: bool
    submitted_at: datetime
    changed_at: datetime
    revision: int
    frozen: bool
    too_late: bool
    how_to_check: str

    @classmethod
    def of(cls, receipt: Receipt, language: Language) -> "ReceiptView":
        application, call = receipt.application, receipt.call
        chosen = [_choice(rank, event, language) for rank, event in enumerate(receipt.events, 1)]
        how = HOW[language].format(ticket=application.ticket, call=call.id)
        seen: dict[str, Any] = {**_plain(application), "choices": chosen, "how_to_check": how}
        return cls.model_validate({**seen, "call_names": call.names, "closes_at": call.closes_at})

    @classmethod
    def page(cls, found: Page[Receipt], language: Language) -> "PageView[ReceiptView]":
        items = [cls.of(receipt, language) for receipt in found.items]
        return PageView[ReceiptView](items=items, next_cursor=found.next_cursor)


def _plain(application: Application) -> dict[str, Any]:
    place = ("id", "call", "group", "district", "block", "local_body", "ticket", "status")
    written = ("products", "categories", "tags", "stages", "submitted_at", "changed_at", "revision")
    asked = application.asked
    return {
        **{name: getattr(application, name) for name in (*place, *written)},
        "asked": [{"any": choice} if isinstance(choice, AnyGround) else choice for choice in asked.choices],
        "attending": asked.attending,
        "fssai": asked.fssai,
        "upgrade": asked.upgrade,
        "frozen": application.frozen_revision is not None,
        "too_late": application.late_from is not None,
    }


def _choice(rank: int, event: CallEvent, language: Language) -> dict[str, Any]:
    same = {name: getattr(event, name) for name in ("venue", "venue_name", "district", "block", "days")}
    return {"rank": rank, "event": event.number, **same, "struck": event.struck_in(language)}
