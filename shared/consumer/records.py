"""From a Kafka record to an event, or to the reason why it cannot be one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import ConsumerRecord
from pydantic import ValidationError

from shared.errors import Invalid
from shared.events import PREFIX, Envelope, Event, Fact
from shared.handlers import Handlers, Reaction
from shared.kafka import envelope_of
from shared.outbox import LARGEST_FACT_BYTES


class Unreadable(Invalid):
    """The record at {topic}/{partition}/{offset} cannot be decoded ({why}); its bytes stay in Kafka."""

    mr = "{topic}/{partition}/{offset} येथील नोंद वाचता येत नाही ({why}); तिचे बाइट Kafka मध्ये आहेत."
    hi = "{topic}/{partition}/{offset} का रिकॉर्ड पढ़ा नहीं जा सकता ({why}); उसके बाइट Kafka में हैं।"


class DoesNotParse(Invalid):
    """The data of this {type} does not parse: {why}."""

    mr = "या घटनेची ({type}) माहिती वाचता येत नाही: {why}."
    hi = "इस घटना ({type}) की जानकारी पढ़ी नहीं जा सकती: {why}।"


class NewerVersion(Invalid):
    """This is {type}; only versions up to {known} are understood here. Deploy a newer release, then replay."""

    mr = "ही घटना {type} आहे; येथे आवृत्ती {known} पर्यंतच समजते. नवीन आवृत्ती बसवा, मग पुन्हा चालवा."
    hi = "यह घटना {type} है; यहाँ संस्करण {known} तक ही समझ में आता है। नया संस्करण लगाएँ, फिर दोबारा चलाएँ।"


class KeyMismatch(Invalid):
    """The record's key is not its subject {subject}."""

    mr = "नोंदीची key तिच्या विषयाशी ({subject}) जुळत नाही."
    hi = "रिकॉर्ड की key उसके विषय ({subject}) से मेल नहीं खाती।"


class RecordTooLarge(Invalid):
    """This record is {size} bytes; a fact has at most {limit}."""

    mr = "ही नोंद {size} बाइट आहे; एका घटनेला जास्तीत जास्त {limit} बाइट चालतात."
    hi = "यह रिकॉर्ड {size} बाइट है; एक घटना अधिकतम {limit} बाइट की होती है।"


class SequenceGap(Invalid):
    """Fact {sequence} of {subject} came after {last}: what lies between is missing here."""

    mr = "{subject} ची घटना {sequence} ही {last} नंतर आली: मधल्या घटना येथे नाहीत."
    hi = "{subject} की घटना {sequence}, {last} के बाद आई: बीच की घटनाएँ यहाँ नहीं हैं।"


@dataclass(slots=True)
class Record:
    """A record and where it stands. `reaction` is None for a type nobody here reacts to."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    handlers: Handlers
    forced: bool = False
    event: Event[Any] | None = None
    reaction: Reaction | None = None
    problem: Invalid | None = field(default=None)

    @classmethod
    def of(cls, record: ConsumerRecord[bytes, bytes], handlers: Handlers) -> "Record":
        headers = list(record.headers)
        return cls(record.topic, record.partition, record.offset, record.key, record.value, headers, handlers)

    def read(self) -> "Record":
        """Fill `event` and `reaction`, or `problem`."""
        try:
            envelope = envelope_of(self.headers)
            self._check(envelope)
            self.reaction = _reaction(self.handlers, envelope.type)
            self.event = _event(envelope, _data(self.reaction, envelope.type, self.value or b""))
        except Invalid as problem:
            self.problem = problem
        return self

    def _check(self, envelope: Envelope) -> None:
        if self.key != envelope.subject.encode() or envelope.partitionkey != envelope.subject:
            raise KeyMismatch(subject=envelope.subject)
        if (size := len(self.value or b"")) > LARGEST_FACT_BYTES:
            raise RecordTooLarge(size=size, limit=LARGEST_FACT_BYTES)

    def wanted(self) -> Mapping[type[Any], list[str]]:
        """The documents its handler needs, by state class."""
        if self.event is None:
            return {}
        tracked = {self.handlers.tracks: [self.event.subject]} if self.handlers.tracks else {}
        if self.reaction is None:
            return tracked
        named = {holds: [*ids(self.event)] for holds, ids in self.reaction.loads.items()}
        return {holds: [*tracked.get(holds, []), *named.get(holds, [])] for holds in tracked.keys() | named.keys()}


class Unread(Fact):
    """The data of a type nobody here reacts to."""


def _reaction(handlers: Handlers, type_: str) -> Reaction | None:
    name, _, major = type_.removeprefix(f"{PREFIX}.").partition(".")[2].rpartition(".v")
    reaction = handlers.reactions.get((name, int(major)))
    if reaction is None and (known := handlers.majors(name)) and int(major) > max(known):
        raise NewerVersion(type=type_, known=max(known))
    return reaction


def _data(reaction: Reaction | None, type_: str, value: bytes) -> Fact:
    if reaction is None:
        return Unread()
    try:
        return reaction.fact.model_validate_json(value)
    except ValidationError as e:
        why = "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in e.errors(include_url=False)[:5])
        raise DoesNotParse(type=type_, why=why) from e


def _event(envelope: Envelope, data: Fact) -> Event[Any]:
    return Event(
        data=data,
        id=envelope.id,
        subject=envelope.subject,
        tenant=envelope.tenant,
        incarnation=envelope.incarnation,
        sequence=envelope.sequence,
        time=envelope.time,
        trace=envelope.traceparent,
    )
