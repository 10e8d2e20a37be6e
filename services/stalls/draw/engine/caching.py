"""Where compiled code lies: compiled anew whenever any file of the engine changed, read where nothing may be written."""

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import caching

HERE = Path(__file__).parent


class _Tolerant:
    """numba looks at one file's content alone, and takes a directory only to write to."""

    def get_source_stamp(self) -> str:
        return sources()

    def ensure_cache_path(self) -> None:
        """Raises OSError where there is nothing to read and nothing may be written."""
        try:
            super().ensure_cache_path()  # type: ignore[misc]
        except OSError:
            if not os.path.isdir(self.get_cache_path()):  # type: ignore[attr-defined]
                raise


class Named(_Tolerant, caching.UserProvidedCacheLocator):  # type: ignore[misc]
    """Under NUMBA_CACHE_DIR."""


class Beside(_Tolerant, caching.InTreeCacheLocator):  # type: ignore[misc]
    """Beside the source."""


class OfUser(_Tolerant, caching.UserWideCacheLocator):  # type: ignore[misc]
    """In the user's own cache."""


@cache
def sources() -> str:
    """The digest of every file of the engine, as one's kernels run into another's."""
    found = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


numba.config.CACHE_LOCATOR_CLASSES = ",".join(f"{kind.__module__}.{kind.__name__}" for kind in (Named, Beside, OfUser))


def njit(function: Any) -> Any:
    """A kernel: compiled at its first call or read from the cache; other threads run meanwhile."""
    return numba.njit(cache=True, nogil=True)(function)


def part(function: Any) -> Any:
    """Compiled into the kernels that call it."""
    return numba.njit(nogil=True)(function)
