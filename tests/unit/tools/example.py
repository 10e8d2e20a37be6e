"""The draw that docs/draw*.md tell of: every group has another tier, so that no lot decides."""

from dataclasses import replace

from services.stalls.draw import archive, seed
from services.stalls.draw.log import opened
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from shared.errors import Language
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import PARTIES, facts, told

TICKET = "4821005793361204"
THROWN = "3 1 6 6 2 5 4 1 2 3"
SOURCE: dict[Language, str] = {
    "mr": "तालुका कार्यालयात साक्षीदारांसमोर दहा वेळा टाकलेला फासा",
    "hi": "ब्लॉक कार्यालय में गवाहों के सामने दस बार फेंका गया पासा",
    "en": "ten throws of a die in the block office, before witnesses",
}
EVENTS = (
    Event(
        number=1,
        note="आठवडी बाजारतळ, मंचर | 2026-12-06",
        lines=(
            Line(count=2, categories=frozenset({"food"})),
            Line(count=1, categories=frozenset({"masks"}), fallback=frozenset()),
            Line(count=1, stage="sc"),
        ),
    ),
    Event(number=2, note="जि. प. शाळा, कात्रज | 2026-12-13", lines=(Line(count=1),)),
)
SAVITRI = replace(group(1, 1, 2, sells="food", tier=3), ticket=TICKET)
OTHERS: tuple[Applicant, ...] = (
    group(10**9 + 7, 1, sells="food", tier=0),
    group(2 * 10**9 + 9, 1, sells="food", tier=1),
    group(3 * 10**9 + 11, 1, sells="food", tier=2, stages=frozenset({"sc"})),
)
INSTANCE = Instance(applicants=tuple(sorted((SAVITRI, *OTHERS), key=lambda one: one.ticket)), events=EVENTS)


def public_file(language: Language) -> bytes:
    said = replace(facts(INSTANCE), public_source=SOURCE[language], public_round=None, public_value=THROWN)
    made = seed.seed(said.inputs_digest, said.plan_digest, said.rules_digest, THROWN, opened(PARTIES))
    return archive.pack(told(replace(said, seed=made), INSTANCE))
