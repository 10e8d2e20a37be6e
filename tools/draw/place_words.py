"""What a district is called by its own people, where the towns of the state are known; else as the directory has it."""

from functools import cache

from shared.errors import Language
from shared.localized import Localized
from shared.places.directory import districts
from tools.seed.places import seats


def said(code: str, language: Language) -> str:
    """With its code, such as `पुणे (490)`; a code nobody knows as it is."""
    known = districts().get(code)
    if known is None:
        return code
    names = _names(known.state).get(code)
    return f"{names.said(language) if names else known.name} ({code})"


@cache
def _names(state: str) -> dict[str, Localized]:
    return {seat.district: seat.names for seat in seats(state)}
