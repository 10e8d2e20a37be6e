"""Freeze a data folder of an earlier commit anew: `.venv/bin/python -m tests.frozen.freeze COMMIT`; see README.md."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FROZEN = HERE / "spine.tar.xz"
DERIVED = ("mongodb.log", "kafka.log", "envoy.json", "endpoints.json", "logs", "tokens", "pid", "server.properties")
"""What every start writes anew, and what the servers make again from their journals."""
REBUILT = (".index", ".timeindex", "mongod.lock", ".tmp")
SERVERS = ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")
_KILLED = -9


def kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """What holds data; as nobody's."""
    name = Path(entry.name).name
    if name in DERIVED or name.endswith(REBUILT) or name.startswith("WiredTigerPreplog"):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def checked_out(commit: str, at: Path) -> None:
    subprocess.run(["git", "worktree", "add", "--detach", str(at), commit], cwd=ROOT, check=True)
    subprocess.run(["make", "env"], cwd=at, check=True)
    (at / ".cache").symlink_to(ROOT / ".cache")


def lived_through(code: Path, data: Path) -> None:
    """The story ends by killing itself: any other end is a failure."""
    own = {name: value for name, value in os.environ.items() if name not in SERVERS}
    command = [str(code / ".venv/bin/python"), str(HERE / "story.py"), str(data)]
    done = subprocess.run(command, cwd=code, env={**own, "PYTHONPATH": str(code)}, check=False)
    if done.returncode != _KILLED:
        raise SystemExit(f"the story ended with {done.returncode} instead of being killed")


def packed(data: Path) -> None:
    with tarfile.open(FROZEN, "w:xz", preset=9) as archive:
        archive.add(data, arcname=".", filter=kept)
    print(f"{FROZEN.relative_to(ROOT)}: {FROZEN.stat().st_size:,} bytes")


def main(commit: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="frozen-"))
    code, data = folder / "code", folder / "data"
    try:
        checked_out(commit, code)
        lived_through(code, data)
        packed(data)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(code)], cwd=ROOT, check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
