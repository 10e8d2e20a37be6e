"""From a bare Python to the project's environment: uv by pip, then what uv.lock pins. Nothing to do the second time.

Runs before any package is there, so it imports the standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOT = ROOT / ".uv"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / ".installed"
RIVALS = ROOT / ".cache" / "bench"
UV = BOOT / "bin" / "uv"
UV_PIN = Path(__file__).with_name("uv.txt")
Command = list["str | Path"]
INDEX_SETTINGS = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")


class CannotInstall(SystemExit):
    """Ends the program with a sentence that says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"make: {sentence}")


def main(arguments: list[str]) -> None:
    """Install unless the environment already is what the lock says.

    `uv` as the only argument gets uv alone; `bench` the environment of what benchmarks compare us with.
    """
    if sys.version_info < (3, 11):
        raise CannotInstall(f"this is Python {sys.version.split()[0]}, 3.11 is the oldest: make env PYTHON=python3.11")
    wanted = _wanted()
    if not arguments and STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    if not UV.exists() or UV_PIN.stat().st_mtime > BOOT.stat().st_mtime:
        _get_uv()
    if arguments == ["uv"]:
        return
    _refuse_stale_lock()
    if arguments == ["bench"]:
        _sync(RIVALS, ["--only-group", "bench"])
        return
    print("make: installing what uv.lock pins (about 550 MB the first time)", flush=True)
    _sync(ENVIRONMENT, ["--all-groups", "--no-group", "bench"])
    STAMP.write_text(wanted, encoding="utf-8")


def _wanted() -> str:
    """What the environment is made of: this Python, the declared and the locked packages."""
    parts = (sys.version.encode(), (ROOT / "pyproject.toml").read_bytes(), (ROOT / "uv.lock").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _get_uv() -> None:
    print("make: fetching uv, which installs the rest", flush=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    shutil.rmtree(BOOT, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", BOOT], stdout=subprocess.DEVNULL, check=False).returncode:
        shutil.rmtree(BOOT, ignore_errors=True)
        raise CannotInstall(f"Python's venv or pip is missing: apt-get install {version}-venv (or python3-venv)")
    pip: Command = [BOOT / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", UV_PIN]
    if subprocess.run(pip, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}, check=False).returncode:
        shutil.rmtree(BOOT, ignore_errors=True)
        raise CannotInstall("pip could not fetch uv (its words are above): is a package index reachable?")


def _refuse_stale_lock() -> None:
    """The lock names no index, so it is compared with pyproject.toml without one."""
    env = {name: value for name, value in _uv_env().items() if name not in INDEX_SETTINGS}
    check: Command = [UV, "lock", "--check", "--offline", "--no-config", "--quiet", "--python", sys.executable]
    if subprocess.run(check, cwd=ROOT, env=env, capture_output=True, check=False).returncode:
        raise CannotInstall("pyproject.toml and uv.lock disagree: run `make lock`, and commit both")


def _sync(environment: Path, groups: list[str]) -> None:
    env = {**_uv_env(), "VIRTUAL_ENV": str(environment)}
    if not (environment / "bin" / "python").exists():
        create: Command = [UV, "venv", "--quiet", "--clear", "--python", sys.executable, environment]
        subprocess.run(create, cwd=ROOT, env=env, check=True)
    export: Command = [UV, "export", "--frozen", *groups, "--no-emit-project", "--format", "requirements-txt"]
    pinned = subprocess.run(export, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    sync: Command = [UV, "pip", "sync", "--compile-bytecode", "--require-hashes", "-"]
    if subprocess.run(sync, cwd=ROOT, env=env, input=pinned.stdout, check=False).returncode:
        raise CannotInstall("the packages could not be installed (uv's words are above)")


def _uv_env() -> dict[str, str]:
    """uv never fetches a Python, trusts the system's certificates, and takes pip's index when it has none."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    index = os.environ.get("PIP_INDEX_URL")
    if index and not any(os.environ.get(name) for name in INDEX_SETTINGS):
        env["UV_DEFAULT_INDEX"] = index
    return env


if __name__ == "__main__":
    main(sys.argv[1:])
