"""What stands in a blank, by language: numbers with their word, names; facts of before these were told have neither."""

from services.notify.templates.domain import short_id
from shared.contracts.stalls import VenueName

Words = dict[str, str]

TICKET: Words = {"mr": "तिकीट {}", "hi": "टिकट {}", "en": "ticket {}"}
APPLICATION: Words = {"mr": "अर्ज {}", "hi": "आवेदन {}", "en": "application {}"}
EVENT: Words = {"mr": "कार्यक्रम क्र. {}", "hi": "आयोजन नं. {}", "en": "event no. {}"}
A_DRAW: Words = {"mr": "स्टॉल सोडत", "hi": "स्टॉल लॉटरी", "en": "stall draw"}


def whose(ticket: str | None, application: str) -> Words:
    """`ticket 4071928356104729`; without one the application's number, which older receipts carry."""
    return numbered(TICKET, ticket) if ticket else numbered(APPLICATION, short_id(application))


def ground(name: VenueName | None, event: int) -> Words:
    """Its names; without any, its number in the call."""
    return names(name) or numbered(EVENT, str(event))


def called(name: VenueName | None) -> Words:
    """A call's names."""
    return names(name) or A_DRAW


def names(name: VenueName | None) -> Words:
    """Those there are."""
    return {language: text for language, text in name.model_dump().items() if text and text.strip()} if name else {}


def numbered(words: Words, number: str) -> Words:
    return {language: text.format(number) for language, text in words.items()}
