"""Whether what is kept of a call is what its log says, and the log itself in words."""

from collections.abc import Mapping

from services.stalls.calls.domain import Call, Status
from services.stalls.draw import proof
from services.stalls.draw.damage import StepMissing
from services.stalls.draw.files import Said
from services.stalls.draw.log import Step, named
from services.stalls.draw.proof import Proceedings
from services.stalls.draw.rules import RULES_DIGEST
from shared.errors import Language, Problem, Refused
from shared.localized import Localized


class LogDamaged(Refused):
    """What is kept of call {call} is not what its log says: {why} Nothing is made of it."""

    mr = "सोडत {call} ची साठवलेली माहिती तिच्या नोंदवहीशी जुळत नाही: {why} त्यावरून काहीही केले जाणार नाही."
    hi = "लॉटरी {call} की रखी हुई जानकारी उसकी पंजी से मेल नहीं खाती: {why} उससे कुछ नहीं किया जाएगा।"

    def sentence(self, language: Language) -> str:
        why = self.params["why"]
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        return template.format(
            call=self.params["call"], why=why.sentence(language) if isinstance(why, Problem) else why
        )


ORDER = tuple(Status)
LEAST: Mapping[Status, tuple[str, ...]] = {
    Status.OPEN: ("opened",),
    Status.CLOSED: ("closed",),
    Status.DRAWING: ("value_named", "confirmed"),
    Status.DRAWN: ("drawn",),
    Status.PUBLISHED: (),
}
"""Steps that the log of a call has from that status on."""


def require_sound(call: Call) -> None:
    """The log hangs together, says what the call says, and lacks no step. Raises LogDamaged."""
    try:
        proof.check_nonces(call.promised)
        proof.check_entries(Proceedings(said=said_of(call), parties=call.promised, log=call.log))
        _require_complete(call)
    except Problem as why:
        raise LogDamaged(call=call.id, why=why) from why


def said_of(call: Call) -> Said:
    """What the public file says of it, as far as it has come."""
    return Said(
        call=call.id,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        closed_at=call.closed_at or call.closes_at,
        public_source=call.public_source,
        public_round=call.public_round,
        public_at=call.public_at,
        public_value=call.public_value or "",
        published_at=call.public_value_at,
        inputs_digest=call.inputs_digest or "",
        plan_digest=call.plan_digest or "",
        rules_digest=call.rules_digest or RULES_DIGEST,
        seed=call.seed or "",
        outcome_digest=call.outcome_digest or "",
    )


def _require_complete(call: Call) -> None:
    if call.rules_digest not in {None, RULES_DIGEST}:
        return
    there = [entry.step for entry in call.log]
    due = [step for status, steps in LEAST.items() for step in steps if ORDER.index(status) <= ORDER.index(call.status)]
    opened = ["nonce_opened" for party in call.parties if party.nonce is not None]
    for step in (*due, *opened):
        if step not in there:
            raise StepMissing(file=proof.LOG, row=len(call.log), step=step)
        there.remove(step)
    value = named(call.value_round, call.public_value_at, call.public_value or "")
    if call.public_value is not None and value not in {entry.what for entry in call.log}:
        raise StepMissing(file=proof.LOG, row=len(call.log), step="value_named")


WORDS: Mapping[Step, Localized] = {
    "opened": Localized(
        mr="अर्ज मागवले; सहभागींचे ठसे जाहीर केले",
        hi="आवेदन माँगे गए; भागीदारों की छाप घोषित हुई",
        en="the call was opened, with the parties' commitments",
    ),
    "closed": Localized(
        mr="अर्ज बंद झाले; अर्ज, आराखडा आणि नियम कायम केले",
        hi="आवेदन बंद हुए; आवेदन, योजना और नियम तय हुए",
        en="the call was closed: applications, plan and rules are fixed",
    ),
    "nonce_opened": Localized(
        mr="एका सहभागीचा गुप्त शब्द उघडला", hi="एक भागीदार का गुप्त शब्द खुला", en="a party's nonce was opened"
    ),
    "nonces_struck": Localized(
        mr="वेळेत न उघडलेले गुप्त शब्द वगळले",
        hi="समय पर न खुले गुप्त शब्द हटाए गए",
        en="nonces that were not opened in time were struck out",
    ),
    "value_named": Localized(
        mr="पहिल्या अधिकाऱ्याने सार्वजनिक आकडा सांगितला",
        hi="पहले अधिकारी ने सार्वजनिक अंक बताया",
        en="a first officer named the public value",
    ),
    "confirmed": Localized(
        mr="दुसऱ्या अधिकाऱ्याने तोच आकडा पक्का केला",
        hi="दूसरे अधिकारी ने वही अंक पक्का किया",
        en="a second officer confirmed the same value",
    ),
    "drawn": Localized(mr="सोडत निघाली", hi="लॉटरी निकली", en="the draw was made"),
}
