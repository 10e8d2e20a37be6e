"""Where compiled code lies: made anew whenever a file of the engine changed, read where nothing may be written."""

import hashlib
import pickle
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.core import caching

HERE = Path(__file__).parent
DAMAGED = (EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError, pickle.UnpicklingError)
"""What a pickle that was cut short or written over raises."""


class _Tolerant:
    """numba looks at one file's content alone, and takes a directory only to write to."""

    def get_source_stamp(self) -> str:
        return sources()

    def ensure_cache_path(self) -> None:
        """Raises OSError where there is nothing to read and nothing may be written."""
        try:
            super().ensure_cache_path()  # type: ignore[misc]
        except OSError:
            if not Path(self.get_cache_path()).is_dir():  # type: ignore[attr-defined]
                raise


class Named(_Tolerant, caching.UserProvidedCacheLocator):
    """Under NUMBA_CACHE_DIR."""


class Beside(_Tolerant, caching.InTreeCacheLocator):
    """Beside the source."""


class OfUser(_Tolerant, caching.UserWideCacheLocator):
    """In the user's own cache."""


class Sound(caching.IndexDataCacheFile):
    """What was damaged on the disk is as what is not there: compiled anew and written over it."""

    def load(self, key: Any) -> Any:
        try:
            return super().load(key)  # type: ignore[no-untyped-call]
        except DAMAGED:
            return None

    def _load_index(self) -> Any:
        try:
            return super()._load_index()  # type: ignore[no-untyped-call]
        except DAMAGED:
            return {}


@cache
def sources() -> str:
    """The digest of every file of the engine, as one's kernels run into another's."""
    found = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


LOCATORS = ",".join(f"{kind.__module__}.{kind.__name__}" for kind in (Named, Beside, OfUser))
setattr(numba.config, "CACHE_LOCATOR_CLASSES", LOCATORS)  # noqa: B010  a module made of settings, none declared
whole: Any = np.int64
"""One width of integers inside of kernels, so that each of their parts is compiled once."""
bits: Any = np.uint64
COMPILE: Any = numba.njit


def njit(function: Any) -> Any:
    """A kernel: compiled at its first call or read from the cache; other threads run meanwhile."""
    return _sound(COMPILE(cache=True, nogil=True)(function))


def part(function: Any) -> Any:
    """Compiled into the kernels that call it; allocates nothing."""
    return COMPILE(nogil=True, forceinline=True, _nrt=False)(function)


def lean(function: Any) -> Any:
    """A kernel that allocates nothing and therefore counts no references, which would take most of its time."""
    return _sound(COMPILE(cache=True, nogil=True, _nrt=False)(function))


def _sound(kernel: Any) -> Any:
    kept = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if kept is not None:
        kept.__class__ = Sound
    return kernel
