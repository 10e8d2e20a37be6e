"""What lies where, and whose area it is. `district`, `block` and `local_body` are LGD codes throughout."""

from collections.abc import Iterable
from typing import Any

from shared.errors import Invalid, Refused
from shared.places.directory import Place, blocks, blocks_of, districts, districts_of, local_bodies, local_bodies_of
from shared.scope import Role, Scope

NEAR = 5
NOWHERE: dict[str, Any] = {"_id": {"$in": []}}
WHOLE_STATE = frozenset({Role.MISSION_MANAGER, Role.ADMIN})
EVERYWHERE = WHOLE_STATE | {Role.DEPARTMENT}


class UnknownPlace(Invalid):
    """{field}: {code} is not an LGD code there. Nearest: {near}; send the right one."""

    mr = "{field}: {code} हा तेथील LGD क्रमांक नाही. जवळचे क्रमांक: {near}; योग्य क्रमांक पाठवा."
    hi = "{field}: {code} वहाँ का LGD कोड नहीं है। सबसे निकट के कोड: {near}; सही कोड भेजें।"


class BlockElsewhere(Invalid):
    """block: {block} lies in the district {lies_in}, not in {district}. Blocks there: {near}; change one of the two."""

    mr = "block: {block} हा तालुका {lies_in} जिल्ह्यात आहे, {district} मध्ये नाही. तेथील तालुके: {near}; दोन्हीपैकी एक बदला."
    hi = "block: {block} विकासखण्ड {lies_in} जिले में है, {district} में नहीं। वहाँ के विकासखण्ड: {near}; दोनों में से एक बदलें।"


class BlockOrLocalBody(Invalid):
    """block, local_body: send one of the two, the block of a village or the local body of a town."""

    mr = "block, local_body: दोन्हीपैकी एकच पाठवा; गावासाठी तालुका किंवा शहरासाठी स्थानिक संस्था."
    hi = "block, local_body: दोनों में से एक ही भेजें; गाँव के लिए विकासखण्ड या शहर के लिए नगर निकाय।"


class OutsideArea(Refused):
    """This lies in {place}; you act for {area}. Ask the officer of that place."""

    status = 403
    mr = "हे ठिकाण {place} येथे आहे; तुमचे कार्यक्षेत्र {area} आहे. त्या ठिकाणच्या अधिकाऱ्यांना सांगा."
    hi = "यह स्थान {place} में है; आपका कार्यक्षेत्र {area} है। वहाँ के अधिकारी से कहें।"


def check_place(state: str, district: str, block: str | None, local_body: str | None) -> None:
    """One district of the state, and in it one block or one urban local body.

    The directory does not say in which district a local body lies: only its state is checked.
    Raises UnknownPlace, BlockElsewhere, BlockOrLocalBody.
    """
    if (block is None) == (local_body is None):
        raise BlockOrLocalBody
    if district not in districts() or districts()[district].state != state:
        raise UnknownPlace(field="district", code=district, near=near(district, districts_of(state)))
    if block is not None:
        _check_block(district, block)
    elif local_body not in local_bodies() or local_bodies()[local_body].state != state:
        raise UnknownPlace(field="local_body", code=local_body, near=near(local_body or "", local_bodies_of(state)))


def _check_block(district: str, code: str) -> None:
    choice = near(code, blocks_of(district)) or "none"
    if code not in blocks():
        raise UnknownPlace(field="block", code=code, near=choice)
    if (block := blocks()[code]).district != district:
        lies_in = districts()[block.district]
        raise BlockElsewhere(block=block, lies_in=lies_in, district=districts()[district], near=choice)


def near(code: str, places: Iterable[Place]) -> str:
    """The places with the nearest codes, as `4512 Baramati, 4513 Bhor`."""
    wanted = int(code) if code.isascii() and code.isdigit() else 0
    closest = sorted(places, key=lambda place: (abs(int(place.code) - wanted), int(place.code)))[:NEAR]
    return ", ".join(str(place) for place in sorted(closest, key=lambda place: int(place.code)))


def covers(scope: Scope, district: str, block: str | None) -> bool:
    """Whether an officer acts for that place; False for everyone who is not one."""
    if scope.role is Role.BLOCK_OFFICER:
        return scope.block is not None and (scope.district, scope.block) in ((district, block), (None, block))
    if scope.role is Role.DISTRICT_OFFICER:
        return scope.district is not None and scope.district == district
    return scope.role in WHOLE_STATE


def require_area(scope: Scope, district: str, block: str | None) -> None:
    """Raises OutsideArea, which names both places."""
    if not covers(scope, district, block):
        raise OutsideArea(place=place_name(district, block), area=area_name(scope))


def place_name(district: str, block: str | None) -> str:
    names = [blocks().get(block) if block else None, districts().get(district)]
    return ", ".join(str(name) for name in names if name) or district


def area_name(scope: Scope) -> str:
    if scope.role is Role.BLOCK_OFFICER:
        return place_name(scope.district or "-", scope.block)
    return place_name(scope.district or "-", None)


def within(scope: Scope) -> dict[str, Any]:
    """The filter of what lies in the scope's area, on the fields `district` and `block`."""
    if scope.role is Role.BLOCK_OFFICER:
        return {"block": scope.block} if scope.block else NOWHERE
    if scope.role is Role.DISTRICT_OFFICER:
        return {"district": scope.district} if scope.district else NOWHERE
    return {} if scope.role in EVERYWHERE else NOWHERE
