"""The words of a preview, in three languages."""

from services.stalls.tags.domain import TAGS
from shared.errors import Language
from shared.localized import Localized
from tools.draw import place_words
from tools.draw.page_words import code, say
from tools.draw.previewing import Key
from tools.draw.ticket_words import most_tier

NOWHERE = "0"
WORDS: dict[str, Localized] = {
    "title": Localized(
        mr="हा आराखडा, हेच गट, {seeds} वेगवेगळ्या सोडती",
        hi="यही योजना, यही समूह, {seeds} अलग-अलग लॉटरियाँ",
        en="This plan, these groups, {seeds} different draws",
    ),
    "summary": Localized(
        mr="{applied} गट, {stalls} स्टॉल. सरासरी {mean} गटांना स्टॉल मिळतो; कमीत कमी {least}, जास्तीत जास्त {most}.",
        hi="{applied} समूह, {stalls} स्टॉल। औसतन {mean} समूहों को स्टॉल मिलता है; कम से कम {least}, अधिक से अधिक {most}।",
        en="{applied} groups, {stalls} stalls. On average {mean} groups get one; at least {least}, at most {most}.",
    ),
    "who": Localized(mr="कोण", hi="कौन", en="Who"),
    "applied": Localized(mr="अर्ज", hi="आवेदन", en="Applied"),
    "mean": Localized(mr="सरासरी स्टॉल", hi="औसत स्टॉल", en="Mean"),
    "rate": Localized(mr="शंभरापैकी", hi="सौ में से", en="Of a hundred"),
    "least": Localized(mr="किमान", hi="न्यूनतम", en="Least"),
    "most": Localized(mr="कमाल", hi="अधिकतम", en="Most"),
    "usual": Localized(mr="दहापैकी नऊ वेळा", hi="दस में से नौ बार", en="Nine times of ten"),
    "spread": Localized(mr="फरक", hi="अंतर", en="Spread"),
    "before": Localized(mr="फाइलमधील आराखड्याने", hi="फ़ाइल की योजना से", en="By the file's plan"),
    "all": Localized(mr="सर्व गट", hi="सभी समूह", en="All groups"),
    "picture": Localized(
        mr="पट्टी: अर्ज करणाऱ्या शंभर गटांपैकी सरासरी किती गटांना स्टॉल मिळतो. रेघ: किमान ते कमाल.",
        hi="पट्टी: आवेदन करने वाले सौ समूहों में से औसतन कितनों को स्टॉल मिलता है। रेखा: न्यूनतम से अधिकतम।",
        en="Bar: how many of a hundred that applied get a stall on average. Line: least to most.",
    ),
    "dot": Localized(mr=" ठिपका: फाइलमधील आराखड्याने.", hi=" बिंदु: फ़ाइल की योजना से।", en=" Dot: the file's plan."),
    "seeds": Localized(
        mr="बीजे: 'preview {label} 1' … 'preview {label} {seeds}' यांचे SHA-256. पहिले: {first}. खरे बीज यातून कळत नाही.",
        hi="बीज: 'preview {label} 1' … 'preview {label} {seeds}' के SHA-256। पहला: {first}। असली बीज इससे पता नहीं चलता।",
        en="Seeds: SHA-256 of 'preview {label} 1' … 'preview {label} {seeds}'. The first: {first}. "
        "They tell nothing of the real seed.",
    ),
    "hidden": Localized(
        mr="ही फाइल गटांबद्दल फक्त तेवढेच सांगते जेवढे तिचा स्वतःचा आराखडा विचारतो; "
        "नव्या आराखड्याने दुसरे काही विचारले तर ते येथे दिसत नाही.",
        hi="यह फ़ाइल समूहों के बारे में उतना ही बताती है जितना उसकी अपनी योजना पूछती है; नई योजना कुछ और पूछे तो वह यहाँ नहीं दिखता।",
        en="The file says of groups only what its own plan asks about; what else another plan asks is not seen here.",
    ),
    "advice": Localized(mr="पुन्हा पाहावे असे", hi="फिर से देखने योग्य", en="To be looked at again"),
    "where": Localized(
        mr="{events} मैदाने, पहिले क्रमांक {event}",
        hi="{events} मैदान, पहला क्रमांक {event}",
        en="{events} events, first event {event}",
    ),
    "overlap": Localized(
        mr="एक गट अनेक ओळींत मोजला जाऊ शकतो.",
        hi="एक समूह कई पंक्तियों में गिना जा सकता है।",
        en="A group may count in several rows.",
    ),
}


def told(key: str, language: Language, *parts: object, **values: object) -> str:
    return WORDS[key].said(language).format(*parts, **values)


def heading(name: str, language: Language) -> str:
    return told("all", language) if name == "all" else say(f"by_{name}", language)


def label(key: Key, language: Language) -> str:
    """What a row is called."""
    name, word = key
    if name == "all":
        return told("all", language)
    if name == "tiers":
        return say("tier", language, most_tier(int(word), language))
    if name == "districts":
        return say("nowhere", language) if word == NOWHERE else place_words.said(word, language)
    return TAGS[word].names.said(language) if name == "tags" and word in TAGS else code(word, language)
