"""A provider process and its customer, for the tests of the local SMS provider."""

import base64
import json
import queue
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import stamina

from deploy.local.ports import free_port
from deploy.local.process import Process

SECRET = "whsec_" + base64.b64encode(b"a secret of this test, not of a run").decode()
NUMBER = "+919822012345"
TEXT = "सावित्रीबाई बचत गट: तुमची ऑर्डर निश्चित झाली. ज्वारी पापड २ पाकिटे, ₹१८०. धन्यवाद!"
PATIENCE_SECONDS = 20


class Customer(ThreadingHTTPServer):
    """Where reports arrive. It refuses the first `refusals` of a ref, as a service that restarts would."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.received: dict[str, queue.Queue[dict[str, Any]]] = {}
        self.refusals: Counter[str] = Counter()
        self.url = f"http://127.0.0.1:{self.server_port}/v1/provider-callbacks/sms"

    def of(self, ref: str) -> queue.Queue[dict[str, Any]]:
        """Asked for from several threads, and one and the same for all of them."""
        return self.received.setdefault(ref, queue.Queue())

    def reports(self, ref: str, number: int) -> list[dict[str, Any]]:
        return [self.of(ref).get(timeout=PATIENCE_SECONDS) for _ in range(number)]


class Receiver(BaseHTTPRequestHandler):
    server: Customer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        report = json.loads(body)
        refused = self.server.refusals[report["client_ref"]] > 0
        self.server.refusals[report["client_ref"]] -= refused
        headers = {name.lower(): value for name, value in self.headers.items()}
        # before the answer: the next report may come as soon as this one is acknowledged
        self.server.of(report["client_ref"]).put({**report, "headers": headers, "body": body, "refused": refused})
        self.send_response(503 if refused else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The test's output is for the test."""


class Provider:
    """A provider process over one log file, and a client for it."""

    def __init__(self, folder: Path, customer: Customer) -> None:
        self.log = folder / "sms.jsonl"
        self.lines: list[str] = []
        port = free_port()
        command = ["-m", "deploy.local.provider", "--port", str(port), "--log", str(self.log), "--pace", "0.01"]
        env = {"SMS_CALLBACK_URL": customer.url, "SMS_CALLBACK_SECRET": SECRET}
        self.process = Process("provider", [sys.executable, *command], env=env, on_line=self._line)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS)

    def start(self) -> None:
        self.process.start()
        for attempt in stamina.retry_context(on=httpx.TransportError, attempts=None, timeout=30, wait_max=0.2):
            with attempt:
                self.client.get("/healthz").raise_for_status()

    def send(self, ref: str, timeout: float = PATIENCE_SECONDS, **other: object) -> httpx.Response:
        return self.client.post("/sms/v1/messages", json=message(ref, **other), timeout=timeout)

    def control(self, **rule: object) -> None:
        self.client.put("/control", json=rule).raise_for_status()

    def accepted(self, ref: str) -> list[dict[str, Any]]:
        rows = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [row for row in rows if row["client_ref"] == ref]

    def _line(self, _: str, line: str) -> None:
        self.lines.append(line)


def message(ref: str, **other: object) -> dict[str, object]:
    known = {"client_ref": ref, "entity_id": "1101456780000012345", "template_id": "1107161234567890123"}
    said = {"header": "BACHAT", "to": NUMBER, "text": TEXT, "language": "mr", "category": "transactional"}
    return {name: value for name, value in {**known, **said, **other}.items() if value is not None}
