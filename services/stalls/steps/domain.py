"""The steps of a call: open → closing → closed → drawing → drawn → published. Each may be asked again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.stalls.beacons.domain import Announced, Pulse, check
from services.stalls.calls.domain import Call, Status, acting, is_over, last_entry, note, whole_milliseconds
from services.stalls.draw import log
from services.stalls.draw.seed import plain
from services.stalls.logs.domain import require_sound
from services.stalls.nonces.domain import NotClosedYet, require_frozen, strike
from services.stalls.offers.domain import in_india
from services.stalls.venues.domain import Reason
from shared.clock import INDIA
from shared.contracts import stalls as facts
from shared.decisions import Decision
from shared.errors import Refused
from shared.places.area import require_area
from shared.scope import Scope

MOST_NAMINGS = 20  # by one officer
RESUME_AFTER = timedelta(seconds=10)  # by then the request that began a step has finished it, or died


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What the close found: how many applications, digests of what is fixed, events struck out with their reasons."""

    applications: int
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    struck: Mapping[int, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a run gave; `at` is when its outcome was kept, the same whoever marks the call."""

    at: datetime
    seed: str
    outcome_digest: str
    allotted: int
    waitlisted: int


class CallStillOpen(Refused):
    """Groups may apply until {closes_at}, that second included; close the call after it."""

    mr = "गट {closes_at} पर्यंत, तो सेकंद धरून, अर्ज करू शकतात; त्यानंतर अर्ज बंद करा."
    hi = "समूह {closes_at} तक, वह सेकंड मिलाकर, आवेदन कर सकते हैं; उसके बाद आवेदन बंद करें।"


class ValueAlreadyNamed(Refused):
    """You named {most} values; {value}, published_at {published_at}, round {round} stands: let another officer act."""

    mr = "तुम्ही {most} आकडे सांगितले आहेत; {value}, published_at {published_at}, फेरी {round} राहील: दुसऱ्या अधिकाऱ्याने पुढे न्यावे."
    hi = "आप {most} अंक बता चुके हैं; {value}, published_at {published_at}, बारी {round} रहेगा: कोई दूसरा अधिकारी आगे बढ़ाए।"


class ValueConfirmed(Refused):
    """This draw stands on the public value {value}, which two officers named; it cannot be drawn with another."""

    mr = "ही सोडत दोन अधिकाऱ्यांनी सांगितलेल्या {value} या जाहीर आकड्यावर ठरली आहे; दुसऱ्या आकड्यावर काढता येत नाही."
    hi = "यह लॉटरी दो अधिकारियों के बताए सार्वजनिक अंक {value} पर तय है; किसी दूसरे अंक से नहीं निकल सकती।"


class SecondOfficerNeeded(Refused):
    """You named this value yourself; a draw needs two people: let another officer confirm {value}."""

    mr = "हा आकडा तुम्हीच सांगितला आहे; सोडतीला दोन व्यक्ती लागतात: {value} हा आकडा दुसऱ्या अधिकाऱ्याने पक्का करावा."
    hi = "यह अंक आपने ही बताया है; लॉटरी में दो व्यक्ति चाहिए: {value} को कोई दूसरा अधिकारी पक्का करे।"


def begin_closing(call: Call, by: Scope | None, now: datetime) -> Decision[Call]:
    """No application is accepted any more. Begun already: nothing changes. Raises OutsideArea, CallStillOpen.

    The timer closes (`by` is None) as soon as the time is over: an officer who could wait for the public value could
    strike grounds until the seed suits her.
    """
    if by is not None:
        require_area(by, call.district, call.block)
    if call.status is not Status.OPEN:
        return Decision(call)
    if not is_over(call, now):
        raise CallStillOpen(closes_at=in_india(call.closes_at))
    return Decision(replace(call, status=Status.CLOSING, closing_by=acting(call, by), due_at=now + RESUME_AFTER))


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
        closed_at=max(whole_milliseconds(now), *(entry.at for entry in call.log)),
    )
    what = log.fixed(frozen.inputs_digest, frozen.plan_digest, frozen.rules_digest)
    noted = note(fixed, fixed.closed_at or now, "closed", call.closing_by, what)
    digests = {"inputs_digest": frozen.inputs_digest, "plan_digest": frozen.plan_digest}
    return Decision(noted, facts.CallClosed(applications=frozen.applications, **digests, log=last_entry(noted)))


def begin_draw(call: Call, by: Scope, pulse: Pulse, now: datetime) -> Decision[Call]:
    """The first officer names the value, another confirms the same; then it is drawn. Drawn already: no change.

    Until it is confirmed, each of them may name another: neither a slip of the pen nor one person may end a draw. Each
    stands in the log. Of who confirms only value and round count; the instant named with the value stands.
    Raises OutsideArea, NotClosedYet, NonceNotOpened, ValueAlreadyNamed, ValueConfirmed, SecondOfficerNeeded,
    LogDamaged, and what `beacons.check` raises.
    """
    require_area(by, call.district, call.block)
    require_frozen(call)
    require_sound(call)
    same = _same(call, pulse)
    if call.status is not Status.CLOSED:
        if not same:
            raise ValueConfirmed(value=call.public_value)
        return Decision(call)
    check(pulse, Announced(round=call.public_round, at=call.public_at, first=call.value_from), call.public_source, now)
    if same and call.named_by == by.party and call.public_value_at == whole_milliseconds(pulse.published_at):
        raise SecondOfficerNeeded(value=call.public_value)
    begun = _confirmed(call, by, now) if same and call.named_by != by.party else _named(call, by, pulse, now)
    require_sound(begun.state)
    return begun


def _same(call: Call, pulse: Pulse) -> bool:
    """Of the value only what counts in the seed: two officers may type its spaces and signs differently."""
    if call.public_value is None or call.value_round != pulse.round:
        return False
    return plain(call.public_value) == plain(pulse.value)


def _require_named_seldom(call: Call, by: Scope) -> None:
    """Raises ValueAlreadyNamed: a log has an end."""
    who = acting(call, by).rpartition(" ")[2]
    if [entry.by.rpartition(" ")[2] for entry in call.log if entry.step == "value_named"].count(who) >= MOST_NAMINGS:
        raise _already_named(call)


def _already_named(call: Call) -> ValueAlreadyNamed:
    at = call.public_value_at and call.public_value_at.astimezone(INDIA).isoformat(timespec="milliseconds")
    number = "–" if call.value_round is None else call.value_round
    return ValueAlreadyNamed(most=MOST_NAMINGS, value=call.public_value, published_at=at, round=number)


def _named(call: Call, by: Scope, pulse: Pulse, now: datetime) -> Decision[Call]:
    _require_named_seldom(call, by)
    left, struck = strike(call, now)
    named = replace(
        left,
        public_value=pulse.value,
        public_value_at=whole_milliseconds(pulse.published_at),
        value_round=pulse.round,
        named_by=by.party,
    )
    noted = note(named, now, "value_named", acting(call, by), _value(named))
    return Decision(noted, *struck, facts.PublicValueNamed(**_told(noted)))


def _confirmed(call: Call, by: Scope, now: datetime) -> Decision[Call]:
    noted = note(call, now, "confirmed", acting(call, by), _value(call))
    drawing = replace(noted, status=Status.DRAWING, due_at=now + RESUME_AFTER)
    return Decision(drawing, facts.PublicValueConfirmed(**_told(drawing)))


def _value(call: Call) -> str:
    return log.named(call.value_round, call.public_value_at, call.public_value or "")


def _told(call: Call) -> dict[str, Any]:
    value = {"public_value": call.public_value, "published_at": call.public_value_at, "public_round": call.value_round}
    return {**value, "log": last_entry(call)}


def drawn(call: Call, result: Drawn) -> Decision[Call]:
    """The outcome stands. It stood already: nothing changes. Raises NotClosedYet where no draw was begun."""
    if call.status in {Status.DRAWN, Status.PUBLISHED}:
        return Decision(call)
    if call.status is not Status.DRAWING:
        raise NotClosedYet(status=call.status)
    what = {name: getattr(result, name) for name in ("seed", "outcome_digest", "allotted", "waitlisted")}
    state = replace(finished(call, result), status=Status.DRAWN, due_at=result.at, drawn_at=result.at, **what)
    nonces = log.opened(call.promised)
    fact = facts.DrawFinalised(
        nonce=nonces[0] if nonces else "",
        nonces=tuple(nonces),
        public_value=call.public_value or "",
        log=last_entry(state),
        **what,
    )
    return Decision(told(state, 0).state, fact)


def finished(call: Call, result: Drawn) -> Call:
    """With the last entry of its log, as the public file has it too."""
    return note(call, result.at, "drawn", acting(call, None), log.finished(result.seed, result.outcome_digest))


def told(call: Call, count: int) -> Decision[Call]:
    """So many allotments are made; with the last one it is published. A smaller count than before changes nothing."""
    if call.status is not Status.DRAWN:
        return Decision(call)
    made = max(call.told, count)
    if made < call.to_tell:
        return Decision(replace(call, told=made))
    return Decision(replace(call, told=made, status=Status.PUBLISHED, due_at=None))
