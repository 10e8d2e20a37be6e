"""What a draw is made of and what it gives; and what is told while it is missing.

The register says whose ticket is whose; it is kept with the inputs and never published.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call, CallEvent
from services.stalls.credits.domain import Standing
from services.stalls.draw import files, plan, reading
from services.stalls.draw.accept import Outcome, Row, accept
from services.stalls.draw.disclosure import disclosed
from services.stalls.draw.plan import Instance
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.draw.seed import as_cell, is_cell, plain, seed
from services.stalls.makers.domain import KnownGroup
from services.stalls.offers.domain import in_india
from services.stalls.texts.domain import Manifest
from services.stalls.venues.domain import Reason
from shared.errors import Invalid, NotFound, Refused

TICKET_DIGITS = 16
Struck = Mapping[int, tuple[Reason, ...]]
"""Events whose ground may not be used at the close, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInputs:
    """What a call was closed with; `id` is the call's. `struck`: events whose ground may not be used, and why."""

    id: str
    tenant: str
    files: Manifest
    register: tuple[str, ...]
    applications: int
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    struck: Struck
    frozen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutcome:
    """What a call's draw gave, with all that stands in the public file; `id` is the call's. Never changed."""

    id: str
    tenant: str
    files: Manifest
    register: tuple[str, ...]
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    outcome_digest: str
    seed: str
    allotted: int
    waitlisted: int
    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Whose ticket it is. Places are LGD codes of the group."""

    ticket: str
    application: str
    group: str
    district: str
    block: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a run of the draw gives: all public files with their manifest."""

    files: Mapping[str, str]
    seed: str
    outcome_digest: str
    allotted: int
    waitlisted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A kept outcome, read. `outcome.rows` stand in order of place; `rows`, `tiers`, `register` are by ticket."""

    kept: KeptOutcome
    instance: Instance
    outcome: Outcome
    rows: Mapping[str, Row]
    tiers: Mapping[str, int]
    register: Mapping[str, Registered]

    def row_of(self, ticket: str) -> Row:
        """Raises TicketNotDrawn."""
        if ticket not in self.rows:
            raise TicketNotDrawn(ticket=ticket)
        return self.rows[ticket]


class OutcomeNotYet(NotFound):
    """This call is {status}: it closes at {closes_at} and is drawn after {public_at}; the outcome stands here then."""

    mr = "निकाल अजून नाही (स्थिती: {status}): अर्ज {closes_at} रोजी बंद, सोडत {public_at} नंतर; निकाल तेव्हा येथे असेल."
    hi = "परिणाम अभी नहीं है (स्थिति: {status}): आवेदन {closes_at} को बंद, लॉटरी {public_at} के बाद; तब वह यहाँ दिखेगा।"


class TicketNotDrawn(NotFound):
    """The ticket {ticket} was not in this draw; compare it with the receipt of this call."""

    mr = "{ticket} हा तिकीट क्रमांक या सोडतीत नव्हता; या सोडतीच्या पावतीवरील क्रमांक पाहा."
    hi = "{ticket} टिकट संख्या इस लॉटरी में नहीं थी; इस लॉटरी की रसीद से मिलाएँ।"


class BadTicket(Invalid):
    """ticket: a ticket is 16 digits, as on the receipt."""

    mr = "ticket: तिकीट क्रमांक पावतीवर आहे तसा 16 अंकी असतो."
    hi = "ticket: टिकट संख्या रसीद पर छपे 16 अंकों की होती है।"


class PublicValueUnreadable(Invalid):
    """public_value: write it on one line, in letters, digits and signs that can be printed."""

    mr = "public_value: एका ओळीत, छापता येतील अशी अक्षरे, अंक आणि चिन्हे वापरून लिहा."
    hi = "public_value: एक पंक्ति में, छपने योग्य अक्षरों, अंकों और चिह्नों में लिखें।"


class DrawFilesDamaged(Refused):
    """The kept {what} of call {call} has the digest {found}, but {published} was published; nothing is made of it."""

    mr = "सोडत {call}: साठवलेल्या {what} चा digest {found} आहे, जाहीर {published} होता; त्यावरून काहीही केले जाणार नाही."
    hi = "लॉटरी {call}: रखे हुए {what} का digest {found} है, प्रकाशित {published} था; उससे कुछ नहीं किया जाएगा।"


def applicant(one: Application, group: KnownGroup | None, standing: Standing) -> plan.Applicant:
    """Her tags: what the registry says, what she declared, and whether she never had a stall."""
    of_registry = group.tags if group else frozenset[str]()
    first = frozenset[str]() if standing.ever else frozenset({"first_stall"})
    return plan.Applicant(
        ticket=one.ticket,
        tier=standing.tier,
        district=one.district,
        block=one.block,
        stages=one.stages,
        tags=one.tags | of_registry | first,
        categories=frozenset(one.categories),
        choices=one.choices,
    )


def events_of(call: Call, struck: Struck) -> tuple[plan.Event, ...]:
    """The call's events as the draw knows them; those struck out have no lines."""
    return tuple(
        plan.Event(number=one.number, lines=() if one.number in struck else one.lines, note=note(one, struck))
        for one in call.events
    )


