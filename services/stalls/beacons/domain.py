"""What a beacon says in a round, and whether it may be used in a draw: the announced round, published in its time."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.stalls.draw.seed import is_cell, plain
from services.stalls.offers.domain import in_india
from shared.errors import Invalid, NotFound, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What was published, and when. `round` is None where the source counts no rounds."""

    round: int | None
    published_at: datetime
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What was said of the value before anybody could know it.

    No value from before `first` counts; that is after `at` where all was fixed too late for the announced round.
    """

    round: int | None
    at: datetime
    first: datetime

    @property
    def late(self) -> bool:
        """The announced round was out before all was fixed; the first one published from `first` on is taken."""
        return self.first > self.at


class PublicValueTooEarly(Refused):
    """published_at: {published_at} is too early; only a value published from {public_at} on counts."""

    mr = "published_at: {published_at} ही वेळ फार लवकरची आहे; {public_at} पासून प्रसिद्ध झालेला आकडाच चालतो."
    hi = "published_at: {published_at} का समय बहुत पहले का है; {public_at} से प्रकाशित अंक ही चलेगा।"


class PublicValueNotYet(Refused):
    """published_at: it is not {published_at} yet, so this value has not been published; draw once it has."""

    mr = "published_at: {published_at} ही वेळ अजून आलेली नाही, म्हणजे हा आकडा अजून प्रसिद्ध झालेला नाही; तो झाल्यावर सोडत काढा."
    hi = "published_at: {published_at} का समय अभी आया नहीं है, यानी यह अंक अभी प्रकाशित नहीं हुआ; होने पर लॉटरी निकालें।"


class PublicValueUnreadable(Invalid):
    """public_value: write it on one line, in letters, digits and signs that can be printed."""

    mr = "public_value: एका ओळीत, छापता येतील अशी अक्षरे, अंक आणि चिन्हे वापरून लिहा."
    hi = "public_value: एक पंक्ति में, छपने योग्य अक्षरों, अंकों और चिह्नों में लिखें।"


class PublicValueMissing(Invalid):
    """public_value, published_at: write both as published at {source}; this service reads no rounds by itself."""

    mr = "public_value, published_at: {source} येथे प्रसिद्ध झाल्याप्रमाणे दोन्ही लिहा; ही सेवा फेऱ्या स्वतः वाचत नाही."
    hi = "public_value, published_at: {source} पर प्रकाशित के अनुसार दोनों लिखें; यह सेवा बारियाँ स्वयं नहीं पढ़ती।"


class BeaconRoundMissing(Invalid):
    """public_round: this call announced round {announced} of {source}; send the round of the value with it."""

    mr = "public_round: या सोडतीसाठी {source} ची फेरी {announced} जाहीर केली होती; आकड्यासोबत त्याची फेरी पाठवा."
    hi = "public_round: इस लॉटरी के लिए {source} की बारी {announced} घोषित थी; अंक के साथ उसकी बारी भेजें।"


class BeaconRoundEarlier(Refused):
    """public_round: round {round} comes before round {announced}, which was announced; it was known too early."""

    mr = "public_round: फेरी {round} ही जाहीर केलेल्या फेरी {announced} च्या आधीची आहे; ती आधीच माहीत होती."
    hi = "public_round: बारी {round} घोषित बारी {announced} से पहले की है; वह पहले से ज्ञात थी।"


class BeaconRoundOther(Refused):
    """public_round: round {announced} was announced, not {round}; nobody may choose among rounds."""

    mr = "public_round: फेरी {announced} जाहीर केली होती, {round} नव्हे; कोणीही फेऱ्यांमधून निवड करू शकत नाही."
    hi = "public_round: बारी {announced} घोषित थी, {round} नहीं; कोई बारियों में से चुन नहीं सकता।"


class BeaconRoundNotAnnounced(Refused):
    """public_round: this call announced no round of {source}; send the value and published_at without a round."""

    mr = "public_round: या सोडतीसाठी {source} ची कोणतीही फेरी जाहीर केली नव्हती; फेरीशिवाय आकडा आणि published_at पाठवा."
    hi = "public_round: इस लॉटरी के लिए {source} की कोई बारी घोषित नहीं थी; बारी के बिना अंक और published_at भेजें।"


class BeaconRoundSkipped(Refused):
    """public_round: not {round}, but round {first} is the first published from {public_at} on; take that one."""

    mr = "public_round: {public_at} पासून प्रसिद्ध झालेली पहिली फेरी {round} नसून {first} आहे; तीच घ्या."
    hi = "public_round: {public_at} से प्रकाशित पहली बारी {round} नहीं, {first} है; वही लें।"


class BeaconRoundAbsent(NotFound):
    """public_round: round {round} does not stand in the beacon's file yet; wait for it, or have the file renewed."""

    mr = "public_round: फेरी {round} अजून बीकनच्या फाइलमध्ये नाही; थांबा, किंवा फाइल ताजी करून घ्या."
    hi = "public_round: बारी {round} अभी बीकन की फ़ाइल में नहीं है; प्रतीक्षा करें, या फ़ाइल ताज़ा करवाएँ।"


