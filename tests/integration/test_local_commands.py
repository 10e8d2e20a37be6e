"""`up`, `down` and `reset` as a person calls them, with a supervisor killed in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local import ports
from deploy.local.endpoints import Endpoints
from deploy.local.settings import LocalSettings
from deploy.local.system import already_runs

VENUE = {
    "kind": "weekly_market",
    "owner": "शिरूर नगरपरिषद",
    "names": {"mr": "आठवडी बाजार, शिरूर", "hi": "साप्ताहिक बाज़ार, शिरूर", "en": "Weekly market, Shirur"},
    "district": "490",
    "local_body": "251518",
    "stalls": 24,
}


class Person:
    """Somebody who calls the run from a shell, with a data folder and ports of her own."""

    def __init__(self, data: Path) -> None:
        self.settings = LocalSettings(data=data, seed=False).on_free_ports()
        told = {f"BACHAT_{name.upper()}": str(value) for name, value in self.settings if name.startswith("port_")}
        given = {name: value for name, value in os.environ.items() if name not in {"MONGODB_URI", "NAMESPACE"}}
        given.pop("KAFKA_BOOTSTRAP_SERVERS", None)
        self.env = {**given, **told, "BACHAT_DATA": str(data), "BACHAT_SEED": "false"}

    def says(self, word: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "deploy.local", word]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=110)

    @property
    def known(self) -> Endpoints:
        return Endpoints.load(self.settings.data)

    def market(self, role: str) -> httpx.Client:
        token = self.known.tokens[role]
        return httpx.Client(base_url=self.known.gateway, headers={"Authorization": f"Bearer {token}"}, timeout=30)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    somebody = Person(tmp_path / "run")
    yield somebody
    somebody.says("down")


def open_venue(person: Person) -> str:
    with person.market("district_officer") as market:
        made = market.post("/v1/venues", json=VENUE, headers={"Idempotency-Key": "venue-shirur"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.timeout(240)
def test_the_data_outlives_a_supervisor_killed_with_9_and_nothing_else_does(person: Person) -> None:
    first = person.says("up")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Ctrl-C" not in first.stdout
    assert f"`{person.settings.down}` stops it" in first.stdout
    venue = open_venue(person)
    assert "the system runs" in person.says("reset").stderr
    log = (person.settings.data / "run.log").read_text(encoding="utf-8")
    again = person.says("up")
    assert again.returncode == 1
    assert again.stdout == f"{already_runs(person.settings.data.resolve(), person.settings.down)}\n"
    assert (person.settings.data / "run.log").read_text(encoding="utf-8").startswith(log)
    assert (person.settings.data / "ready").exists()

    supervisor = int((person.settings.data / "pid").read_text(encoding="ascii"))
    os.kill(supervisor, signal.SIGKILL)

    second = person.says("up")
    assert second.returncode == 0, second.stdout + second.stderr
    with person.market("district_officer") as market:
        assert [found["id"] for found in market.get("/v1/venues").json()["items"]] == [venue]
    down = person.says("down")
    assert down.returncode == 0, down.stdout + down.stderr
    taken = [name for name, port in person.settings if name.startswith("port_") and not ports.is_free(int(port))]
    assert taken == []
    assert person.says("reset").returncode == 0
    assert not person.settings.data.exists()
