"""How refusals and failures look to a caller."""

import re

import httpx
import pytest
from structlog.testing import capture_logs

from shared.errors import LANGUAGES, AlreadyExists, NotFound, Problem
from shared.scope import Role
from shared.testing import Signer
from shared.web import problems
from shared.web.languages import wanted
from shared.web.problems import title_of
from tests.unit.shared.web.notes import NoteTooLoud

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def refused(client: httpx.AsyncClient, signer: Signer, language: str | None) -> httpx.Response:
    spoken = {"Accept-Language": language} if language else {}
    return await client.post("/v1/notes", json={"text": "हळू!"}, headers=signer.headers(Role.BUYER, "k-1") | spoken)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (None, "Write हळू! more quietly."),
        ("mr-IN, en;q=0.5", "हळू! जरा हळू आवाजात लिहा."),
        ("hi", "हळू! थोड़ा धीरे लिखें।"),
    ],
)
async def test_a_refusal_is_told_in_the_callers_language(
    client: httpx.AsyncClient, signer: Signer, language: str | None, sentence: str
) -> None:
    answer = await refused(client, signer, language)
    assert (answer.status_code, answer.json()["detail"]) == (409, sentence)


async def test_a_refusal_is_a_problem_of_rfc_9457_with_code_request_id_and_parameters(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    answer = await refused(client, signer, None)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert answer.json() == {
        "type": "https://schemas.bachathaat.in/problems/NoteTooLoud",
        "title": "Note too loud",
        "status": 409,
        "code": "NoteTooLoud",
        "detail": "Write हळू! more quietly.",
        "request_id": answer.headers["x-request-id"],
        "params": {"text": "हळू!"},
    }


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr, de", "en"),
        ("fr, mr;q=0.1", "mr"),
        ("en;q=0.5, hi;q=0.9, mr;q=0.8", "hi"),
        ("mr;q=0, hi", "hi"),
        ("HI-in", "hi"),
        ("*", "en"),
        ("mr;q=loud", "en"),
        ("mr;q=-1, hi;q=2", "en"),
        (",;,;q=,mr", "mr"),
    ],
)
def test_the_language_is_the_best_of_ours_by_weight(header: str | None, language: str) -> None:
    assert wanted(header) == language


async def test_an_unknown_route_is_named_and_nothing_else_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/nowhere", headers={"Accept-Language": "mr"})
    assert (answer.status_code, answer.json()["code"]) == (404, "NoSuchRoute")
    assert "/v1/nowhere येथे काहीही नाही" in answer.json()["detail"]


async def test_a_trailing_slash_is_another_route_and_no_redirect(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/notes/", follow_redirects=False)).status_code == 404


async def test_a_wrong_method_is_told_all_methods_of_the_path(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/notes/1", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH")
    assert answer.json()["code"] == "MethodNotAllowed"


async def test_a_failure_shows_nothing_and_is_logged_once_with_its_request(client: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        answer = await client.get("/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "Unexpected")
    assert "राजा123" not in answer.text
    failures = [line for line in logged if line["event"] == "http.failed"]
    assert len(failures) == 1
    assert str(failures[0]["exc_info"]) == "the password is राजा123"


async def test_a_database_that_is_away_asks_to_try_again_and_names_no_server(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/away", headers={"Accept-Language": "hi"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "TryAgain", "2")
    assert "mongo-3" not in answer.text
    assert "Idempotency-Key" in answer.json()["detail"]


def _is_problem(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Problem)


def test_every_problem_of_the_http_face_says_its_sentence_in_three_languages() -> None:
    own: list[type[Problem]] = [kind for kind in vars(problems).values() if _is_problem(kind)]
    spoken = [kind for kind in own if kind.__module__ == problems.__name__]
    assert len(spoken) == 13
    kinds: list[type[Problem]] = [*spoken, NoteTooLoud]
    for kind in kinds:
        fields = set(re.findall(r"{(\w+)}", kind.__doc__ or ""))
        assert fields == set(re.findall(r"{(\w+)}", kind.mr)) == set(re.findall(r"{(\w+)}", kind.hi)), kind
        sentences = [kind(**dict.fromkeys(fields, "x")).sentence(language) for language in LANGUAGES]
        assert len(set(sentences)) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("NotEnoughStock", "Not enough stock"),
        ("GroundTwiceADay", "Ground twice a day"),
        ("NotFound", "Not found"),
        ("MalformedJson", "Malformed json"),
    ],
)
def test_a_title_is_the_code_in_words(code: str, title: str) -> None:
    assert title_of(code) == title


def test_what_is_not_found_or_exists_already_is_called_as_people_call_it() -> None:
    for problem in (NotFound(what="calls", id="c-1"), AlreadyExists(what="calls", id="c-1")):
        said = {language: problem.sentence(language) for language in LANGUAGES}
        assert ("अर्ज मागविणे" in said["mr"], "आवेदन आमंत्रण" in said["hi"]) == (True, True)
        assert "calls" not in "".join(said.values())
        assert problem.params["what"] == "calls"
    assert NotFound(what="venues", id="v-1").sentence("en") == "There is no ground with the id v-1."
    assert NotFound(what="uses", id="u-1").sentence("en") == "There is no uses with the id u-1."


async def test_every_answer_has_a_request_id_also_the_failed_ones(client: httpx.AsyncClient) -> None:
    for path in ("/v1/broken", "/v1/nowhere", "/livez"):
        assert UUID.fullmatch((await client.get(path)).headers["x-request-id"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0199a000-0000-7000-8000-00000000000f", True),
        ("0199A000-0000-7000-8000-00000000000F", False),
        ("x" * 5000, False),
        ("लाल".encode().decode("latin-1"), False),
    ],
)
async def test_only_a_request_id_of_our_form_is_taken_over(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    answer = await client.get("/livez", headers={b"x-request-id": given.encode("latin-1")})
    assert (answer.headers["x-request-id"] == given) is kept
