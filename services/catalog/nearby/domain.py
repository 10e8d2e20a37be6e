"""Near names: a list that has a name where the code belongs, in whichever script, hears which codes it may mean."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from services.catalog.names.domain import sound
from shared.errors import Invalid
from shared.places import area
from shared.places.area import BlockElsewhere, BlockOrLocalBody, UnknownPlace, near
from shared.places.directory import (
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
OLD_NAMES = {"473": ("Chanda",), "482": ("Bombay",), "483": ("Bombay",)}
"""What districts were called under the British, by code: people say so still."""


class PlaceOfAnotherState(Invalid):
    """{field}: {place} lies in another state; the nearest codes of this state are {near}. Send the right one."""

    mr = "{field}: {place} दुसऱ्या राज्यात आहे; या राज्यातील जवळचे क्रमांक: {near}. योग्य क्रमांक पाठवा."
    hi = "{field}: {place} दूसरे राज्य में है; इस राज्य के सबसे निकट के कोड: {near}। सही कोड भेजें।"


def check(state: str, district: str, block: str | None, local_body: str | None) -> None:
    """As an entry of the registry must lie, said so that a list can be mended.

    Raises UnknownPlace, PlaceOfAnotherState, BlockElsewhere, BlockOrLocalBody.
    """
    if problem := found(state, district, block, local_body):
        kind, params = problem
        raise kind(**dict(params))


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
        _check_code(state, "district", district)
        for field, code in (("block", block), ("local_body", local_body)):
            if code is not None:
                _check_code(state, field, code, district)
        if block is not None and blocks()[block].district != district:
            area.check_place(state, district, block, None)
        area.check_place(state, district, block, local_body)
    except (UnknownPlace, PlaceOfAnotherState, BlockElsewhere, BlockOrLocalBody) as problem:
        return type(problem), tuple(problem.params.items())
    return None


def _check_code(state: str, field: str, code: str, district: str | None = None) -> None:
    place = TABLES[field]().get(code)
    there = _places(state, field, district)
    if place is None:
        raise UnknownPlace(field=field, code=code, near=_suggested(code, there) or near(code, there) or "none")
    if _state_of(place) != state:
        raise PlaceOfAnotherState(field=field, place=place, near=near(code, there) or "none")


def _state_of(place: Place) -> str:
    return districts()[place.district].state if hasattr(place, "district") else place.state


def _places(state: str, field: str, district: str | None) -> tuple[Place, ...]:
    if field == "district":
        return districts_of(state)
    return blocks_of(district or "") if field == "block" else local_bodies_of(state)


def _suggested(text: str, places: Iterable[Place]) -> str:
    """As `473 Chandrapur`, the likeliest first; empty where the cell names nothing."""
    heard = sound("".join(letter for letter in text if not letter.isdecimal()))
    if not heard:
        return ""
    names = [(place, sound(name)) for place in places for name in _names(place)]
    scored = process.extract(
        heard, [name for _, name in names], scorer=JaroWinkler.normalized_similarity, score_cutoff=LEAST, limit=9
    )
    likely = dict.fromkeys(str(names[at][0]) for _, _, at in scored)
    return ", ".join(list(likely)[:MOST])


def _names(place: Place) -> tuple[str, ...]:
    if not isinstance(place, District):
        return (place.name,)
    former = (place.formerly,) if place.formerly else ()
    return (place.name, *former, *OLD_NAMES.get(place.code, ()))
