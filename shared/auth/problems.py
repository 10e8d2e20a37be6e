"""Why somebody is not let in."""

from typing import Literal

from shared.errors import Language, Problem

Reason = Literal[
    "missing", "malformed", "algorithm", "key", "expired", "early", "audience", "issuer", "claims", "signature"
]

WHY: dict[Reason, dict[Language, str]] = {
    "missing": {
        "en": "Send a token: the header Authorization with Bearer and the token.",
        "mr": "Token पाठवा: Authorization या header मध्ये Bearer आणि पुढे token.",
        "hi": "Token भेजें: Authorization हेडर में Bearer और आगे token।",
    },
    "malformed": {
        "en": "What was sent is no token.",
        "mr": "जे पाठवले ते token नाही.",
        "hi": "जो भेजा गया वह token नहीं है।",
    },
    "algorithm": {
        "en": "The token is signed in a way we do not accept; it takes ES256 or RS256.",
        "mr": "Token ची सही आम्ही स्वीकारतो त्या पद्धतीची नाही; ES256 किंवा RS256 हवी.",
        "hi": "Token पर हस्ताक्षर का तरीका स्वीकार नहीं है; ES256 या RS256 चाहिए।",
    },
    "key": {
        "en": "The token is signed with a key the issuer does not have.",
        "mr": "Token वरची सही issuer कडे नसलेल्या key ने केली आहे.",
        "hi": "Token पर हस्ताक्षर ऐसी key से है जो issuer के पास नहीं है।",
    },
    "expired": {
        "en": "The token has expired; get a new one.",
        "mr": "Token ची मुदत संपली आहे; नवीन घ्या.",
        "hi": "Token की अवधि समाप्त हो गई है; नया लें।",
    },
    "early": {
        "en": "The token is not valid yet; check the clock of its issuer.",
        "mr": "Token अजून वैध झालेला नाही; issuer चे घड्याळ तपासा.",
        "hi": "Token अभी मान्य नहीं हुआ है; issuer की घड़ी जाँचें।",
    },
    "audience": {
        "en": "The token is meant for another system.",
        "mr": "Token दुसऱ्या प्रणालीसाठी आहे.",
        "hi": "Token किसी और प्रणाली के लिए है।",
    },
    "issuer": {
        "en": "The token comes from another issuer.",
        "mr": "Token दुसऱ्या issuer ने दिला आहे.",
        "hi": "Token किसी और issuer का है।",
    },
    "claims": {
        "en": "The token does not say who you are in the way we need; see the claims we expect.",
        "mr": "Token मध्ये आवश्यक ती ओळख (claims) नाही.",
        "hi": "Token में ज़रूरी पहचान (claims) नहीं है।",
    },
    "signature": {
        "en": "The signature of the token is wrong.",
        "mr": "Token वरची सही चुकीची आहे.",
        "hi": "Token पर हस्ताक्षर गलत है।",
    },
}


class Unauthenticated(Problem):
    """Send a valid token of this market's issuer."""

    status = 401
    mr = "या बाजाराच्या issuer ने दिलेला वैध token पाठवा."
    hi = "इस बाज़ार के issuer का दिया हुआ मान्य token भेजें।"

    def __init__(self, reason: Reason, **params: object) -> None:
        self.reason = reason
        super().__init__(reason=reason, **params)

    def sentence(self, language: Language) -> str:
        """What is wrong with this token, and what to do."""
        return WHY[self.reason][language]

    @property
    def headers(self) -> dict[str, str]:
        error = "" if self.reason == "missing" else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="bachat-haat"{error}'}


class Forbidden(Problem):
    """The role {role} may not do this; it takes one of: {allowed}."""

    status = 403
    mr = "{role} या भूमिकेला हे करता येत नाही; यापैकी एक भूमिका हवी: {allowed}."
    hi = "{role} भूमिका यह नहीं कर सकती; इनमें से एक भूमिका चाहिए: {allowed}।"


class IssuerAway(Problem):
    """Tokens cannot be checked at the moment: the issuer does not answer. Try again in a few seconds."""

    status = 503
    mr = "सध्या token तपासता येत नाही: issuer प्रतिसाद देत नाही. काही सेकंदांनी पुन्हा प्रयत्न करा."
    hi = "अभी token जाँचा नहीं जा सकता: issuer जवाब नहीं दे रहा। कुछ सेकंड बाद फिर कोशिश करें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
