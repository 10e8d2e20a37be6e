"""What the gateway says itself when it refuses: RFC 9457 problem bodies in the caller's language."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
LANGUAGES = ("mr", "hi", "en")
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Reply:
    """One refusal: its status, its stable code, and the sentence in three languages."""

    status: int
    code: str
    title: str
    en: str
    mr: str
    hi: str

    def detail(self, language: str) -> str:
        return {"en": self.en, "mr": self.mr, "hi": self.hi}[language]


REPLIES = (
    Reply(
        400,
        "BadRequest",
        "Bad Request",
        "This is not a request the gateway understands; check the path and the headers.",
        "ही विनंती समजली नाही; पत्ता आणि हेडर तपासा.",
        "यह अनुरोध समझ में नहीं आया; पता और हेडर जाँचें।",
    ),
    Reply(
        401,
        "Unauthenticated",
        "Unauthorized",
        "A valid token is needed: send `Authorization: Bearer <token>`; a token that has expired must be renewed.",
        "वैध टोकन आवश्यक आहे: `Authorization: Bearer <token>` पाठवा; मुदत संपली असल्यास नवीन टोकन घ्या.",
        "मान्य टोकन चाहिए: `Authorization: Bearer <token>` भेजें; अवधि समाप्त हो गई हो तो नया टोकन लें।",
    ),
    Reply(
        403,
        "WrongAudience",
        "Forbidden",
        "This token was made for another system; ask the issuer for one of this market.",
        "हे टोकन दुसऱ्या प्रणालीसाठी आहे; या बाजारासाठीचे टोकन घ्या.",
        "यह टोकन किसी और प्रणाली का है; इस बाज़ार का टोकन लें।",
    ),
    Reply(
        404,
        "NoSuchRoute",
        "Not Found",
        "Nothing answers at this path with this method; the page /docs lists what does.",
        "या पत्त्यावर अशी सेवा नाही; उपलब्ध सेवांची यादी /docs या पानावर आहे.",
        "इस पते पर ऐसी कोई सेवा नहीं है; उपलब्ध सेवाओं की सूची /docs पन्ने पर है।",
    ),
    Reply(
        413,
        "BodyTooLarge",
        "Content Too Large",
        "The body is larger than 1 MiB, or the file than 8 MiB; send less at a time, a list in pieces with its header.",
        "मजकूर 1 MiB किंवा फाइल 8 MiB पेक्षा मोठी आहे; एका वेळी कमी पाठवा; यादीचे शीर्षकासह तुकडे करा.",
        "सामग्री 1 MiB या फ़ाइल 8 MiB से बड़ी है; एक बार में कम भेजें; सूची के शीर्षक सहित टुकड़े करें।",
    ),
    Reply(
        429,
        "TooManyRequests",
        "Too Many Requests",
        "Too many requests at once; wait a second and try again.",
        "एकाच वेळी खूप विनंत्या आल्या; एक सेकंद थांबून पुन्हा प्रयत्न करा.",
        "एक साथ बहुत अधिक अनुरोध आए; एक सेकंड रुककर फिर कोशिश करें।",
    ),
    Reply(
        431,
        "HeadersTooLarge",
        "Request Header Fields Too Large",
        "The headers are too large; send fewer or shorter ones.",
        "हेडर खूप मोठे आहेत; कमी किंवा छोटे हेडर पाठवा.",
        "हेडर बहुत बड़े हैं; कम या छोटे हेडर भेजें।",
    ),
    Reply(
        502,
        "BadGateway",
        "Bad Gateway",
        "The service gave an answer that cannot be read; try again with the same Idempotency-Key.",
        "सेवेचे उत्तर वाचता आले नाही; त्याच Idempotency-Key सह पुन्हा प्रयत्न करा.",
        "सेवा का उत्तर पढ़ा नहीं जा सका; उसी Idempotency-Key के साथ फिर कोशिश करें।",
    ),
    Reply(
        503,
        "ServiceUnavailable",
        "Service Unavailable",
        "The service does not answer just now; try again in a few seconds with the same Idempotency-Key.",
        "सेवा सध्या उत्तर देत नाही; काही सेकंदांनी त्याच Idempotency-Key सह पुन्हा प्रयत्न करा.",
        "सेवा अभी उत्तर नहीं दे रही; कुछ सेकंड बाद उसी Idempotency-Key के साथ फिर कोशिश करें।",
    ),
    Reply(
        504,
        "GatewayTimeout",
        "Gateway Timeout",
        "The service took too long; the request may still be carried out: repeat it with the same Idempotency-Key.",
        "सेवेला खूप वेळ लागला; विनंती पूर्ण झालीही असेल: त्याच Idempotency-Key सह पुन्हा पाठवा.",
        "सेवा ने बहुत समय लिया; अनुरोध पूरा हो भी सकता है: उसी Idempotency-Key के साथ दोहराएँ।",
    ),
)


def local_reply_config() -> Json:
    """Envoy's own answers, one mapper per status and language; English serves who asks for another or none."""
    return {"mappers": [_mapper(reply, language) for reply in REPLIES for language in LANGUAGES]}


def _mapper(reply: Reply, language: str) -> Json:
    status = {"status_code_filter": {"comparison": {"op": "EQ", "value": _runtime_value(reply.status)}}}
    wanted = status if language == "en" else {"and_filter": {"filters": [status, _asks_for(language)]}}
    body = {
        "type": "about:blank",
        "title": reply.title,
        "status": reply.status,
        "code": reply.code,
        "detail": reply.detail(language),
        "request_id": "%STREAM_ID%",
    }
    return {"filter": wanted, "body_format_override": {"json_format": body, "content_type": MEDIA_TYPE}}


def _runtime_value(status: int) -> Json:
    return {"default_value": status, "runtime_key": f"gateway.reply_{status}"}


def _asks_for(language: str) -> Json:
    """The first language of Accept-Language: `mr`, `mr-IN`, `mr;q=0.9`."""
    pattern = {"regex": rf"\s*{language}([-,;\s].*)?"}
    return {"header_filter": {"header": {"name": "accept-language", "string_match": {"safe_regex": pattern}}}}
