"""Logs say what happened, and never whose phone it was."""

import json
import os
import subprocess
import sys

import pytest

from shared.logs import MASK, mask_phones, masked

PHONES = [
    "9822012345",
    "+919822012345",
    "+91 98220 12345",
    "+91-98220-12345",
    "0091 9822012345",
    "919822012345",
    "09822012345",
    "98220 12345",
    "982-201-2345",
    "(98220) 12345",
    "98220.12345",
    "98220\u201112345",
    "98 22 01 23 45",
    "९८२२०१२३४५",
    "+९१ ९८२२० १२३४५",
    "020-25531234",
    "+91 20 2553 1234",
]
KEPT = [
    "0199a000-0000-7000-8000-000000000001",
    "98220123-4567-7000-8000-982201234567",
    "01a2031d-c3ca-7100-973f-146a30bfc661:1:9822",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "₹98,22,012",
    "₹ 9822012345",
    "25000000 paise",
    "LGD 27, 490, 4110, 535678",
    "411001 411002",
    "2026-11-22T11:40:50.123456Z",
    "2026-11-22 11:40:50",
    "7.123456789 s",
    "orders.orders[3] offset 123456",
    "127.0.0.1:27017",
]


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_masked_wherever_it_stands(phone: str) -> None:
    for text in (phone, f"लक्ष्मी: {phone}, पुणे", f"to={phone};", f'{{"phone":"{phone}"}}', f"%2B{phone}"):
        found = masked(text)
        assert MASK in found
        assert not any(part in found for part in ("12345", "2345", "१२३४५", "1234"))


@pytest.mark.parametrize("text", KEPT)
def test_ids_prices_places_and_times_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_every_corner_of_an_event_is_masked_and_its_figures_are_kept() -> None:
    event = {
        "event": "sms.sent",
        "to": ["+919822012345", {"second": ("९८२२०१२३४५",)}],
        "9822012345": "key",
        "number": 9822012345,
        "raw": b"tel:9822012345",
        "error": ValueError("no such number 98220 12345"),
        "total_paise": 9822012345,
        "offset": 9822012345,
        "district": "490",
        "ok": True,
        "ratio": 0.5,
        "nothing": None,
    }
    assert mask_phones(None, "info", event) == {
        "event": "sms.sent",
        "to": [MASK, {"second": [MASK]}],
        MASK: "key",
        "number": MASK,
        "raw": f"tel:{MASK}",
        "error": f"no such number {MASK}",
        "total_paise": 9822012345,
        "offset": 9822012345,
        "district": "490",
        "ok": True,
        "ratio": 0.5,
        "nothing": None,
    }


PROGRAM = """
import logging
from shared import logs
from shared.settings import CommonSettings
from shared.testing import settings_for
from structlog.contextvars import bound_contextvars

logs.configure(settings_for(CommonSettings, log_format="{form}", log_level="{level}"), "notify")
with bound_contextvars(request_id="0199a000-0000-7000-8000-000000000001"):
    logs.log.info("sms.sent", to="+91 98220 12345", text="नमस्कार")
    logs.log.debug("sms.detail", to="9822012345")
    try:
        raise ValueError("९८२२०१२३४५ is busy")
    except ValueError:
        logs.log.exception("sms.failed")
logging.getLogger("uvicorn.error").warning("refused by %s", "9822012345")
logging.getLogger("aiokafka.consumer").info("joined")
try:
    raise RuntimeError("9822012345")
except RuntimeError:
    logging.getLogger("pymongo").exception("broken")
"""


def output(form: str = "json", level: str = "INFO") -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{form}", form).replace("{level}", level)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_ours_and_the_libraries_lines_have_one_form_and_no_phone() -> None:
    told = output()
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["event"] for line in lines] == ["sms.sent", "sms.failed", f"refused by {MASK}", "broken"]
    assert all(line["service"] == "notify" and line["timestamp"].endswith("Z") for line in lines)
    assert lines[0] | {"timestamp": ""} == {
        "timestamp": "",
        "level": "info",
        "event": "sms.sent",
        "service": "notify",
        "request_id": "0199a000-0000-7000-8000-000000000001",
        "to": MASK,
        "text": "नमस्कार",
    }
    assert f"ValueError: {MASK} is busy" in lines[1]["exception"]
    assert lines[2]["logger"] == "uvicorn.error"
    assert "12345" not in told
    assert "१२३४५" not in told


def test_a_person_reads_the_same_on_a_console() -> None:
    told = output("console", "DEBUG")
    assert "sms.detail" in told
    assert "joined" in told
    assert "12345" not in told
    assert "१२३४५" not in told
