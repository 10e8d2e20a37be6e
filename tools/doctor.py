"""What this machine lacks to run the system, and the command that brings it. Needs nothing but a Python."""

from __future__ import annotations  # an older Python must get as far as being told that it is too old

import sys

if sys.path[0].endswith("tools"):
    del sys.path[0]  # tools/token.py would stand before the standard library's `token`

import ctypes
import os
import platform
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
MEMORY_GB = 2.5
DISK_GB = 3.0
NEEDS = {"kafka": "KAFKA_BOOTSTRAP_SERVERS", "mongodb": "MONGODB_URI"}  # no port is needed of a server that is given


class Finding:
    """One thing looked at. `cure` says what to do when it is not `well`; without `fatal` things work all the same."""

    def __init__(self, what: str, well: bool, cure: str, fatal: bool = True) -> None:
        self.what = what
        self.well = well
        self.cure = cure
        self.fatal = fatal

    def __str__(self) -> str:
        if self.well:
            return f"ok       {self.what}"
        return f"{'MISSING' if self.fatal else 'note   '}  {self.what}\n         -> {self.cure}"


def main() -> int:
    """Print every finding; 1 when something is missing without which nothing works."""
    taken = ports()
    findings = [*programs(), *libraries(), *machine(), *taken]
    for finding in findings:
        print(finding)
    missing = sum(finding.fatal and not finding.well for finding in findings)
    print(f"\n{conclusion(missing, [finding for finding in taken if not finding.well])}")
    return 1 if missing else 0


def conclusion(missing: int, taken: list[Finding]) -> str:
    if missing:
        return f"{missing} missing: see the arrows"
    if taken:
        return "Nothing is missing, but `make run` and `make up` refuse to start while the ports above are in use."
    return "This machine can run everything: make run"


def programs() -> list[Finding]:
    """Python, its parts, make."""
    version = ".".join(map(str, sys.version_info[:3]))
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    venv = find_spec("venv") is not None and find_spec("ensurepip") is not None
    return [
        Finding(
            f"Python {version} (3.11 or later)",
            sys.version_info >= OLDEST_PYTHON,
            "apt-get install python3.11, then: make env PYTHON=python3.11",
        ),
        Finding("Python's venv and pip", venv, f"apt-get install {package}"),
        Finding("make", shutil.which("make") is not None, "apt-get install make"),
    ]


def libraries() -> list[Finding]:
    """What MongoDB's server is linked with."""
    wanted = (("libcurl.so.4", "libcurl4"), ("libssl.so.3", "libssl3"))
    return [
        Finding(f"{package} (for MongoDB)", loads(name), f"apt-get install {package}", fatal=own_servers("MONGODB_URI"))
        for name, package in wanted
    ]


def machine() -> list[Finding]:
    """Processor, memory, disk."""
    kind = f"{platform.system()} {platform.machine()}"
    memory, disk = free_memory_gb(), shutil.disk_usage(ROOT).free / 1e9
    own = "run your own servers and name them: KAFKA_BOOTSTRAP_SERVERS=…  MONGODB_URI=…  (or compose.yaml)"
    return [
        Finding(f"{kind} (Linux x86_64)", kind == "Linux x86_64", own, fatal=own_servers("MONGODB_URI")),
        Finding(
            f"{memory:.1f} GB of memory free (of {MEMORY_GB})", memory >= MEMORY_GB, "close something", fatal=False
        ),
        Finding(f"{disk:.1f} GB of disk free (of {DISK_GB})", disk >= DISK_GB, "make room on this disk", fatal=False),
    ]


def ports() -> list[Finding]:
    """The ports of the local run, as its settings have them."""
    if sys.version_info < OLDEST_PYTHON:
        return []
    sys.path.insert(0, str(ROOT))
    settings = ROOT / "deploy" / "local" / "settings.py"
    declared = re.findall(r"port_(\w+): int = (\d+)", settings.read_text(encoding="utf-8"))
    findings = []
    for name, default in declared:
        if name in NEEDS and not own_servers(NEEDS[name]):
            continue
        setting = f"BACHAT_PORT_{name.upper()}"
        port = int(os.environ.get(setting, default))
        findings.append(port_finding(name, port, setting))
    return findings


def port_finding(name: str, port: int, setting: str) -> Finding:
    from deploy.local.ports import holder, is_free  # noqa: PLC0415 - an older Python cannot read it

    free = is_free(port)
    how = "is free" if free else f"is in use by {holder(port) or 'another program'}"
    cure = f"it may be this system (make down stops it); else stop it, or choose another port with {setting}=NUMBER"
    return Finding(f"port {port} for {name} {how}", free, cure, fatal=False)


def own_servers(setting: str) -> bool:
    """Whether the run starts its own server, so that what the server needs is needed."""
    return not os.environ.get(setting)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def free_memory_gb() -> float:
    available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    return int(available.group(1)) / 1e6 if available else 0.0


if __name__ == "__main__":
    sys.exit(main())
