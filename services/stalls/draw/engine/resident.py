"""What a run needs not hold in memory: arrays it is done with, and the compiler's own code once kernels are loaded."""

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path

MAPS = Path("/proc/self/maps")
COMPILER = "libllvmlite.so"
CODE = "r-xp"
MMAP_THRESHOLD, RETURNED_BYTES = -3, 1 << 19
DONT_NEED = 4


def return_arrays() -> None:
    """Large arrays go back to the system as soon as they are freed; glibc would come to keep up to 32 MiB of each."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, RETURNED_BYTES)


def forget_compiler() -> None:
    """Some 40 MB: code is never written to, so what is needed again is read from its file again."""
    with contextlib.suppress(OSError, AttributeError):
        system = ctypes.CDLL(None)
        for begin, end in _code():
            system.madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), DONT_NEED)


def _code() -> Iterator[tuple[int, int]]:
    for line in MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.endswith(COMPILER) and line.split()[1] == CODE:
            begin, end = line.split()[0].split("-")
            yield int(begin, 16), int(end, 16)
