"""Near names: a list that has a name where the code belongs, in whichever script, hears which codes it may mean."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from services.catalog.names.domain import sound
from shared.errors import Invalid
from shared.places import area
from shared.places.area import NEAR, BlockElsewhere, BlockOrLocalBody, UnknownPlace
from shared.places.directory import (
    Block,
    District,
    Place,
    blocks,
    blocks_of,
    districts,
    districts_of,
    local_bodies,
    local_bodies_of,
)

MOST = 3
LEAST = 0.72
"""How alike, of 1; below it no suggestion is better than one."""
SURELY = 0.93
"""From there on a block of another district is suggested too: then the district is wrong."""
LETTERS_TOO_MANY = 2
OLD_NAMES = {"473": ("Chanda",), "482": ("Bombay",), "483": ("Bombay",)}
"""What districts were called under the British, by code: people say so still."""


class PlaceOfAnotherState(Invalid):
    """{field}: {place} lies in another state. Nearest in this one: {near}; send the right one."""

    mr = "{field}: {place} दुसऱ्या राज्यात आहे; या राज्यातील जवळचे क्रमांक: {near}. योग्य क्रमांक पाठवा."
    hi = "{field}: {place} दूसरे राज्य में है; इस राज्य के सबसे निकट के कोड: {near}। सही कोड भेजें।"


def check(state: str, district: str, block: str | None, local_body: str | None) -> None:
    """As an entry of the registry must lie, said so that a list can be mended.

    Raises UnknownPlace, PlaceOfAnotherState, BlockElsewhere, BlockOrLocalBody.
    """
    if problem := found(state, district, block, local_body):
        kind, params = problem
        raise kind(**dict(params))


def check_asked(state: str, district: str | None, block: str | None, local_body: str | None) -> None:
    """What a list is narrowed to: each place that is given is one of the state's, and all of them can be true at once.

    Raises what `check` raises.
    """
    if district is not None:
        _check_code(state, "district", district, beside=_lies_in(state, block))
    for field, code in (("block", block), ("local_body", local_body)):
        if code is not None:
            _check_code(state, field, code, district or "")
    if block is not None and local_body is not None:
        raise BlockOrLocalBody
    if block is not None and district is not None:
        _check_block(district, block)


TABLES: Mapping[str, Callable[[], Mapping[str, Place]]] = {
    "district": districts,
    "block": blocks,
    "local_body": local_bodies,
}
Found = tuple[type[Invalid], tuple[tuple[str, object], ...]]


@lru_cache(1 << 14)
def found(state: str, district: str, block: str | None, local_body: str | None) -> Found | None:
    """What is wrong with it. A list has thousands of rows of each place."""
    try:
        _check_code(state, "district", district, beside=_lies_in(state, block))
        for field, code in (("block", block), ("local_body", local_body)):
            if code is not None:
                _check_code(state, field, code, district)
        if block is not None:
            _check_block(district, block)
        area.check_place(state, district, block, local_body)
    except (UnknownPlace, PlaceOfAnotherState, BlockElsewhere, BlockOrLocalBody) as problem:
        return type(problem), tuple(problem.params.items())
    return None


def _lies_in(state: str, block: str | None) -> str:
    """The code of the block's district, empty where the block tells none of this state."""
    known = blocks().get(block or "")
    return known.district if known and _state_of(known) == state else ""


def _check_code(state: str, field: str, code: str, district: str = "", beside: str = "") -> None:
    place = TABLES[field]().get(code)
    if place is not None and _state_of(place) == state:
        return
    beyond = blocks_in(state) if field == "block" else ()
    near = nearest(code, _places(state, field, district), _own(state, field, district, beside), beyond) or "none"
    if place is not None:
        raise PlaceOfAnotherState(field=field, place=place, near=near)
    raise UnknownPlace(field=field, code=code, near=near)


def _check_block(district: str, code: str) -> None:
    block = blocks()[code]
    if block.district != district:
        lies_in, near = districts()[block.district], nearest(code, blocks_of(district)) or "none"
        raise BlockElsewhere(block=block, lies_in=lies_in, district=districts()[district], near=near)


def _state_of(place: Place) -> str:
    return districts()[place.district].state if isinstance(place, Block) else place.state


def _places(state: str, field: str, district: str) -> tuple[Place, ...]:
    if field == "district":
        return districts_of(state)
    if field == "local_body":
        return local_bodies_of(state)
    return blocks_of(district) if district else blocks_in(state)


@cache
def blocks_in(state: str) -> tuple[Block, ...]:
    return tuple(block for district in districts_of(state) for block in blocks_of(district.code))


@lru_cache(1 << 12)
def _own(state: str, field: str, district: str, beside: str) -> frozenset[str]:
    """Codes of the places of the row's own district; a town is told by the name it shares with block or district."""
    if field != "local_body":
        return frozenset({beside})
    shared: list[Place] = [*blocks_of(district), *([districts()[district]] if district else [])]
    names = {name for place in shared for name in _sounds(place)}
    return frozenset(body.code for body in local_bodies_of(state) if _sounds(body)[0] in names)


def nearest(code: str, places: Sequence[Place], own: Collection[str] = (), beyond: Sequence[Place] = ()) -> str:
    """As `473 Chandrapur`, the likeliest first: by the name in the cell, or what this code is called elsewhere.

    Of a bare number then those of `own`, a slip of a digit, and the nearest numbers. `beyond`: where else it may lie.
    """
    heard = _heard(code)
    named = _suggested(heard, places, own)
    if named := [*named, *_sure(heard, named, beyond)]:
        return ", ".join(map(str, named))
    called = {_sounds(table()[code])[0] for table in TABLES.values() if code in table()}
    likely = sorted(places, key=lambda place: (_sounds(place)[0] not in called, *_away(code, own, place)))
    return ", ".join(map(str, likely[:NEAR]))


def _away(code: str, own: Collection[str], place: Place) -> tuple[bool, bool, int]:
    wanted = int(code) if code.isascii() and code.isdecimal() else 0
    return place.code not in own, OSA.distance(code, place.code) > 1, abs(int(place.code) - wanted)


def _heard(cell: str) -> str:
    """Of the name in it; empty where it is a number, or one with a letter too many."""
    letters = "".join(letter for letter in cell if not letter.isdecimal()).strip()
    return sound(letters) if letters == cell.strip() or len(letters) > LETTERS_TOO_MANY else ""


def _suggested(heard: str, places: Iterable[Place], own: Collection[str] = (), least: float = LEAST) -> list[Place]:
    """Empty where nothing was heard."""
    names = [(place, name) for place in places for name in _sounds(place)] if heard else []
    scored = process.extract_iter(heard, [name for _, name in names], scorer=JaroWinkler.similarity, score_cutoff=least)
    likely = sorted((names[at][0].code not in own, -score, at) for _, score, at in scored)
    return list(dict.fromkeys(names[at][0] for _, _, at in likely))[:MOST]


def _sure(heard: str, named: Sequence[Place], beyond: Iterable[Place]) -> list[Place]:
    """What else is called so, where none of these is."""
    return [] if _suggested(heard, named, least=SURELY) else _suggested(heard, beyond, least=SURELY)


@cache
def _sounds(place: Place) -> tuple[str, ...]:
    """Its own name's first."""
    return tuple(map(sound, _names(place)))


def _names(place: Place) -> tuple[str, ...]:
    if not isinstance(place, District):
        return (place.name,)
    former = (place.formerly,) if place.formerly else ()
    return (place.name, *former, *OLD_NAMES.get(place.code, ()))
