"""What clients send by mistake or on purpose: a stable code, a sentence, and a service that goes on."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.scope import Role
from shared.testing import Signer
from shared.web.bodies import LARGEST_BODY_BYTES

JSON = {"Content-Type": "application/json"}


async def posted(client: httpx.AsyncClient, signer: Signer, body: bytes, **headers: str) -> httpx.Response:
    by = signer.headers(Role.BUYER, "k-1")
    return await client.post("/v1/notes", content=body, headers={**by, **JSON, **headers})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"text": "a"', "Expecting ',' delimiter at line 1, column 13"),
        (b"text=a", "Expecting value at line 1, column 1"),
        (b'{"text": NaN}', "NaN is no number"),
        (b'{"stars": -Infinity}', "-Infinity is no number"),
        (b'{"stars": 1e999}', "a number too large"),
        (b'{"stars": 9223372036854775808}', "a whole number beyond 9223372036854775807"),
        (b'{"stars": ' + b"9" * 900_000 + b"}", "a whole number beyond 9223372036854775807"),
        (b'{"text": "a", "text": "b"}', "the same name twice in one object"),
        (b'{"text": "\\ud83d"}', "an escaped character that is none (\\u0000 or half a surrogate pair)"),
        (b'{"\\udc00": 1}', "an escaped character that is none (\\u0000 or half a surrogate pair)"),
        (b'{"text": ["a\\u0000b"]}', "an escaped character that is none (\\u0000 or half a surrogate pair)"),
        (b'{"text": "a\x00b"}', "Invalid control character at at line 1, column 12"),
        (b'{"text": "\xff\xfe"}', "not UTF-8 at byte 10"),
        ('{"text": "अ"}'.encode("utf-16"), "not UTF-8 at byte 0"),
        (b'\xef\xbb\xbf{"text": "a"}', "Unexpected UTF-8 BOM (decode using utf-8-sig) at line 1, column 1"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
async def test_what_is_no_json_of_ours_is_refused_with_the_reason(
    client: httpx.AsyncClient, signer: Signer, body: bytes, why: str
) -> None:
    answer = await posted(client, signer, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "MalformedJson")
    assert answer.json()["params"]["why"] == why
    assert (await client.get("/livez")).status_code == 200


async def test_an_escaped_pair_of_surrogates_is_one_character(client: httpx.AsyncClient, signer: Signer) -> None:
    answer = await posted(client, signer, b'{"text": "\\ud83d\\ude4f \\\\u0000"}')
    assert (answer.status_code, answer.json()["text"]) == (201, "🙏 \\u0000")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_body_of_another_type_is_refused(client: httpx.AsyncClient, signer: Signer, sent: str) -> None:
    answer = await posted(client, signer, b"text=a", **{"Content-Type": sent})
    assert (answer.status_code, answer.json()["code"]) == (415, "WrongContentType")


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 65_536


async def test_a_body_over_the_limit_is_refused_whether_it_names_its_length_or_not(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    headers = {**signer.headers(Role.BUYER, "k-1"), **JSON}
    whole = await client.post("/v1/notes", content=b" " * (LARGEST_BODY_BYTES + 1), headers=headers)
    chunked = await client.post("/v1/notes", content=chunks(160), headers=headers)
    for answer in (whole, chunked):
        assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")
        assert answer.headers["connection"] == "close"


async def test_a_body_of_exactly_the_limit_is_read(client: httpx.AsyncClient, signer: Signer) -> None:
    answer = await posted(client, signer, b'{"text": "a"}'.ljust(LARGEST_BODY_BYTES))
    assert answer.status_code == 201


async def test_each_wrong_field_is_named_with_its_rule_and_what_to_do(
    client: httpx.AsyncClient, signer: Signer
) -> None:
    body = '{"text": "", "stars": 9, "colour": "लाल"}'.encode()
    answer = await posted(client, signer, body, **{"Accept-Language": "mr"})
    assert (answer.status_code, answer.json()["code"], answer.json()["params"]) == (422, "InvalidRequest", {"count": 3})
    assert answer.json()["errors"] == [
        {"field": "text", "rule": "too_short", "fix": "किमान 1 हवे; येथे 0 आहे."},
        {"field": "stars", "rule": "less_than_equal", "fix": "5 किंवा कमी पाठवा."},
        {"field": "colour", "rule": "extra_forbidden", "fix": "हे काढा: असे क्षेत्र नाही."},
    ]


@pytest.mark.parametrize(
    ("body", "field", "rule", "fix"),
    [
        (b"", "body", "missing", "Send a JSON object."),
        (b"null", "body", "model_attributes_type", "Send a JSON object."),
        (b"[]", "body", "model_attributes_type", "Send a JSON object."),
        (b'{"text": 7}', "text", "string_type", "Send a text."),
        (b'{"text": "a", "stars": "many"}', "stars", "int_parsing", "Send a whole number."),
        (b'{"text": "a", "stars": 1.5}', "stars", "int_from_float", "Send a whole number."),
        (b'{"text": "a", "stars": -1}', "stars", "greater_than_equal", "Send 1 or more."),
        (b'{"text": "\\u0007"}', "text", "unreadable", "Remove the character U+0007: it cannot be shown."),
    ],
)
async def test_a_wrong_type_says_which_is_right(
    client: httpx.AsyncClient, signer: Signer, body: bytes, field: str, rule: str, fix: str
) -> None:
    answer = await posted(client, signer, body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "rule": rule, "fix": fix}]


async def test_a_flood_of_wrong_fields_is_counted_but_not_listed(client: httpx.AsyncClient, signer: Signer) -> None:
    unknown = ", ".join(f'"f{n}": 1' for n in range(500))
    answer = await posted(client, signer, f'{{"text": "a", {unknown}}}'.encode())
    assert (answer.json()["params"]["count"], len(answer.json()["errors"])) == (500, 20)


async def test_nothing_a_caller_sent_is_in_a_validation_answer(client: httpx.AsyncClient, signer: Signer) -> None:
    answer = await posted(client, signer, '{"text": ["गुप्त"]}'.encode())
    assert answer.status_code == 422
    assert "गुप्त" not in answer.text


async def test_paths_and_queries_of_strange_bytes_are_answered(client: httpx.AsyncClient, signer: Signer) -> None:
    by = signer.headers(Role.ADMIN)
    for path in ("/v1/notes/%00", "/v1/notes/%ff%fe", "/v1/notes/%ED%A0%80", "/v1/notes/" + "9" * 3000):
        assert (await client.get(path, headers=by)).status_code == 404
    for query in ("limit=%00", "limit=9999999999999999999999", "limit=NaN", "limit=1&limit=x", "limit=-1"):
        answer = await client.get(f"/v1/notes?{query}", headers=by)
        assert (answer.status_code, answer.json()["code"]) == (422, "InvalidRequest"), query


@pytest.mark.parametrize(
    ("language", "fix"),
    [
        ("en", "Leave it out, or use one of: limit, cursor."),
        ("mr", "हे काढा, किंवा यापैकी एक वापरा: limit, cursor."),
        ("hi", "इसे हटाएँ, या इनमें से एक का उपयोग करें: limit, cursor।"),
    ],
)
async def test_a_filter_that_is_none_is_refused_and_not_left_out_of_account(
    client: httpx.AsyncClient, signer: Signer, language: str, fix: str
) -> None:
    headers = {**signer.headers(Role.ADMIN), "Accept-Language": language}
    answer = await client.get("/v1/notes?limit=5&blok=4603&blok=4604&गाव=भोर", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "InvalidRequest")
    assert answer.json()["errors"] == [
        {"field": name, "rule": "no_such_parameter", "fix": fix} for name in ("blok", "गाव")
    ]


async def test_where_there_are_no_parameters_one_is_refused_too(client: httpx.AsyncClient, signer: Signer) -> None:
    by = signer.headers(Role.BUYER, "k-1")
    answer = await client.post("/v1/notes?dry=true", json={"text": "अ"}, headers=by)
    assert (answer.status_code, answer.json()["errors"][0]["fix"]) == (422, "Leave it out: there is no such field.")
