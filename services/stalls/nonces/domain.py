"""Opening what was promised: from the close until the public value is due, so that nobody opens it knowing both."""

from dataclasses import replace
from datetime import datetime

from services.stalls.calls.domain import BEFORE_FREEZE, Call, acting, last_entry, note, takes_nonces
from services.stalls.draw.log import revealed, struck
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.draw.seed import commitment
from services.stalls.offers.domain import in_india
from shared.contracts import stalls as facts
from shared.decisions import Decision
from shared.errors import Refused
from shared.places.area import require_area
from shared.scope import Scope


class NotClosedYet(Refused):
    """This call is {status}; close it first, then open the nonces, then draw."""

    mr = "अर्ज अजून बंद झालेले नाहीत (स्थिती: {status}); आधी ते बंद करा, मग गुप्त शब्द (nonce) उघडा, मग सोडत काढा."
    hi = "आवेदन अभी बंद नहीं हुए हैं (स्थिति: {status}); पहले उन्हें बंद करें, फिर गुप्त शब्द (nonce) खोलें, फिर लॉटरी निकालें।"


class NonceMismatch(Refused):
    """The SHA-256 of this nonce is {digest}, which no party promised ({promised}); send the text hashed then."""

    mr = "या गुप्त शब्दाचा (nonce) SHA-256 {digest} आहे; असे कोणीच जाहीर केले नव्हते ({promised}); तेव्हाचाच मजकूर पाठवा."
    hi = "इस गुप्त शब्द (nonce) का SHA-256 {digest} है; यह किसी ने नहीं बताया था ({promised}); तब का पाठ ज्यों का त्यों भेजें।"


class NonceTooLate(Refused):
    """Nonces were to be opened before {until}; this one is struck out, and the draw goes on without it."""

    mr = "गुप्त शब्द (nonce) {until} पूर्वी उघडायचे होते; हा आता वगळला आहे, सोडत त्याच्याशिवाय होईल."
    hi = "गुप्त शब्द (nonce) {until} से पहले खोलने थे; यह अब हटा दिया गया है, लॉटरी इसके बिना होगी।"


class NonceNotOpened(Refused):
    """The nonce of this call is still secret, and its rules need it; send it to open-nonce, then draw."""

    mr = "या सोडतीचा गुप्त शब्द (nonce) अजून उघड केलेला नाही, आणि तिच्या नियमांना तो लागतो; आधी तो open-nonce वर पाठवा."
    hi = "इस लॉटरी का गुप्त शब्द (nonce) अभी खोला नहीं गया, और इसके नियमों में वह ज़रूरी है; पहले उसे open-nonce पर भेजें।"


def require_frozen(call: Call) -> None:
    """Raises NotClosedYet."""
    if call.status in BEFORE_FREEZE:
        raise NotClosedYet(status=call.status)


def open_nonce(call: Call, nonce: str, by: Scope, now: datetime) -> Decision[Call]:
    """Opened already: nothing changes. Raises OutsideArea, NotClosedYet, NonceMismatch, NonceTooLate."""
    require_area(by, call.district, call.block)
    require_frozen(call)
    digest = commitment(nonce)
    number = next((at for at, one in enumerate(call.parties, 1) if one.commitment == digest), None)
    if number is None:
        raise NonceMismatch(digest=digest, promised=", ".join(one.commitment for one in call.parties))
    if call.parties[number - 1].nonce is not None:
        return Decision(call)
    at = now if call.closed_at is None else max(now, call.closed_at)  # that instant is of another process's clock
    if not takes_nonces(call, at):
        raise NonceTooLate(until=in_india(call.value_from))
    parties = tuple(replace(one, nonce=nonce) if nth == number else one for nth, one in enumerate(call.parties, 1))
    opened = replace(call, parties=parties)
    noted = note(opened, at, "nonce_opened", acting(call, by), revealed(opened.promised[number - 1]))
    return Decision(noted, facts.NonceOpened(party=number, commitment=digest, nonce=nonce, log=last_entry(noted)))


def strike(call: Call, now: datetime) -> tuple[Call, tuple[facts.NoncesStruck, ...]]:
    """What was not opened is in no seed. Raises NonceNotOpened where the rules of the call need it."""
    missing = [number for number, one in enumerate(call.parties, 1) if one.nonce is None]
    if not missing or any(entry.step == "nonces_struck" for entry in call.log):
        return call, ()
    if call.rules_digest != RULES_DIGEST:
        raise NonceNotOpened
    noted = note(call, now, "nonces_struck", acting(call, None), struck(call.promised))
    return noted, (facts.NoncesStruck(parties=tuple(missing), log=last_entry(noted)),)