def note(event: CallEvent, struck: Struck) -> str:
    """What the public file says of an event: its ground, its days, and why it was struck out, in codes."""
    days = ", ".join(day.isoformat() for day in event.days)
    parts = [event.venue_name.said("mr"), days]
    if event.number in struck:
        parts.append("struck: " + ", ".join(f"{one.code} {one.day}" for one in struck[event.number]))
    return as_cell(" | ".join(parts))


def frozen(call: Call, applicants: Iterable[plan.Applicant], struck: Struck) -> tuple[dict[str, str], dict[str, str]]:
    """The files of the applications, which say no more than the plan asks, and of the plan."""
    events = events_of(call, struck)
    shown = (disclosed(one, events) for one in applicants)
    instance = Instance(applicants=tuple(sorted(shown, key=lambda one: one.ticket)), events=events)
    return files.inputs(instance), files.plan(events)


def drawn(call: Call, inputs: KeptInputs, texts: Mapping[str, str]) -> Made:
    """The specification on what was frozen: the same whoever runs it. Takes seconds for thousands of applications.

    Raises DrawFilesDamaged, and what `reading` raises of files that are none.
    """
    _require_frozen(call, inputs, texts)
    if call.nonce is None or call.public_value is None or call.public_value_at is None:
        raise not_yet(call)
    instance = reading.instance(texts)
    drawn_seed = seed(inputs.inputs_digest, inputs.plan_digest, inputs.rules_digest, call.public_value, [call.nonce])
    outcome = accept(instance, drawn_seed)
    result = files.result(outcome)
    said = files.Said(
        call=call.id,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        closed_at=call.closed_at or inputs.frozen_at,
        commitment=call.commitment,
        public_source=call.public_source,
        public_at=call.public_at,
        nonce=call.nonce,
        public_value=call.public_value,
        published_at=call.public_value_at,
        inputs_digest=inputs.inputs_digest,
        plan_digest=inputs.plan_digest,
        rules_digest=inputs.rules_digest,
        seed=drawn_seed,
        outcome_digest=files.digest(result),
    )
    seated = sum(row.stall is not None for row in outcome.rows)
    return Made(
        files=files.complete({**texts, **files.said(said), **result}),
        seed=drawn_seed,
        outcome_digest=said.outcome_digest,
        allotted=seated,
        waitlisted=len(outcome.rows) - seated,
    )


def _require_frozen(call: Call, inputs: KeptInputs, texts: Mapping[str, str]) -> None:
    """What was frozen is what was published at the close, and today's rules are those of that day."""
    asked, planned = ({name: texts[name] for name in names} for names in (files.INPUTS, files.PLAN))
    require_digest(call, "inputs", files.digest(asked), call.inputs_digest)
    require_digest(call, "plan", files.digest(planned), call.plan_digest)
    require_digest(call, "rules", RULES_DIGEST, inputs.rules_digest)


def read(kept: KeptOutcome, texts: Mapping[str, str], register: str) -> Draw:
    """Raises DrawFilesDamaged, and what `reading` raises of files that are none."""
    found = files.digest({name: texts[name] for name in files.OUTCOME})
    if found != kept.outcome_digest:
        raise DrawFilesDamaged(what="outcome", call=kept.id, found=found, published=kept.outcome_digest)
    instance = reading.instance(texts)
    outcome = reading.outcome(texts, instance)
    return Draw(
        kept=kept,
        instance=instance,
        outcome=outcome,
        rows={row.ticket: row for row in outcome.rows},
        tiers={one.ticket: one.tier for one in instance.applicants},
        register=registered(register),
    )


def not_yet(call: Call) -> OutcomeNotYet:
    return OutcomeNotYet(status=call.status, closes_at=in_india(call.closes_at), public_at=in_india(call.public_at))


def require_digest(call: Call, what: str, found: str, published: str | None) -> None:
    """Raises DrawFilesDamaged."""
    if found != published:
        raise DrawFilesDamaged(call=call.id, what=what, found=found, published=published)


def require_cell(public_value: str) -> None:
    """Raises PublicValueUnreadable, PublicValueNotPlain."""
    if not is_cell(public_value):
        raise PublicValueUnreadable
    plain(public_value)


def registered_as(one: Application) -> Registered:
    return Registered(ticket=one.ticket, application=one.id, group=one.group, district=one.district, block=one.block)


def written(register: Iterable[Registered]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(field.name for field in fields(Registered))
    rows.writerows(astuple(one) for one in register)
    return text.getvalue()


def registered(text: str) -> dict[str, Registered]:
    """By ticket."""
    rows = csv.DictReader(io.StringIO(text))
    return {row["ticket"]: _registered(row) for row in rows}


def _registered(row: Mapping[str, str]) -> Registered:
    return Registered(
        ticket=row["ticket"],
        application=row["application"],
        group=row["group"],
        district=row["district"],
        block=row["block"] or None,
    )


def ticket_of(text: str) -> str:
    """A ticket in ASCII, also from Devanagari digits, with or without spaces. Raises BadTicket."""
    digits = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text if not letter.isspace())
    if len(digits) != TICKET_DIGITS or not digits.isdecimal():
        raise BadTicket
    return digits
