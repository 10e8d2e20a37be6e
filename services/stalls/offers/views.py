"""Lines of a plan and who may apply, as officers send them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.stalls.draw import plan
from services.stalls.offers.domain import Eligibility
from shared.contracts.catalog import Category, Programme
from shared.web.localized import LgdCode

MOST_LINES = 64

Count = Annotated[int, Field(strict=True, ge=1, le=plan.MOST_STALLS)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Categories = Annotated[frozenset[Category], Field(max_length=20)]


class LineBody(BaseModel):
    """`count` stalls alike: null categories take any product; a fallback of null takes any later, an empty one none."""

    model_config = ConfigDict(extra="forbid")

    stage: Annotated[Word, Field(examples=["open", "st"])] = plan.OPEN
    categories: Categories | None = None
    fallback: Categories | None = None
    tags: Annotated[frozenset[Word], Field(max_length=20, description="of the table of tags")] = frozenset()
    district: LgdCode | None = None
    count: Count

    def line(self) -> plan.Line:
        return plan.Line(**dict(self))


class EligibilityBody(BaseModel):
    """Who may apply; an empty list admits everybody."""

    model_config = ConfigDict(extra="forbid")

    programmes: Annotated[frozenset[Programme], Field(max_length=3)] = frozenset()
    districts: Annotated[frozenset[LgdCode], Field(max_length=100)] = frozenset()
    categories: Categories = frozenset()

    def eligibility(self) -> Eligibility:
        return Eligibility(**dict(self))
