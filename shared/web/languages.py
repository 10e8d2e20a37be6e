"""Which of our languages an answer is in."""

from shared.errors import LANGUAGES, Language

DEFAULT: Language = "en"
MOST_CHOICES = 20  # a longer header is noise


def wanted(accept_language: str | None) -> Language:
    """The best of mr, hi and en by the q-values of Accept-Language; English when it names none of them."""
    choices = [_choice(part) for part in (accept_language or "").split(",")[:MOST_CHOICES]]
    ranked = sorted((choice for choice in choices if choice[1] > 0), key=lambda choice: -choice[1])
    for tag, _ in ranked:
        if tag == "*":
            return DEFAULT
        for language in LANGUAGES:
            if tag.partition("-")[0] == language:
                return language
    return DEFAULT


def _choice(part: str) -> tuple[str, float]:
    """`mr-IN;q=0.8` → ("mr-in", 0.8); a q that is no number between 0 and 1 rules the choice out."""
    tag, _, weight = part.partition(";")
    name, _, number = weight.strip().partition("=")
    if not name:
        return tag.strip().lower(), 1.0
    try:
        q = float(number) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return tag, 0.0
    return tag.strip().lower(), q if 0 <= q <= 1 else 0.0
