"""What verify says, in three languages: that the draw holds, what to compare, and what each figure is."""

from collections.abc import Iterable, Iterator

from services.stalls.draw.log import Party, opened
from services.stalls.draw.rules import RULES_DIGEST
from shared.errors import Language
from shared.money import grouped
from tools.draw.ticket_words import REHEARSAL, SILENT
from tools.draw.verifying import Verified

Words = dict[Language, str]
RAN: dict[str, Words] = {
    "final": {
        "mr": "सोडत: {groups} गट, {seated} गटांना स्टॉल; संपूर्ण फाइल: {file}",
        "hi": "लॉटरी: {groups} समूह, {seated} समूहों को स्टॉल; पूरी फ़ाइल: {file}",
        "en": "drawn: {groups} groups, {seated} seated; the whole file: {file}",
    },
    "dry": {
        "mr": "सराव, खरी सोडत नाही: {groups} गट, {seated} गटांना स्टॉल मिळाले असते; संपूर्ण फाइल: {file}",
        "hi": "अभ्यास, असली लॉटरी नहीं: {groups} समूह, {seated} समूहों को स्टॉल मिलते; पूरी फ़ाइल: {file}",
        "en": "a rehearsal, no draw: {groups} groups, {seated} would be seated; the whole file: {file}",
    },
}
EQUAL: Words = {
    "mr": "जुळते: {groups} गट, {seated} गटांना स्टॉल; निकालातील प्रत्येक नोंद तीच निघाली",
    "hi": "मेल खाता है: {groups} समूह, {seated} समूहों को स्टॉल; परिणाम की हर प्रविष्टि वही निकली",
    "en": "equal: {groups} groups, {seated} seated, every cell of the outcome is the same",
}
FORMER: Words = {
    "mr": "पण हे आधीचे नियम (आवृत्ती 1) आहेत; त्यांत पूर्ण नोंदवही लागत नाही: बीज कोणी ठरवले हे येथे सिद्ध होत नाही",
    "hi": "लेकिन ये पहले के नियम (संस्करण 1) हैं, जिनमें पूरा लेखा नहीं चाहिए: बीज किसने तय किया, यह यहाँ सिद्ध नहीं होता",
    "en": "but by earlier rules, of version 1, which ask for no whole log: who fixed the seed is not proven here",
}
ALONE: Words = {
    "mr": "पण बीजात आधी जाहीर केलेला एकही गुप्त शब्द नाही: ते केवळ सार्वजनिक आकड्यावर अवलंबून आहे",
    "hi": "लेकिन बीज में पहले से घोषित कोई गुप्त शब्द नहीं है: वह केवल सार्वजनिक अंक पर निर्भर है",
    "en": "but no promised nonce went into the seed: it hangs on the public value alone",
}
COMPARE: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        {
            "mr": "हे अर्ज मागवताना जाहीर केले होते तेच आहे का, पाहा:",
            "hi": "मिलाएँ कि यह वही है जो आवेदन माँगते समय घोषित हुआ था:",
            "en": "Compare these with what was announced when the call opened:",
        },
        ("run", "call", "opens_at", "closes_at", "public_source", "public_round", "public_at"),
    ),
    (
        {
            "mr": "हे अर्जांची मुदत संपल्यावर जाहीर केले होते तेच आहे का, पाहा:",
            "hi": "मिलाएँ कि यह वही है जो आवेदन बंद होने पर घोषित हुआ था:",
            "en": "Compare these with what was announced at its close:",
        },
        ("closed_at", "inputs_digest", "plan_digest", "rules_digest"),
    ),
    (
        {
            "mr": "हे मुदतीनंतर, सोडतीच्या वेळी जाहीर झाले तेच आहे का, पाहा:",
            "hi": "मिलाएँ कि यह वही है जो उसके बाद, लॉटरी के समय घोषित हुआ:",
            "en": "Compare these with what was announced after that, until the draw was made:",
        },
        ("public_value", "published_at", "seed", "outcome_digest"),
    ),
)
COMMITMENT: Words = {
    "mr": "{name}, गुप्त शब्दाचा ठसा",
    "hi": "{name}, गुप्त शब्द की छाप",
    "en": "{name}, digest of the nonce",
}
NONCE: Words = {"mr": "{name}, गुप्त शब्द", "hi": "{name}, गुप्त शब्द", "en": "{name}, nonce"}
MEANING: dict[str, Words] = {
    "call": {"mr": "सोडतीचा क्रमांक", "hi": "लॉटरी का क्रमांक", "en": "id"},
    "opens_at": {"mr": "अर्ज सुरू", "hi": "आवेदन शुरू", "en": "applications from"},
    "closes_at": {"mr": "अर्जाची शेवटची वेळ", "hi": "आवेदन का अंतिम समय", "en": "applications until"},
    "closed_at": {"mr": "अर्ज कायम झाल्याची वेळ", "hi": "आवेदन पक्के होने का समय", "en": "when they were fixed"},
    "run": {
        "mr": "खरी सोडत (final) की सराव (dry)",
        "hi": "असली लॉटरी (final) या अभ्यास (dry)",
        "en": "a real draw, or dry",
    },
    "public_round": {"mr": "त्या ठिकाणचा फेरी क्रमांक", "hi": "वहाँ की बारी का क्रमांक", "en": "its round there"},
    "public_source": {
        "mr": "सार्वजनिक आकडा कोठे जाहीर होतो",
        "hi": "सार्वजनिक अंक कहाँ प्रकाशित होता है",
        "en": "where the public value is published",
    },
    "public_at": {
        "mr": "सार्वजनिक आकड्याची ठरलेली वेळ",
        "hi": "सार्वजनिक अंक का तय समय",
        "en": "when it is to be published",
    },
    "inputs_digest": {"mr": "अर्जांचा ठसा", "hi": "आवेदनों की छाप", "en": "digest of the applications"},
    "plan_digest": {"mr": "आराखड्याचा ठसा", "hi": "योजना की छाप", "en": "digest of the plan"},
    "rules_digest": {"mr": "नियमांचा ठसा", "hi": "नियमों की छाप", "en": "digest of the rules"},
    "public_value": {"mr": "सार्वजनिक आकडा", "hi": "सार्वजनिक अंक", "en": "what the source published"},
    "published_at": {
        "mr": "सार्वजनिक आकडा जाहीर झाल्याची वेळ",
        "hi": "सार्वजनिक अंक प्रकाशित होने का समय",
        "en": "when it was published",
    },
    "seed": {"mr": "बीज", "hi": "बीज", "en": "what the lots are made of"},
    "outcome_digest": {"mr": "निकालाचा ठसा", "hi": "परिणाम की छाप", "en": "digest of the outcome"},
}


