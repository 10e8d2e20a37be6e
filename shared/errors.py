"""What can go wrong, in four kinds. A subclass is one sentence; its name is the stable code callers rely on."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Protocol, runtime_checkable

Language = Literal["mr", "hi", "en"]
LANGUAGES: tuple[Language, ...] = ("mr", "hi", "en")


NOUNS: Mapping[str, tuple[str, str, str]] = {
    "allotments": ("वाटप", "आवंटन", "allotment"),
    "applications": ("अर्ज", "आवेदन", "application"),
    "calendars": ("दिनदर्शिका", "कैलेंडर", "calendar"),
    "calls": ("अर्ज मागविणे", "आवेदन आमंत्रण", "call"),
    "contacts": ("संपर्क", "संपर्क", "contact"),
    "doubles": ("दुबार नोंद", "दोहरी प्रविष्टि", "pair of records"),
    "groups": ("गट", "समूह", "group"),
    "notifications": ("सूचना", "सूचना", "notification"),
    "orders": ("ऑर्डर", "ऑर्डर", "order"),
    "products": ("उत्पादन", "उत्पाद", "product"),
    "provider": ("सेवा पुरवठादार", "सेवा प्रदाता", "provider"),
    "reservations": ("राखीव साठा", "आरक्षित स्टॉक", "reservation"),
    "stock": ("साठा", "स्टॉक", "stock"),
    "venues": ("मैदान", "मैदान", "ground"),
}
"""What people call the things that are kept, in the order of LANGUAGES. What only programs see keeps its own name."""


@runtime_checkable
class Spoken(Protocol):
    """A parameter of a sentence that reads differently in each language."""

    def said(self, language: Language) -> str: ...


class Noun(str):
    """The name of a collection; in a sentence the word for one of it."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        return NOUNS[self][LANGUAGES.index(language)] if self in NOUNS else str(self)


class Problem(Exception):
    """Something a caller can be told. English is the docstring, `mr` and `hi` the others, all with {params}."""

    status: ClassVar[int]
    mr: ClassVar[str]
    hi: ClassVar[str]

    def __init__(self, **params: object) -> None:
        self.params = {**params, "what": Noun(what)} if isinstance(what := params.get("what"), str) else params
        super().__init__(self.sentence("en"))

    @property
    def code(self) -> str:
        return type(self).__name__

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that belong to this answer, such as Retry-After."""
        return {}

    def sentence(self, language: Language) -> str:
        template = (type(self).__doc__ or "") if language == "en" else str(getattr(self, language))
        return template.format(**{name: spoken(value, language) for name, value in self.params.items()})


def spoken(value: object, language: Language) -> object:
    return value.said(language) if isinstance(value, Spoken) else value


class NotFound(Problem):
    """There is no {what} with the id {id}."""

    status = 404
    mr = "{id} या क्रमांकाची नोंद ({what}) सापडली नाही."
    hi = "{id} क्रमांक का रिकॉर्ड ({what}) नहीं मिला।"


class Refused(Problem):
    """The rules say no."""

    status = 409
    mr = "नियमांनुसार हे करता येत नाही."
    hi = "नियमों के अनुसार यह नहीं हो सकता।"


class Conflict(Problem):
    """Somebody else came first."""

    status = 409
    mr = "दुसऱ्या कोणीतरी आधीच बदल केला आहे."
    hi = "किसी और ने पहले ही बदलाव कर दिया है।"


class Invalid(Problem):
    """What was sent cannot be understood."""

    status = 422
    mr = "पाठवलेली माहिती समजली नाही."
    hi = "भेजी गई जानकारी समझ में नहीं आई।"


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request; use a new key."""

    mr = "ही Idempotency-Key दुसऱ्या विनंतीसाठी वापरली आहे; नवीन key वापरा."
    hi = "यह Idempotency-Key किसी और अनुरोध में इस्तेमाल हो चुकी है; नई key इस्तेमाल करें।"


class AlreadyExists(Conflict):
    """The {what} with the id {id} exists already."""

    mr = "{id} या क्रमांकाची नोंद ({what}) आधीच आहे."
    hi = "{id} क्रमांक का रिकॉर्ड ({what}) पहले से है।"


class VersionMismatch(Conflict):
    """This was changed meanwhile: it is at version {version}; read it again and repeat."""

    status = 412
    mr = "दरम्यान यात बदल झाला आहे (आवृत्ती {version}); पुन्हा वाचून परत प्रयत्न करा."
    hi = "इस बीच इसमें बदलाव हुआ है (संस्करण {version}); फिर से पढ़कर दोहराएँ।"


class TooManyUnsent(Conflict):
    """Too many changes of this {what} still wait to be announced; try again in a few seconds."""

    status = 503
    mr = "या नोंदीचे ({what}) बरेच बदल अजून कळवायचे आहेत; काही सेकंदांनी पुन्हा प्रयत्न करा."
    hi = "इस रिकॉर्ड ({what}) के कई बदलाव अभी भेजे जाने हैं; कुछ सेकंड बाद फिर कोशिश करें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}


class EventTooLarge(Refused):
    """This change is {size} bytes as an event; at most {limit} can be announced. Shorten it."""

    status = 413
    mr = "हा बदल {size} बाइट आहे; जास्तीत जास्त {limit} बाइट चालतात. मजकूर कमी करा."
    hi = "यह बदलाव {size} बाइट है; अधिकतम {limit} बाइट हो सकता है। इसे छोटा करें।"
