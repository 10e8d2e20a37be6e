"""What lists, counts and exports of groups are narrowed to, and what can be asked of none of them."""

import re
from dataclasses import dataclass
from typing import Final, get_args

from services.catalog.names.domain import sound
from services.catalog.nearby.domain import check_asked
from shared.contracts.catalog import Programme, group_id
from shared.errors import Invalid
from shared.lists.cleaning import cleaned
from shared.localized import ascii_digits
from shared.scope import OWN_GROUPS, Role, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFilters:
    """What a list is narrowed to. Places are LGD codes; texts and the name (`q`) are found as they sound."""

    programme: Programme | None = None
    code: str | None = None
    """The number that a programme gave it, or one merged into it."""
    district: str | None = None
    block: str | None = None
    local_body: str | None = None
    village: str | None = None
    """How its name begins."""
    activity: str | None = None
    federation: str | None = None
    stall_year: int | None = None
    """Who has a stall on a day of this year."""
    stall_in: int | None = None
    """Of these, who has one on a day of that year too."""
    no_stall_in: int | None = None
    active: bool | None = None
    q: str | None = None


class NothingToFind(Invalid):
    """{field}: there is no letter and no digit in it; write a word of the name, or leave it out."""

    mr = "{field}: यात एकही अक्षर किंवा अंक नाही; नावातील एखादा शब्द लिहा, किंवा ते सोडून द्या."
    hi = "{field}: इसमें कोई अक्षर या अंक नहीं है; नाम का कोई शब्द लिखें, या इसे छोड़ दें।"


class PlaceNeeded(Invalid):
    """{field}: the same name stands in many blocks; say the block or the local body too."""

    mr = "{field}: हेच नाव अनेक तालुक्यांत असते; तालुका (block) किंवा स्थानिक संस्थाही (local_body) सांगा."
    hi = "{field}: यही नाम कई विकासखण्डों में होता है; विकासखण्ड (block) या नगर निकाय (local_body) भी बताएँ।"


class NotAGroupNumber(Invalid):
    """code: {code} is no programme's number of a group; write its letters A to Z, digits, and / _ - between them."""

    mr = "code: {code} हा कार्यक्रमाने दिलेला गट क्रमांक नाही; त्यातील A ते Z अक्षरे, अंक आणि मधली / _ - चिन्हे लिहा."
    hi = "code: {code} कार्यक्रम की दी हुई समूह संख्या नहीं है; उसके A से Z अक्षर, अंक और बीच के / _ - चिह्न लिखें।"


NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]{0,39}")


def check_filters(filters: GroupFilters, scope: Scope) -> None:
    """Raises what `check_asked` raises, NothingToFind for a name without a word, PlaceNeeded, NotAGroupNumber."""
    for field in ("q", "activity", "federation", "village"):
        if (text := getattr(filters, field)) is not None and not sound(text):
            raise NothingToFind(field=field)
    if filters.village is not None:
        require_place("village", filters, scope)
    if filters.code is not None:
        number(filters.code)
    check_asked(scope.tenant, filters.district, filters.block, filters.local_body)


def require_place(field: str, filters: GroupFilters, scope: Scope) -> None:
    """What is asked is one block's or one town's. Raises PlaceNeeded."""
    if not (filters.block or filters.local_body or scope.role is Role.BLOCK_OFFICER or scope.role in OWN_GROUPS):
        raise PlaceNeeded(field=field)


def number(text: str) -> str:
    """A programme's number as lists are read: no spaces, nothing unseen, digits that programs compare."""
    told = "".join(ascii_digits(cleaned(text)).split())
    if not NUMBER.fullmatch(told):
        raise NotAGroupNumber(code=text[:40])
    return told


def of_number(filters: GroupFilters, tenant: str) -> list[str]:
    """The ids a group of this number may have: in that programme or in any, as written or all in one case."""
    told = number(filters.code or "")
    programmes = (filters.programme,) if filters.programme else get_args(Programme)
    return sorted({group_id(tenant, one, code) for one in programmes for code in (told, told.upper(), told.lower())})
