"""The alert rules checked by Prometheus's own promtool: they can be read, and each fires and stays quiet as it should.

promtool comes from the machine's PATH or, once, from Debian's package `prometheus`, unpacked into the cache folder:
nothing is installed, no root is needed, no server is started.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from deploy.local.settings import ROOT, LocalSettings

OPS: Final = ROOT / "deploy" / "ops"
APT: Final = ("apt-get", "-q", "-o", "APT::Sandbox::User=")  # its own user could not write into the cache
NEEDED: Final = ("apt-get", "dpkg-deb")
HELP: Final = "install it (Debian, Ubuntu: apt-get install prometheus), or put a promtool of 2.42 or later on the PATH"

Which = Callable[[str], str | None]
Run = Callable[[Sequence[str | Path], Path], int]


class NoPromtoolError(RuntimeError):
    """promtool is not here and cannot be fetched."""


def main() -> int:
    """0 when all rules are valid and all their tests pass."""
    try:
        promtool = found(LocalSettings().cache / "promtool", shutil.which, run)
    except NoPromtoolError as error:
        say(str(error))
        return 1
    say(f"{promtool}: {len(files('rules'))} rule files, {len(files('tests'))} test files")
    checked = run([promtool, "check", "rules", *files("rules")], ROOT)
    return run([promtool, "test", "rules", *files("tests")], ROOT) or checked


def files(folder: str) -> list[Path]:
    """Rules or their tests."""
    return sorted((OPS / folder).glob("*.yaml"))


def found(cache: Path, which: Which, run: Run) -> Path:
    """The promtool of this machine, else the one in `cache`, which is fetched when it is not there.

    Raises NoPromtoolError.
    """
    if own := which("promtool"):
        return Path(own)
    promtool = cache / "usr" / "bin" / "promtool"
    if not promtool.exists():
        _fetch(cache, which, run)
    if not promtool.exists():
        raise NoPromtoolError(f"The package prometheus could not be fetched, or holds no promtool; {HELP}.")
    return promtool


def _fetch(cache: Path, which: Which, run: Run) -> None:
    if missing := [name for name in NEEDED if not which(name)]:
        raise NoPromtoolError(
            f"promtool is not here, and without {' and '.join(missing)} it cannot be fetched; {HELP}."
        )
    say(f"promtool is not on the PATH: fetching Debian's package prometheus (19 MB, once) into {cache}")
    say("nothing is installed: it is unpacked there, without root")
    cache.mkdir(parents=True, exist_ok=True)
    if run([*APT, "download", "prometheus"], cache) != 0:
        say("this machine has no list of packages yet: fetching one for this download only")
        _download_with_own_lists(cache, run)
    for package in cache.glob("prometheus_*.deb"):
        run(["dpkg-deb", "-x", package, cache], cache)
        package.unlink()


def _download_with_own_lists(cache: Path, run: Run) -> None:
    lists, archives = cache / "lists", cache / "apt"
    for folder in (lists, archives):
        (folder / "partial").mkdir(parents=True, exist_ok=True)
    own = [*APT, "-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={archives}"]
    if run([*own, "update"], cache) == 0:
        run([*own, "download", "prometheus"], cache)
    for folder in (lists, archives):
        shutil.rmtree(folder)


def run(command: Sequence[str | Path], folder: Path) -> int:
    """Its exit code; what it says is shown."""
    return subprocess.run(command, cwd=folder, check=False).returncode


def say(sentence: str) -> None:
    sys.stdout.write(f"ops-check: {sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
