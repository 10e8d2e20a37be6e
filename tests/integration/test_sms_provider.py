"""The local SMS provider as a process: accepts once, reports signed, misbehaves when told, survives kill -9."""

import base64
import hashlib
import hmac
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import stamina

from deploy.local.ports import free_port
from deploy.local.process import Process
from deploy.local.provider.reports import signed
from tests.integration.sms_parties import NUMBER, SECRET, TEXT, Customer, Provider


@pytest.fixture(scope="module")
def customer() -> Iterator[Customer]:
    server = Customer()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def only(tmp_path_factory: pytest.TempPathFactory, customer: Customer) -> Iterator[Provider]:
    started = Provider(tmp_path_factory.mktemp("provider"), customer)
    started.start()
    yield started
    started.process.stop()
    started.client.close()


@pytest.fixture
def provider(only: Provider) -> Provider:
    """The one of this module, running and told nothing."""
    only.start()
    only.control(mode="normal")
    return only


@pytest.fixture
def ref() -> str:
    return f"{uuid.uuid4()}:1:2:{uuid.uuid4()}:sms"


def test_a_message_is_accepted_reported_and_readable_in_the_log(
    provider: Provider, customer: Customer, ref: str
) -> None:
    answer = provider.send(ref)
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    reports = customer.reports(ref, 2)
    assert [report["status"] for report in reports] == ["sent", "delivered"]
    assert {report["client_ref"] for report in reports} == {ref}
    assert {report["provider_id"] for report in reports} == {answer.json()["provider_id"]}
    assert TEXT in provider.log.read_text(encoding="utf-8")
    assert (provider.accepted(ref)[0]["to"], provider.accepted(ref)[0]["parts"]) == (NUMBER, 2)


def test_a_report_is_signed_as_standard_webhooks_says(provider: Provider, customer: Customer, ref: str) -> None:
    provider.send(ref)
    for report in customer.reports(ref, 2):
        headers = report["headers"]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + report["body"]
        digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_the_signature_is_that_of_the_schemes_own_example() -> None:
    secret, webhook_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    headers = signed(secret, webhook_id, 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_sent_again_is_accepted_once(provider: Provider, ref: str) -> None:
    before = provider.client.get("/stats").json()["messages"]
    first, second = provider.send(ref), provider.send(ref)
    assert provider.client.get("/stats").json()["messages"] == before + 1
    assert first.json() == second.json()
    assert len(provider.accepted(ref)) == 1


def test_one_ref_cannot_carry_two_messages(provider: Provider, ref: str) -> None:
    provider.send(ref)
    other = provider.send(ref, text="वेगळा मजकूर")
    assert (other.status_code, other.json()["code"]) == (409, "RefReused")
    assert [row["text"] for row in provider.accepted(ref)] == [TEXT]


def test_one_can_ask_what_became_of_a_message(provider: Provider, customer: Customer, ref: str) -> None:
    unknown = provider.client.get(f"/sms/v1/messages/{ref}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "UnknownRef")
    provider.send(ref)
    customer.reports(ref, 2)
    assert provider.client.get(f"/sms/v1/messages/{ref}").json()["status"] == "delivered"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"to": "+911234567890"}, "InvalidNumber"),
        ({"to": "9822012345"}, "InvalidNumber"),
        ({"to": None}, "InvalidNumber"),
        ({"template_id": None}, "TemplateMissing"),
        ({"entity_id": " "}, "EntityMissing"),
        ({"header": 7}, "HeaderMissing"),
        ({"text": ""}, "TextMissing"),
        ({"language": "ta"}, "UnknownLanguage"),
        ({"variables": ["पापड" * 11]}, "VariableTooLong"),
        ({"variables": {"goods": "पापड" * 11}}, "VariableTooLong"),
    ],
)
def test_a_message_no_operator_would_take_is_refused(
    provider: Provider, ref: str, fault: dict[str, Any], code: str
) -> None:
    answer = provider.send(ref, **fault)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert provider.accepted(ref) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'{"text": "\\ud800"}'])
def test_what_is_no_message_is_refused_and_the_provider_lives_on(provider: Provider, body: bytes) -> None:
    answer = provider.client.post("/sms/v1/messages", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "NotJson")
    assert provider.client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(("mode", "statuses"), [("refuse", {422}), ("busy", {429}), ("broken", {500, 502, 503})])
def test_a_bad_answer_on_demand_accepts_nothing(provider: Provider, ref: str, mode: str, statuses: set[int]) -> None:
    provider.control(mode=mode, count=3)
    answers = [provider.send(ref) for _ in range(4)]
    assert {answer.status_code for answer in answers[:3]} == statuses
    assert answers[3].status_code == 202
    assert len(provider.accepted(ref)) == 1
    assert all(answer.headers.get("retry-after") == "1" for answer in answers if answer.status_code == 429)


