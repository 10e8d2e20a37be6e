"""Where `make ops-check` has promtool from; a machine without it is told what to do, and the check fails."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.alerts import NoPromtoolError, Which, found

PROMTOOL = Path("usr/bin/promtool")


class Machine:
    """Has the programs of `has`; its apt-get succeeds in what stands in `apt`, its dpkg-deb unpacks a promtool."""

    def __init__(self, *has: str, apt: Sequence[str] = ("download",), lists: bool = True) -> None:
        self.has, self.apt, self.lists = has, apt, lists
        self.ran: list[str] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.has else None

    def run(self, command: Sequence[str | Path], folder: Path) -> int:
        words = [str(word) for word in command]
        if words[0] == "apt-get":
            return self._apt(words, folder)
        self.ran.append("unpack")
        (folder / PROMTOOL.parent).mkdir(parents=True)
        (folder / PROMTOOL).touch()
        return 0

    def _apt(self, words: list[str], folder: Path) -> int:
        asked = "update" if "update" in words else "download"
        self.ran.append(asked)
        self.lists = self.lists or asked == "update"
        done = asked in self.apt and self.lists
        if done and asked == "download":
            (folder / "prometheus_2.42_amd64.deb").touch()
        return 0 if done else 100


def get(machine: Machine, cache: Path) -> Path:
    which: Which = machine.which
    return found(cache, which, machine.run)


def test_a_promtool_of_the_machines_own_is_used_and_nothing_is_fetched(tmp_path: Path) -> None:
    machine = Machine("promtool", "apt-get", "dpkg-deb")
    assert get(machine, tmp_path) == Path("/usr/bin/promtool")
    assert machine.ran == []


def test_without_one_debians_package_is_unpacked_into_the_cache_once(tmp_path: Path) -> None:
    machine = Machine("apt-get", "dpkg-deb")
    assert get(machine, tmp_path) == get(machine, tmp_path) == tmp_path / PROMTOOL
    assert machine.ran == ["download", "unpack"]
    assert list(tmp_path.glob("*.deb")) == []


def test_a_fresh_machine_without_a_list_of_packages_gets_one_for_the_download_only(tmp_path: Path) -> None:
    machine = Machine("apt-get", "dpkg-deb", apt=("update", "download"), lists=False)
    assert get(machine, tmp_path) == tmp_path / PROMTOOL
    assert machine.ran == ["download", "update", "download", "unpack"]
    assert [path.name for path in tmp_path.iterdir()] == ["usr"]


@pytest.mark.parametrize("apt", [(), ("update",)])
def test_a_download_that_fails_is_a_failure_that_says_what_to_do(tmp_path: Path, apt: tuple[str, ...]) -> None:
    with pytest.raises(NoPromtoolError, match="apt-get install prometheus"):
        get(Machine("apt-get", "dpkg-deb", apt=apt, lists=False), tmp_path)


def test_a_machine_without_debians_tools_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoPromtoolError, match="without apt-get and dpkg-deb it cannot be fetched; install it"):
        get(Machine(), tmp_path)
