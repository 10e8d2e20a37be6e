import os
import socket
import subprocess
import sys
from pathlib import Path

from tools.doctor import Finding, loads

DOCTOR = Path(__file__).parents[3] / "tools" / "doctor.py"


def test_the_doctor_needs_no_package_and_looks_at_every_prerequisite() -> None:
    told = subprocess.run([sys.executable, "-S", "-E", DOCTOR], capture_output=True, text=True, check=False)
    assert told.stderr == ""
    for what in ("Python 3", "venv and pip", "make", "libcurl4", "libssl3", "memory", "disk", "port 8080 for gateway"):
        assert what in told.stdout


def test_what_is_missing_is_told_with_the_command_that_brings_it() -> None:
    missing = Finding("libcurl4 (for MongoDB)", well=loads("libcurl.so.4000"), cure="apt-get install libcurl4")
    assert str(missing).startswith("MISSING  libcurl4")
    assert str(missing).endswith("-> apt-get install libcurl4")


def test_a_port_in_use_is_a_note_that_names_who_has_it_and_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = subprocess.run(
            [sys.executable, DOCTOR], env={"BACHAT_PORT_ORDERS": str(port)}, capture_output=True, text=True, check=False
        )
    assert f"port {port} for orders is in use by" in told.stdout
    assert f"(pid {os.getpid()})" in told.stdout
    assert "can run everything" not in told.stdout
    assert "BACHAT_PORT_ORDERS=NUMBER" in told.stdout
