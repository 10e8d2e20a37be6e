"""Sentences about compiled code: read where nothing may be written, made anew when any file of the engine changed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.stalls.draw.engine import caching, warm


class Disk:
    """A locator of numba, on a disk that is only read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get_cache_path(self) -> str:
        return str(self.path)

    def ensure_cache_path(self) -> None:
        raise OSError(self.path)


class Read(caching._Tolerant, Disk):
    pass


def test_a_directory_that_is_only_read_will_do(tmp_path: Path) -> None:
    Read(tmp_path).ensure_cache_path()


def test_a_directory_that_is_not_there_will_not(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        Read(tmp_path / "none").ensure_cache_path()


def test_code_is_known_by_the_whole_engine(tmp_path: Path) -> None:
    """A kernel holds code of other files, which numba's own stamp does not see."""
    assert Read(tmp_path).get_source_stamp() == caching.sources()
    assert len(caching.sources()) == 64


@pytest.mark.parametrize("damage", [b"", b"garbage\n", None])
@pytest.mark.parametrize("of", ["nbi", "nbc"])
def test_what_was_damaged_is_made_anew(of: str, damage: bytes | None, tmp_path: Path) -> None:
    """Power was lost, or the disk was full, while it was written."""
    of_numba: Any = caching.Sound
    kept = of_numba(str(tmp_path), "kernel", "a stamp")
    kept.save("key", ["compiled"])
    (file,) = tmp_path.glob(f"*.{of}")
    file.write_bytes(file.read_bytes()[:10] if damage is None else damage)
    assert kept.load("key") is None
    kept.save("key", ["compiled", "anew"])
    assert kept.load("key") == ["compiled", "anew"]


def test_every_kernel_is_kept_so() -> None:
    found: list[Any] = [kernel for _, kernel in warm.kernels()]
    assert {type(kernel._cache._cache_file) for kernel in found} == {caching.Sound}


def test_warming_up_runs_every_kernel() -> None:
    warm.draw()
    found = dict(warm.kernels())
    assert {"accept.ask", "reasons.sorted_by_event", "examining.examine", "order.draw_lots"} <= set(found)
    assert [name for name, kernel in found.items() if not kernel.signatures] == []


def test_a_second_process_compiles_nothing() -> None:
    warm.draw()
    again = subprocess.run([sys.executable, "-m", warm.__name__], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert " 0 compiled" in again.stdout
