"""ISCII (IS 13194:1991), in which lists of another time write Devanagari: one byte a letter, above ASCII."""

import re

FIRST, LAST = 0xA1, 0xFA
LETTERS = (
    "\u0901\u0902\u0903\u0905\u0906\u0907\u0908\u0909\u090a\u090b\u090e\u090f\u0910\u090d\u0912\u0913\u0914\u0911"
    "\u0915\u0916\u0917\u0918\u0919\u091a\u091b\u091c\u091d\u091e\u091f\u0920\u0921\u0922\u0923\u0924\u0925\u0926\u0927"
    "\u0928\u0929\u092a\u092b\u092c\u092d\u092e\u092f\u095f\u0930\u0931\u0932\u0933\u0934\u0935\u0936\u0937\u0938\u0939"
    "\u200d\u093e\u093f\u0940\u0941\u0942\u0943\u0946\u0947\u0948\u0945\u094a\u094b\u094c\u0949\u094d\u093c\u0964"
    "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f"
)
"""Of each byte from FIRST to LAST."""
TABLE = str.maketrans(dict(zip(range(FIRST, LAST + 1), LETTERS, strict=True)))
TOGETHER = {
    "\xef\x42": "",  # what follows is Devanagari
    "\xe8\xe8": "\u094d\u200c",
    "\xe8\xe9": "\u094d\u200d",
    "\xa1\xe9": "\u0950",
    "\xaa\xe9": "\u0960",
    "\xea\xe9": "\u093d",
}
"""Two bytes that mean one thing."""
CONSONANT = "[\u0915-\u0928\u092a-\u0930\u0932\u0933\u0935-\u0939\u095f]\u093c?"
WRITTEN = re.compile(
    rf"(?:{CONSONANT}(?:\u094d[\u200c\u200d]?|[\u093e-\u0943\u0945\u0947-\u0949\u094b\u094c]?[\u0901-\u0903]?)"
    r"|[\u0905-\u090b\u090d\u090f-\u0911\u0913\u0914\u0960][\u0901-\u0903]?"
    r"|[\u0950\u0964\u0966-\u096f]|[\t -~])++"
)
"""Devanagari as Marathi and Hindi write it, and ASCII: bytes that are something else hardly ever make it."""
SIGN = re.compile("[\u093e-\u094d]")


def decoded(line: bytes) -> str | None:
    """The text, if this reads as Devanagari from end to end."""
    text = line.decode("latin-1")
    for pair, letters in TOGETHER.items():
        text = text.replace(pair, letters)
    text = text.translate(TABLE)
    return text if WRITTEN.fullmatch(text) and SIGN.search(text) else None
