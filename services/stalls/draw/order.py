"""One place in line for each group, the same at every event of a draw."""

import hashlib
from collections.abc import Iterable

from services.stalls.draw.plan import Applicant

Key = tuple[int, str, str]


def key(seed: str, applicant: Applicant) -> Key:
    """Her tier, then what `printf '%s:%s' SEED TICKET | sha256sum` shows, then her ticket."""
    return applicant.tier, lot(seed, applicant.ticket), applicant.ticket


def lot(seed: str, ticket: str) -> str:
    """Raises UnicodeEncodeError for what is not ASCII."""
    return hashlib.sha256(f"{seed}:{ticket}".encode("ascii")).hexdigest()


def line_up(seed: str, applicants: Iterable[Applicant]) -> tuple[Applicant, ...]:
    """The best place first."""
    return tuple(sorted(applicants, key=lambda applicant: key(seed, applicant)))
