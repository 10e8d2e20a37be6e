"""The steps of a call: open → closing → closed → drawing → drawn → published. Each may be asked again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.stalls.calls.domain import Call, Status, in_india, is_over
from shared.contracts import stalls as facts
from shared.decisions import Decision
from shared.errors import Refused
from shared.places.area import require_area
from shared.scope import Scope

BEFORE_FREEZE = frozenset({Status.OPEN, Status.CLOSING})
RESUME_AFTER = timedelta(seconds=10)  # by then the request that began a step has finished it, or died


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What the close found: how many applications, digests of what is fixed, events struck out with their reasons."""

    applications: int
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    struck: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    seed: str
    outcome_digest: str
    allotted: int
    waitlisted: int


class CallStillOpen(Refused):
    """Groups may apply until {closes_at}, that second included; close the call after it."""

    mr = "गट {closes_at} पर्यंत, तो सेकंद धरून, अर्ज करू शकतात; त्यानंतर अर्ज बंद करा."
    hi = "समूह {closes_at} तक, वह सेकंड मिलाकर, आवेदन कर सकते हैं; उसके बाद आवेदन बंद करें।"


class NotClosedYet(Refused):
    """This call is {status}; close it first, then open the nonce, then draw."""

    mr = "अर्ज अजून बंद झालेले नाहीत (स्थिती: {status}); आधी ते बंद करा, मग nonce उघडा, मग सोडत काढा."
    hi = "आवेदन अभी बंद नहीं हुए हैं (स्थिति: {status}); पहले उन्हें बंद करें, फिर nonce खोलें, फिर ड्रॉ करें।"


class NonceMismatch(Refused):
    """The SHA-256 of this nonce is {digest}, the call promised {commitment}; send the text that was hashed then."""

    mr = "या nonce चा SHA-256 {digest} आहे, जाहीर केलेला {commitment} होता; तेव्हाचाच मजकूर जसाच्या तसा पाठवा."
    hi = "इस nonce का SHA-256 {digest} है, पहले {commitment} बताया गया था; तब का पाठ ज्यों का त्यों भेजें।"


class NonceNotOpened(Refused):
    """The nonce of this call is still secret; send it to open-nonce, then draw."""

    mr = "या सोडतीचा nonce अजून उघड केलेला नाही; आधी तो open-nonce वर पाठवा, मग सोडत काढा."
    hi = "इस ड्रॉ का nonce अभी खोला नहीं गया; पहले उसे open-nonce पर भेजें, फिर ड्रॉ करें।"


class PublicValueTooEarly(Refused):
    """published_at: {published_at} does not fit; only a value published between {public_at} and now counts."""

    mr = "published_at: {published_at} चालत नाही; {public_at} पासून आतापर्यंत प्रसिद्ध झालेला आकडाच चालतो."
    hi = "published_at: {published_at} मान्य नहीं है; {public_at} से अब तक प्रकाशित मान ही चलेगा।"


class ValueAlreadyNamed(Refused):
    """This draw already stands on the public value {public_value}; it cannot be drawn with another."""

    mr = "ही सोडत {public_value} या जाहीर आकड्यावर आधीच ठरली आहे; दुसऱ्या आकड्यावर काढता येत नाही."
    hi = "यह ड्रॉ सार्वजनिक मान {public_value} पर पहले ही तय है; किसी दूसरे मान से नहीं हो सकता।"


def begin_closing(call: Call, by: Scope, now: datetime) -> Decision[Call]:
    """No application is accepted any more. Begun already: nothing changes. Raises OutsideArea, CallStillOpen."""
    require_area(by, call.district, call.block)
    if call.status is not Status.OPEN:
        return Decision(call)
    if not is_over(call, now):
        raise CallStillOpen(closes_at=in_india(call.closes_at))
    return Decision(replace(call, status=Status.CLOSING, due_at=now + RESUME_AFTER))


def closed(call: Call, frozen: Frozen, now: datetime) -> Decision[Call]:
    """What was closing is fixed. Fixed already: nothing changes."""
    if call.status is Status.OPEN:
        raise CallStillOpen(closes_at=in_india(call.closes_at))
    if call.status is not Status.CLOSING:
        return Decision(call)
    events = tuple(
        replace(event, lines=(), struck=frozen.struck[event.number]) if event.number in frozen.struck else event
        for event in call.events
    )
    fixed = replace(
        call,
        status=Status.CLOSED,
        events=events,
        applications=frozen.applications,
        inputs_digest=frozen.inputs_digest,
        plan_digest=frozen.plan_digest,
        rules_digest=frozen.rules_digest,
        due_at=None,
        closed_at=now,
    )
    fact = facts.CallClosed(
        applications=frozen.applications, inputs_digest=frozen.inputs_digest, plan_digest=frozen.plan_digest
    )
    return Decision(fixed, fact)


def open_nonce(call: Call, nonce: str, by: Scope) -> Decision[Call]:
    """Opened already: nothing changes. Raises OutsideArea, NotClosedYet, NonceMismatch."""
    require_area(by, call.district, call.block)
    _require_frozen(call)
    digest = hashlib.sha256(nonce.encode()).hexdigest()
    if digest != call.commitment:
        raise NonceMismatch(digest=digest, commitment=call.commitment)
    return Decision(replace(call, nonce=nonce))


def begin_draw(call: Call, by: Scope, public_value: str, published_at: datetime, now: datetime) -> Decision[Call]:
    """The value is named, for good. Named already, the same: nothing changes.

    Raises OutsideArea, NotClosedYet, NonceNotOpened, ValueAlreadyNamed, PublicValueTooEarly.
    """
    require_area(by, call.district, call.block)
    _require_frozen(call)
    if call.nonce is None:
        raise NonceNotOpened
    if call.public_value == public_value:
        return Decision(call)
    if call.public_value is not None:
        raise ValueAlreadyNamed(public_value=call.public_value)
    if not call.public_at <= published_at <= now:
        raise PublicValueTooEarly(published_at=in_india(published_at), public_at=in_india(call.public_at))
    named = replace(call, public_value=public_value, public_value_at=published_at)
    return Decision(replace(named, status=Status.DRAWING, due_at=now + RESUME_AFTER))


def _require_frozen(call: Call) -> None:
    if call.status in BEFORE_FREEZE:
        raise NotClosedYet(status=call.status.value)


def drawn(call: Call, result: Drawn, now: datetime) -> Decision[Call]:
    """The outcome stands. It stood already: nothing changes. Raises NotClosedYet, NonceNotOpened."""
    if call.status in {Status.DRAWN, Status.PUBLISHED}:
        return Decision(call)
    _require_frozen(call)
    if call.nonce is None or call.public_value is None:
        raise NonceNotOpened
    what = {name: getattr(result, name) for name in ("seed", "outcome_digest", "allotted", "waitlisted")}
    state = replace(call, status=Status.DRAWN, due_at=now, drawn_at=now, **what)
    return Decision(told(state, 0).state, facts.DrawFinalised(nonce=call.nonce, public_value=call.public_value, **what))


def told(call: Call, count: int) -> Decision[Call]:
    """So many allotments are made; with the last one it is published. A smaller count than before changes nothing."""
    if call.status is not Status.DRAWN:
        return Decision(call)
    made = max(call.told, count)
    if made < call.to_tell:
        return Decision(replace(call, told=made))
    return Decision(replace(call, told=made, status=Status.PUBLISHED, due_at=None))
