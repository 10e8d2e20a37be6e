"""A file that somebody names as the zip of a draw; what it is instead is said before anything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.stalls.draw.sources import ZipSource
from tools.draw.findings import NotAZip, RefusalSaved

ZIPS_BEGIN = b"PK"
MOST_SPACE = 64


@contextmanager
def opened(path: Path) -> Iterator[ZipSource]:
    """Raises OSError, and what `require_zip` and ZipSource do."""
    require_zip(path)
    with ZipSource(path) as source:
        yield source


def require_zip(path: Path) -> None:
    """Raises RefusalSaved or NotAZip for what does not even begin as one, and OSError."""
    with path.open("rb") as file:
        head = file.read(MOST_SPACE)
    if head.lstrip()[:1] in (b"{", b"["):
        raise RefusalSaved
    if not head.startswith(ZIPS_BEGIN):
        raise NotAZip
