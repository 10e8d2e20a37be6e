"""Money as people read it: Indian grouping in every language (ICU and Babel group Marathi by thousands)."""

from shared.errors import Language

DEVANAGARI = str.maketrans("0123456789", "०१२३४५६७८९")


def rupees(paise: int, language: Language = "en", *, devanagari: bool = False) -> str:
    """12345650 -> ₹1,23,456.50, 10000 -> ₹100. `devanagari` writes Marathi and Hindi with their own digits."""
    whole, rest = divmod(abs(paise), 100)
    shown = f"{'-' if paise < 0 else ''}₹{grouped(whole)}{f'.{rest:02}' if rest else ''}"
    return shown.translate(DEVANAGARI) if devanagari and language != "en" else shown


def grouped(whole: int) -> str:
    """A number ≥ 0 in lakh and crore: 12345678 -> 1,23,45,678."""
    digits = str(whole)
    head, last = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, last])
