"""What every service can say no to, before or beside its own rules; and how a Problem looks as an answer."""

import json
import re
from typing import Any

from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python
from starlette.responses import Response

from shared.errors import Invalid, Language, NotFound, Problem
from shared.events import SCHEMA_BASE

MEDIA_TYPE = "application/problem+json"


class FieldFault(BaseModel):
    """One field that needs mending."""

    field: str = Field(description="where, such as lines.0.quantity", examples=["lines.0.quantity"])
    rule: str = Field(description="the rule it breaks, stable", examples=["greater_than"])
    fix: str = Field(description="what to do, in the language of Accept-Language")


class ProblemView(BaseModel):
    """An RFC 9457 problem."""

    type: str = Field(description="a URI that names the kind of problem")
    title: str = Field(description="the kind of problem, in English")
    status: int
    code: str = Field(description="stable; what programs compare", examples=["NotEnoughStock"])
    detail: str = Field(description="a sentence for people, in the language of Accept-Language (mr, hi, en)")
    request_id: str
    params: dict[str, Any] = Field(default_factory=dict, description="what the sentence is made of")
    errors: list[FieldFault] | None = Field(default=None, description="of InvalidRequest: each field to mend")


class InvalidRequest(Invalid):
    """Mend what errors names ({count}) and send it again."""

    mr = "errors मध्ये दिलेले ({count}) दुरुस्त करा आणि पुन्हा पाठवा."
    hi = "errors में बताई गई बातें ({count}) सुधारें और फिर भेजें।"


class MalformedJson(Invalid):
    """The body is not the JSON we can read: {why}. Send one JSON value in UTF-8."""

    status = 400
    mr = "पाठवलेला मजकूर वाचता येईल असा JSON नाही: {why}. UTF-8 मध्ये एक JSON पाठवा."
    hi = "भेजा गया डेटा पढ़ने योग्य JSON नहीं है: {why}। UTF-8 में एक JSON भेजें।"


class WrongContentType(Invalid):
    """Send the body as application/json, not as {sent}."""

    status = 415
    mr = "मजकूर {sent} म्हणून नव्हे, application/json म्हणून पाठवा."
    hi = "डेटा {sent} के रूप में नहीं, application/json के रूप में भेजें।"


class BodyTooLarge(Invalid):
    """The body is larger than {limit} bytes; send less at once."""

    status = 413
    mr = "मजकूर {limit} बाइटपेक्षा मोठा आहे; एका वेळी कमी पाठवा."
    hi = "डेटा {limit} बाइट से बड़ा है; एक बार में कम भेजें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Connection": "close"}  # what is still on its way is not read


class NoSuchRoute(NotFound):
    """Nothing is served at {path}; see /openapi.json for what is."""

    mr = "{path} येथे काहीही नाही; काय आहे ते /openapi.json मध्ये पाहा."
    hi = "{path} पर कुछ नहीं है; क्या है, यह /openapi.json में देखें।"


class MethodNotAllowed(Invalid):
    """{method} cannot be done here; allowed: {allowed}."""

    status = 405
    mr = "येथे {method} करता येत नाही; हे चालते: {allowed}."
    hi = "यहाँ {method} नहीं हो सकता; यह हो सकता है: {allowed}।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": str(self.params["allowed"])}


class IdempotencyKeyMissing(Invalid):
    """Send the header Idempotency-Key: a new value for each thing you ask, the same one when you repeat it."""

    status = 400
    mr = "Idempotency-Key हा header पाठवा: प्रत्येक नव्या विनंतीला नवीन, पुन्हा पाठवताना तोच."
    hi = "Idempotency-Key हेडर भेजें: हर नए अनुरोध के लिए नया, दोहराते समय वही।"


class IdempotencyKeyUnusable(Invalid):
    """An Idempotency-Key is 1 to {longest} printable ASCII characters; a UUID is a good one."""

    mr = "Idempotency-Key मध्ये 1 ते {longest} साधी ASCII अक्षरे असावीत; UUID उत्तम."
    hi = "Idempotency-Key में 1 से {longest} साधारण ASCII अक्षर हों; UUID अच्छा रहता है।"


class BadIfMatch(Invalid):
    """If-Match holds one ETag as we gave it, such as "3"."""

    status = 400
    mr = 'If-Match मध्ये आम्ही दिलेला एकच ETag असावा, जसे "3".'
    hi = 'If-Match में हमारा दिया हुआ एक ही ETag हो, जैसे "3"।'


class StateMissing(Invalid):
    """state: name the state by its LGD code, as in ?state=27, or send a token."""

    mr = "state: राज्याचा LGD क्रमांक द्या, जसे ?state=27, किंवा token पाठवा."
    hi = "state: राज्य का LGD कोड दें, जैसे ?state=27, या token भेजें।"


class BadRequest(Invalid):
    """This request cannot be read."""

    status = 400
    mr = "ही विनंती वाचता आली नाही."
    hi = "यह अनुरोध पढ़ा नहीं जा सका।"


class TryAgain(Problem):
    """The database does not answer at the moment. Try again in a few seconds, with the same Idempotency-Key."""

    status = 503
    mr = "सध्या माहितीसाठा (database) प्रतिसाद देत नाही. काही सेकंदांनी त्याच Idempotency-Key सह पुन्हा प्रयत्न करा."
    hi = "अभी डेटाबेस जवाब नहीं दे रहा। कुछ सेकंड बाद उसी Idempotency-Key से फिर कोशिश करें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


class Unexpected(Problem):
    """Something went wrong on our side. Try again with the same Idempotency-Key, or name the request_id to us."""

    status = 500
    mr = "आमच्या बाजूने काहीतरी चुकले. त्याच Idempotency-Key सह पुन्हा प्रयत्न करा, किंवा आम्हाला request_id कळवा."
    hi = "हमारी ओर से कुछ गड़बड़ हुई। उसी Idempotency-Key से फिर कोशिश करें, या हमें request_id बताएँ।"


def title_of(code: str) -> str:
    """NotEnoughStock → Not enough stock; GroundTwiceADay → Ground twice a day."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", code).capitalize()


def problem_body(problem: Problem, language: Language, request_id: str) -> dict[str, Any]:
    return {
        "type": f"{SCHEMA_BASE}/problems/{problem.code}",
        "title": title_of(problem.code),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.sentence(language),
        "request_id": request_id,
        "params": to_jsonable_python(problem.params, fallback=str, inf_nan_mode="strings"),
    }


def problem_response(
    problem: Problem, language: Language, request_id: str, faults: list[FieldFault] | None = None
) -> Response:
    """The RFC 9457 answer of a problem, with its own headers; `faults` become its member `errors`."""
    body = problem_body(problem, language, request_id)
    if faults is not None:
        body["errors"] = [fault.model_dump() for fault in faults]
    headers = {"Content-Language": language, "Cache-Control": "no-store", **problem.headers}
    # a name of a wrong field may hold half a surrogate pair: shown as ?, never a failure of its own
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return Response(content, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)