def lines(found: Verified, language: Language) -> Iterator[str]:
    """The result first; then every figure under its name in draw.csv, and the parties, by when it was announced."""
    if found.said.run == "dry":
        yield REHEARSAL[language]
    yield EQUAL[language].format(groups=grouped(found.groups), seated=grouped(found.seated))
    yield from _unproven(found, language)
    facts = dict(found.facts())
    for at, (heading, keys) in enumerate(COMPARE):
        yield heading[language]
        if at == len(COMPARE) - 1:
            yield from _nonces(found.parties, language)
        for key in keys:
            yield f"  {key} ({MEANING[key][language]}): {facts[key] or '–'}"
        if at == 0:
            yield from _commitments(found.parties, language)


def _unproven(found: Verified, language: Language) -> Iterator[str]:
    """What a draw that gives something away leaves open."""
    if found.said.run == "final" and found.said.rules_digest != RULES_DIGEST:
        yield FORMER[language]
    if found.said.run == "final" and not opened(found.parties):
        yield ALONE[language]


def _commitments(parties: Iterable[Party], language: Language) -> Iterator[str]:
    for party in parties:
        yield f"  commitment {party.number} ({COMMITMENT[language].format(name=party.name)}): {party.commitment}"


def _nonces(parties: Iterable[Party], language: Language) -> Iterator[str]:
    for party in parties:
        said = SILENT[language] if party.nonce is None else party.nonce
        yield f"  nonce {party.number} ({NONCE[language].format(name=party.name)}): {said}"
