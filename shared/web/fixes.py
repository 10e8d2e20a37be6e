"""What to do about one wrong field, in three languages, by the kind of rule it breaks."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Language
from shared.web.problems import FieldFault

MOST_SHOWN = 20

Sentences = dict[Language, str]
OR: Sentences = {"en": "or", "mr": "किंवा", "hi": "या"}

MISSING: Sentences = {"en": "Add it.", "mr": "हे भरा.", "hi": "इसे भरें।"}
UNKNOWN: Sentences = {
    "en": "Leave it out: there is no such field.",
    "mr": "हे काढा: असे क्षेत्र नाही.",
    "hi": "इसे हटाएँ: ऐसा कोई फ़ील्ड नहीं है।",
}
PARAMETER: Sentences = {
    "en": "Leave it out, or use one of: {expected}.",
    "mr": "हे काढा, किंवा यापैकी एक वापरा: {expected}.",
    "hi": "इसे हटाएँ, या इनमें से एक का उपयोग करें: {expected}।",
}
TEXT: Sentences = {"en": "Send a text.", "mr": "मजकूर पाठवा.", "hi": "पाठ भेजें।"}
INTEGER: Sentences = {"en": "Send a whole number.", "mr": "पूर्ण संख्या पाठवा.", "hi": "पूर्ण संख्या भेजें।"}
WITHOUT_QUOTES: Sentences = {
    "en": "Send the number in ASCII digits without quotes, such as 24.",
    "mr": "संख्या अवतरण चिन्हांशिवाय ASCII अंकांत पाठवा, जसे 24.",
    "hi": "संख्या उद्धरण चिह्नों के बिना ASCII अंकों में भेजें, जैसे 24।",
}
NUMBER: Sentences = {"en": "Send a number.", "mr": "संख्या पाठवा.", "hi": "संख्या भेजें।"}
LIST: Sentences = {"en": "Send a list.", "mr": "यादी पाठवा.", "hi": "सूची भेजें।"}
OBJECT: Sentences = {"en": "Send a JSON object.", "mr": "JSON object पाठवा.", "hi": "JSON object भेजें।"}
YES_OR_NO: Sentences = {"en": "Send true or false.", "mr": "true किंवा false पाठवा.", "hi": "true या false भेजें।"}
UUID: Sentences = {"en": "Send a UUID.", "mr": "UUID पाठवा.", "hi": "UUID भेजें।"}
TIME: Sentences = {
    "en": "Send a time such as 2026-11-22T09:30:00+05:30.",
    "mr": "वेळ अशी पाठवा: 2026-11-22T09:30:00+05:30.",
    "hi": "समय ऐसे भेजें: 2026-11-22T09:30:00+05:30।",
}
DATE: Sentences = {
    "en": "Send a date such as 2026-11-22.",
    "mr": "तारीख अशी पाठवा: 2026-11-22.",
    "hi": "तारीख ऐसे भेजें: 2026-11-22।",
}
CHOICE: Sentences = {
    "en": "Send one of: {expected}.",
    "mr": "यापैकी एक पाठवा: {expected}.",
    "hi": "इनमें से एक भेजें: {expected}।",
}
PATTERN: Sentences = {
    "en": "Send what matches {pattern}.",
    "mr": "{pattern} या नमुन्यात बसेल असे पाठवा.",
    "hi": "{pattern} के अनुरूप भेजें।",
}
LGD: Sentences = {
    "en": "Send an LGD code in digits, such as 490.",
    "mr": "LGD क्रमांक अंकांत पाठवा, जसे 490.",
    "hi": "LGD कोड अंकों में भेजें, जैसे 490।",
}
PATTERNS: dict[str, Sentences] = {
    r"^[0-9a-f]{64}$": {
        "en": "Send the 64 hex digits (0-9, a-f) of a SHA-256, as sha256sum shows them.",
        "mr": "SHA-256 चे 64 हेक्स अंक (0-9, a-f) पाठवा, sha256sum दाखवते तसे.",
        "hi": "SHA-256 के 64 हेक्स अंक (0-9, a-f) भेजें, जैसे sha256sum दिखाता है।",
    },
    r"^[ -~]{1,200}$": {
        "en": "Send 1 to 200 printable ASCII characters.",
        "mr": "1 ते 200 छापता येणारी ASCII अक्षरे पाठवा.",
        "hi": "1 से 200 छपने योग्य ASCII अक्षर भेजें।",
    },
    **{rf"^[1-9][0-9]{{0,{more}}}$": LGD for more in (5, 7)},
    r"^[1-9][0-9]?$": LGD,
}
"""What a pattern means, where its words are better than itself."""
UNREADABLE: Sentences = {
    "en": "Remove the character U+{code}: it cannot be shown.",
    "mr": "U+{code} हे अक्षर काढा: ते दाखवता येत नाही.",
    "hi": "U+{code} अक्षर हटाएँ: इसे दिखाया नहीं जा सकता।",
}
OTHER: Sentences = {"en": "Mend this: {msg}.", "mr": "हे दुरुस्त करा: {msg}.", "hi": "इसे सुधारें: {msg}।"}

FIXES: dict[str, Sentences] = {
    "missing": MISSING,
    "extra_forbidden": UNKNOWN,
    "no_such_parameter": PARAMETER,
    "string_type": TEXT,
    "string_unicode": TEXT,
    "int_type": INTEGER,
    "int_parsing": INTEGER,
    "int_from_float": INTEGER,
    "int_parsing_size": INTEGER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "uuid_type": UUID,
    "uuid_parsing": UUID,
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "timezone_aware": TIME,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "string_pattern_mismatch": PATTERN,
    "unreadable": UNREADABLE,
    "greater_than": {"en": "Send more than {gt}.", "mr": "{gt} पेक्षा जास्त पाठवा.", "hi": "{gt} से ज़्यादा भेजें।"},
    "greater_than_equal": {"en": "Send {ge} or more.", "mr": "{ge} किंवा जास्त पाठवा.", "hi": "{ge} या ज़्यादा भेजें।"},
    "less_than": {"en": "Send less than {lt}.", "mr": "{lt} पेक्षा कमी पाठवा.", "hi": "{lt} से कम भेजें।"},
    "less_than_equal": {"en": "Send {le} or less.", "mr": "{le} किंवा कमी पाठवा.", "hi": "{le} या कम भेजें।"},
    "string_too_short": {
        "en": "Write at least {min_length} characters.",
        "mr": "किमान {min_length} अक्षरे लिहा.",
        "hi": "कम से कम {min_length} अक्षर लिखें।",
    },
    "string_too_long": {
        "en": "Write at most {max_length} characters.",
        "mr": "जास्तीत जास्त {max_length} अक्षरे लिहा.",
        "hi": "अधिकतम {max_length} अक्षर लिखें।",
    },
    "too_short": {
        "en": "It takes at least {min_length}; this has {actual_length}.",
        "mr": "किमान {min_length} हवे; येथे {actual_length} आहे.",
        "hi": "कम से कम {min_length} चाहिए; यहाँ {actual_length} है।",
    },
    "too_long": {
        "en": "It takes at most {max_length}; this has {actual_length}.",
        "mr": "जास्तीत जास्त {max_length} चालते; येथे {actual_length} आहे.",
        "hi": "अधिकतम {max_length} हो सकता है; यहाँ {actual_length} है।",
    },
}


def faults_of(errors: Sequence[Mapping[str, Any]], language: Language) -> list[FieldFault]:
    """Pydantic's errors in our words, the first MOST_SHOWN of them."""
    return [
        FieldFault(field=_field(error["loc"]), rule=error["type"], fix=_fix(error, language))
        for error in errors[:MOST_SHOWN]
    ]


def _field(place: Sequence[str | int]) -> str:
    """("body", "lines", 0, "quantity") → lines.0.quantity; the body itself is `body`."""
    return ".".join(str(part) for part in place[1:]) or str(place[0])


def _sentences(error: Mapping[str, Any]) -> Sentences:
    if error["type"] == "int_type" and isinstance(error.get("input"), str):
        return WITHOUT_QUOTES
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS.get(error["ctx"]["pattern"], PATTERN)
    return FIXES.get(error["type"], OTHER)


def _fix(error: Mapping[str, Any], language: Language) -> str:
    if error["type"] == "missing" and tuple(error["loc"]) == ("body",):
        return OBJECT[language]
    known = {"msg": str(error["msg"]).rstrip("."), **error.get("ctx", {})}
    if "expected" in known:
        known["expected"] = f" {OR[language]} ".join(str(known["expected"]).rsplit(" or ", 1))
    try:
        return _sentences(error)[language].format(**known)
    except KeyError:
        return OTHER[language].format(**known)
