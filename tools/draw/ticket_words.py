"""What mine says, in three languages."""

from services.stalls.draw.reading import MOST_TIER
from shared.errors import Language

Words = dict[Language, str]
REHEARSAL: Words = {
    "mr": "हा सराव आहे, खरी सोडत नाही: यातून कोणालाही स्टॉल मिळत नाही.",
    "hi": "यह अभ्यास है, असली लॉटरी नहीं: इससे किसी को स्टॉल नहीं मिलता।",
    "en": "This is a rehearsal (dry run), not the draw: nobody gets a stall by it.",
}
PLACE: Words = {
    "mr": "तिकीट {ticket}: रांगेतील स्थान {place} (एकूण {count}). गेल्या 12 महिन्यांतील स्टॉल: {tier}.",
    "hi": "टिकट {ticket}: पंक्ति में स्थान {place} (कुल {count})। पिछले 12 महीनों के स्टॉल: {tier}।",
    "en": "Ticket {ticket}: place {place} of {count} in line. Stalls of the last 12 months: {tier}.",
}
LOT: Words = {
    "mr": "ज्यांना कमी स्टॉल मिळाले ते आधी; समान असतील तर ज्यांची संख्या लहान ते आधी. ही संख्या या कमांडने दिसते:",
    "hi": "जिन्हें कम स्टॉल मिले वे पहले; बराबर हों तो जिनकी संख्या छोटी हो वे पहले। यह संख्या इस कमांड से दिखती है:",
    "en": "Fewer stalls come first; then the smaller number that this line shows:",
}
STALL: Words = {
    "mr": "मिळाले: मैदान {event}{note}, स्टॉल {stall} (पसंती {choice}).",
    "hi": "मिला: मैदान {event}{note}, स्टॉल {stall} (पसंद {choice})।",
    "en": "Allotted: event {event}{note}, stall {stall} (choice {choice}).",
}
NOTHING: Words = {
    "mr": "सोडतीत स्टॉल मिळाला नाही.",
    "hi": "लॉटरी में स्टॉल नहीं मिला।",
    "en": "No stall in the draw.",
}
REFUSED: Words = {
    "mr": "पसंती {rank}, मैदान {event}{note}: {why}",
    "hi": "पसंद {rank}, मैदान {event}{note}: {why}",
    "en": "Choice {rank}, event {event}{note}: {why}",
}
WAITING: Words = {
    "mr": "प्रतीक्षा यादीतील क्रमांक {position}: मैदान {event}{note}.",
    "hi": "प्रतीक्षा सूची में क्रमांक {position}: मैदान {event}{note}।",
    "en": "Number {position} on the waitlist: event {event}{note}.",
}
IN_VAIN: Words = {
    "mr": "प्रतीक्षा यादीतील क्रमांक {position}: मैदान {event}{note}; पण आराखड्यानुसार तेथे तुमच्या गटाला स्टॉल मिळू शकत नाही.",
    "hi": "प्रतीक्षा सूची में क्रमांक {position}: मैदान {event}{note}; पर योजना के अनुसार वहाँ कोई स्टॉल आपके समूह को नहीं मिल सकता।",
    "en": "Number {position} on the waitlist: event {event}{note}; but its plan has no stall for your group.",
}
OR_MORE: Words = {"mr": "{} किंवा जास्त", "hi": "{} या अधिक", "en": "{} or more"}
STRUCK: Words = {"mr": "वगळले", "hi": "हटाया गया", "en": "struck out"}
UPGRADE: Words = {
    "mr": "नंतर अधिक हवी असलेली पसंती रिकामी झाली तर ती हवी, असे अर्जात लिहिले आहे.",
    "hi": "आवेदन में लिखा है: बाद में इससे अच्छी पसंद खाली हो, तो वह चाहिए।",
    "en": "The application says: should a better choice become free later, it is wanted.",
}
PARTIES: Words = {
    "mr": "बीजासाठी यांनी गुप्त शब्द ठरवले होते (ठसा आधी जाहीर झाला, शब्द मुदत संपल्यावर उघडायचा होता):",
    "hi": "बीज के लिए इन्होंने गुप्त शब्द चुने थे (छाप पहले घोषित हुई, शब्द आवेदन बंद होने पर खोलना था):",
    "en": "For the seed these chose nonces (the digest published first, the nonce to be opened after the close):",
}
PARTY: Words = {
    "mr": "{number}. {name}: ठसा {commitment}; {nonce}",
    "hi": "{number}. {name}: छाप {commitment}; {nonce}",
    "en": "{number}. {name}: digest {commitment}; {nonce}",
}
NONCE: Words = {
    "mr": "गुप्त शब्द {nonce}",
    "hi": "गुप्त शब्द {nonce}",
    "en": "nonce {nonce}",
}
SILENT: Words = {
    "mr": "वेळेत उघडला नाही, म्हणून वगळला; बीजात नाही",
    "hi": "समय पर नहीं खोला, इसलिए हटाया गया; बीज में नहीं है",
    "en": "not opened in time, so struck out; not in the seed",
}


def most_tier(tier: int, language: Language) -> str:
    """How many stalls she had: the last tier stands for all that are more."""
    return OR_MORE[language].format(tier) if tier >= MOST_TIER else str(tier)