def test_a_time_out_after_accepting_is_found_by_asking(provider: Provider, ref: str) -> None:
    provider.control(mode="timeout", count=1)
    with pytest.raises(httpx.ReadTimeout):
        provider.send(ref, timeout=1)
    known = provider.client.get(f"/sms/v1/messages/{ref}").json()
    assert provider.send(ref).json()["provider_id"] == known["provider_id"]
    assert len(provider.accepted(ref)) == 1


def test_a_slow_answer_comes_in_the_end(provider: Provider, ref: str) -> None:
    provider.control(mode="slow", count=1, delay_seconds=0.05)
    assert provider.send(ref).status_code == 202


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("twice", ["sent", "sent", "delivered", "delivered"]),
        ("reversed", ["delivered", "sent"]),
        ("undelivered", ["sent", "failed"]),
    ],
)
def test_reports_misbehave_on_demand(
    provider: Provider, customer: Customer, ref: str, mode: str, expected: list[str]
) -> None:
    provider.control(mode=mode, count=1)
    provider.send(ref)
    assert [report["status"] for report in customer.reports(ref, len(expected))] == expected


def test_the_same_seed_misbehaves_for_the_same_messages(provider: Provider) -> None:
    def share(seed: int) -> list[int]:
        provider.control(mode="busy", rate=0.5, seed=seed)
        return [provider.send(f"order-{number}-{uuid.UUID(int=seed)}").status_code for number in range(40)]

    statuses = share(7)
    assert 10 < statuses.count(429) < 30
    refused = [number for number, status in enumerate(statuses) if status == 429]
    provider.process.kill()
    provider.start()
    assert [number for number, status in enumerate(share(7)) if status == 429] == refused


@pytest.mark.parametrize(("digits", "statuses"), [("0400", [422, 422]), ("0429", [429, 202]), ("0500", [500, 202])])
def test_magic_numbers_misbehave_without_being_told(
    provider: Provider, ref: str, digits: str, statuses: list[int]
) -> None:
    assert [provider.send(ref, to=f"+91999990{digits}").status_code for _ in range(2)] == statuses


def test_a_rule_that_makes_no_sense_is_refused(provider: Provider) -> None:
    for bad in ({"mode": "sulk"}, {"mode": "busy", "rate": 2}, {"mode": "busy", "count": 1, "rate": 0.5}):
        assert provider.client.put("/control", json=bad).status_code == 422
    provider.control(mode="busy")
    provider.control(mode="normal")
    assert provider.client.get("/control").json() == []


def test_a_report_is_repeated_until_it_is_acknowledged(provider: Provider, customer: Customer, ref: str) -> None:
    customer.refusals[ref] = 2
    provider.send(ref)
    first, second, third, fourth = customer.reports(ref, 4)
    assert [report["refused"] for report in (first, second, third, fourth)] == [True, True, False, False]
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"] == third["headers"]["webhook-id"]
    assert [third["status"], fourth["status"]] == ["sent", "delivered"]


def test_a_killed_provider_remembers_what_it_accepted_and_goes_on_reporting(
    provider: Provider, customer: Customer, ref: str
) -> None:
    customer.refusals[ref] = 1_000_000
    before = provider.send(ref).json()
    provider.process.kill()
    with provider.log.open("ab") as log:
        log.write(b'{"client_ref": "half a li')
    customer.refusals[ref] = 0
    provider.start()
    assert provider.send(ref).json() == before
    assert len(provider.accepted(ref)) == 1
    acknowledged: list[str] = []
    while "delivered" not in acknowledged:
        acknowledged += [report["status"] for report in customer.reports(ref, 1) if not report["refused"]]
    assert acknowledged == ["sent", "delivered"]


def test_no_phone_number_stands_in_the_process_log(provider: Provider, customer: Customer, ref: str) -> None:
    provider.send(ref)
    provider.send(ref, to="+919822012346")
    customer.reports(ref, 2)
    provider.process.stop()
    assert any(f"{ref} for **********345" in line for line in provider.lines)
    assert not any("9822012" in line for line in provider.lines)


def test_a_provider_without_a_secret_says_which_setting_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMS_CALLBACK_SECRET", raising=False)
    command = ["-m", "deploy.local.provider", "--port", str(free_port()), "--log", str(tmp_path / "sms.jsonl")]
    process = Process("provider", [sys.executable, *command], env={"SMS_CALLBACK_URL": "http://127.0.0.1:1"})
    process.start()
    ended(process)
    assert any("SMS_CALLBACK_SECRET" in line or "--callback-secret" in line for line in process.tail)


def ended(process: Process) -> None:
    for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=20, wait_max=0.2):
        with attempt:
            assert process.exit_code == 2
    process.stop()
