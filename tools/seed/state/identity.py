"""Who the groups are: name, village or ward, account and phone, whoever lists them."""

from dataclasses import dataclass

from shared.localized import Localized
from tools.seed.names import Triple
from tools.seed.state.chance import mix
from tools.seed.state.shares import Place
from tools.seed.state.words import localized, names, villages

NO_PHONE_EVERY = 12
SHARED_PHONE_EVERY = 20
"""One group of so many uses the number of the group before it: a phone serves several."""
PHONES, FIRST_PHONE = 900_000, 100_000
WARDS_OF_A_CORPORATION, WARDS_OF_A_TOWN = 60, 17
NO_ACCOUNT_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One group. `village` as written in Devanagari and in Latin letters; `ward` a number. `phone`: ten digits."""

    number: int
    place: Place
    word: Triple
    names: Localized
    village: tuple[str, str] | None
    ward: int | None
    account: str | None
    ifsc: str
    phone: str | None


def identity(state: str, place: Place, ordinal: int, seed: int, number: int) -> Identity:
    """The group `ordinal` of a place, `number` of the state: no two of a village or ward are called alike."""
    village, ward, before = _spot(state, place, ordinal, seed)
    words = names()
    start = mix(seed, place.code, village[1] if village else str(ward))
    word = words[(start + before * 7) % len(words)]
    return Identity(
        number=number,
        place=place,
        word=word,
        names=localized(word, state),
        village=village,
        ward=ward,
        account=account(seed, number),
        ifsc=ifsc(place, ordinal),
        phone=phone(number),
    )


def _spot(state: str, place: Place, ordinal: int, seed: int) -> tuple[tuple[str, str] | None, int | None, int]:
    """Village or ward, and how many groups before are there too."""
    if place.urban:
        wards = WARDS_OF_A_CORPORATION if place.corporation else WARDS_OF_A_TOWN
        wards = max(wards, sum(place.counts.values()) // 60)
        before, ward = divmod(ordinal, wards)
        return None, ward + 1, before
    there = villages(state, place.code, seed)
    before, at = divmod(ordinal, len(there))
    return there[at], None, before


def account(seed: int, number: int) -> str | None:
    """Fourteen digits; the last ones count, so that no two groups have the same."""
    if number % NO_ACCOUNT_EVERY == NO_ACCOUNT_EVERY - 1:
        return None
    return f"6{mix(seed, number, 'account') % 10**6:06d}{number:07d}"


def ifsc(place: Place, ordinal: int) -> str:
    """A branch of a bank that does not exist."""
    return f"ZZHB0{int(place.code) % 100_000:05d}{ordinal % 3}"


def phone(number: int) -> str | None:
    if number % NO_PHONE_EVERY == NO_PHONE_EVERY - 1:
        return None
    if number % SHARED_PHONE_EVERY == SHARED_PHONE_EVERY - 1 and (number - 1) % NO_PHONE_EVERY < NO_PHONE_EVERY - 1:
        number -= 1
    return f"9000{FIRST_PHONE + number % PHONES:06d}"
