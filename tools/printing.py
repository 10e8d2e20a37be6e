"""What may go to a terminal."""


def printable(text: str) -> str:
    """Safe on a terminal: what could move the cursor stands as an escape. Vowel signs and joiners stay."""
    return "".join(char if char.isprintable() or char in "\n\u200c\u200d" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