class BeaconValueDiffers(Refused):
    """public_value: the file of the beacon has another value or instant for round {round}; copy it from there."""

    mr = "public_value: बीकनच्या फाइलमध्ये फेरी {round} चा आकडा किंवा वेळ वेगळी आहे; तेथून जसाच्या तसा घ्या."
    hi = "public_value: बीकन की फ़ाइल में बारी {round} का अंक या समय अलग है; वहाँ से ज्यों का त्यों लें।"


class BeaconFileDamaged(Refused):
    """The file of the beacon cannot be read in line {line}; have it renewed, or paste the value."""

    mr = "बीकनच्या फाइलची ओळ {line} वाचता येत नाही; फाइल ताजी करून घ्या, किंवा आकडा स्वतः लिहा."
    hi = "बीकन की फ़ाइल की पंक्ति {line} पढ़ी नहीं जा सकती; फ़ाइल ताज़ा करवाएँ, या अंक स्वयं लिखें।"


def found(lines: Iterable[str], asked: int) -> Pulse:
    """From JSON lines of `round`, `published_at`, `value`. Raises BeaconRoundAbsent, BeaconFileDamaged."""
    for number, line in enumerate(lines, 1):
        pulse = _pulse(number, line)
        if pulse.round == asked:
            return pulse
    raise BeaconRoundAbsent(round=asked)


def require_first(lines: Iterable[str], pulse: Pulse, first: datetime) -> None:
    """No other round was published between `first` and this one. Raises BeaconRoundSkipped, BeaconFileDamaged."""
    for number, line in enumerate(lines, 1):
        other = _pulse(number, line)
        if first <= other.published_at < pulse.published_at:
            raise BeaconRoundSkipped(round=pulse.round, first=other.round, public_at=in_india(first))


def _pulse(number: int, line: str) -> Pulse:
    try:
        kept = json.loads(line)
        at = datetime.fromisoformat(kept["published_at"])
        pulse = Pulse(round=int(kept["round"]), published_at=at, value=str(kept["value"]))
    except (ValueError, KeyError, TypeError):
        raise BeaconFileDamaged(line=number) from None
    if at.tzinfo is None:
        raise BeaconFileDamaged(line=number)
    return pulse


def check(pulse: Pulse, announced: Announced, source: str, now: datetime) -> None:
    """Whether the value may be used.

    Raises PublicValueUnreadable, PublicValueNotPlain, PublicValueNotYet, PublicValueTooEarly, BeaconRoundMissing,
    BeaconRoundNotAnnounced, BeaconRoundEarlier or BeaconRoundOther.
    """
    if not is_cell(pulse.value):
        raise PublicValueUnreadable
    plain(pulse.value)
    _check_round(pulse, announced, source)
    if pulse.published_at > now:
        raise PublicValueNotYet(published_at=in_india(pulse.published_at))
    if pulse.published_at < announced.first:
        raise PublicValueTooEarly(published_at=in_india(pulse.published_at), public_at=in_india(announced.first))


def _check_round(pulse: Pulse, announced: Announced, source: str) -> None:
    if announced.round is None:
        if pulse.round is not None:
            raise BeaconRoundNotAnnounced(source=source)
        return
    if pulse.round is None:
        raise BeaconRoundMissing(announced=announced.round, source=source)
    if pulse.round < announced.round:
        raise BeaconRoundEarlier(round=pulse.round, announced=announced.round)
    if pulse.round > announced.round and not announced.late:
        raise BeaconRoundOther(round=pulse.round, announced=announced.round)
