"""A data folder as an earlier commit left it when it was killed: see README.md."""

import json
import tarfile
from pathlib import Path
from typing import Any

from tests.frozen.story import NAMESPACE, TEN_YEARS_SECONDS

FROZEN = Path(__file__).parent / "spine.tar.xz"
TOLD = {"NAMESPACE": NAMESPACE, "MESSAGE_TTL_SECONDS": str(TEN_YEARS_SECONDS)}
"""What today's processes must be told to go on there: a message of that day is still worth sending."""


def unpacked(folder: Path) -> dict[str, Any]:
    """The folder as it was; what had happened in it, see `story.py`."""
    with tarfile.open(FROZEN) as archive:
        archive.extractall(folder, filter="data")
    return story(folder)


def story(folder: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((folder / "story.json").read_text(encoding="utf-8"))
    return known
