"""`check`: the outcome is the one its rules give, proved without drawing again; the proof is tools/check_draw.py."""

from collections.abc import Callable
from pathlib import Path

from shared.errors import Language
from tools import check_draw


def checked(source: Path, language: Language, tell: Callable[[str, int, int], None]) -> tuple[bool, list[str]]:
    """Whether it holds, and in sentences what was shown, or the first fault of each kind with file, row and ticket."""
    status, lines = check_draw.verdict(str(source), language, tell)
    return status == 0, lines
