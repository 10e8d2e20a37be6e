"""What lists, counts and exports of groups are narrowed to, as callers write it."""

from dataclasses import fields
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from services.catalog.filters.domain import GroupFilters
from shared import clock
from shared.contracts.catalog import Programme
from shared.localized import ascii_digits
from shared.web.bounds import LONGEST

Text = Annotated[str, Field(max_length=LONGEST)]
Code = Annotated[Text, AfterValidator(lambda text: ascii_digits(text).strip())]


def _folded(programme: object) -> object:
    return programme.lower() if isinstance(programme, str) else programme


class GroupsAsked(BaseModel):
    """`q`: words of the name in any script, with slips of the pen; the last one may be a beginning."""

    programme: Annotated[Programme | None, BeforeValidator(_folded)] = None
    code: Annotated[
        Text | None, Field(description="the number that this programme gave the group, or any; of a merged one too")
    ] = None
    district: Annotated[Code | None, Field(description="LGD code")] = None
    block: Annotated[Code | None, Field(description="LGD code")] = None
    local_body: Annotated[Code | None, Field(description="LGD code")] = None
    village: Annotated[
        Text | None, Field(description="how its name begins, as it sounds; of a block or local body that is named too")
    ] = None
    activity: Annotated[Text | None, Field(description="as it sounds")] = None
    federation: Annotated[Text | None, Field(description="as it sounds")] = None
    stall_year: Annotated[int | None, Field(ge=2000, le=2999, description="with a stall on a day of it")] = None
    has_stall: Annotated[bool | None, Field(description="this year")] = None
    active: bool | None = None
    q: Annotated[Text | None, Field(description="the name, in any script, with slips; a word may be begun")] = None

    def filters(self) -> GroupFilters:
        plain = self.model_dump(include={one.name for one in fields(GroupFilters)})
        if self.has_stall is not None:
            plain["stall_in" if self.has_stall else "no_stall_in"] = clock.today().year
        return GroupFilters(**plain)
