"""Facts and the CloudEvents 1.0 envelope they travel in (binary mode: headers around a fact as body)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.trace import TRACEPARENT

D = TypeVar("D", bound="Fact", covariant=True)

PREFIX = "in.bachathaat"
MOST = 2**53  # the largest number every JSON reader keeps exact
SCHEMA_BASE = "https://schemas.bachathaat.in"


class Part(BaseModel):
    """What facts are made of: written strictly, read tolerantly."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(Part):
    """One past-tense fact. Subclasses are the published language."""

    topic: ClassVar[str]
    """`<service>.<aggregate>`, without the namespace."""
    name: ClassVar[str]
    """What happened, such as `order-placed`."""
    major: ClassVar[int] = 1

    @classmethod
    def type(cls) -> str:
        """The CloudEvents type, such as `in.bachathaat.orders.order-placed.v1`."""
        return f"{PREFIX}.{cls.topic.partition('.')[0]}.{cls.name}.v{cls.major}"


class Envelope(BaseModel):
    """CloudEvents attributes and our extensions, as they stand in Kafka headers with the prefix `ce_`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = Field(pattern=r"^1\.0$")
    id: str = Field(min_length=1, max_length=512, description="subject:incarnation:sequence")
    source: str = Field(min_length=1, description="/<service>")
    type: str = Field(pattern=r"^in\.bachathaat\.[a-z]+\.[a-z0-9-]+\.v[1-9][0-9]{0,3}$")
    subject: str = Field(min_length=1, max_length=400, description="id of what the fact is about; the Kafka key")
    time: datetime
    dataschema: str
    partitionkey: str
    sequence: int = Field(ge=1, le=MOST, description="number of this fact among its subject's facts, +1 each")
    tenant: str = Field(min_length=1, max_length=16, description="LGD code of the state")
    traceparent: str | None = None
    dataclassification: str = "internal"

    @field_validator("traceparent")
    @classmethod
    def a_trace_or_none(cls, value: str | None) -> str | None:
        """A trace that cannot be followed is no reason to refuse a fact."""
        return value if value and TRACEPARENT.match(value) else None

    @property
    def incarnation(self) -> int:
        """How often the producer's database was restored from a backup, plus one."""
        return int(self.id.rsplit(":", 2)[1])


@dataclass(frozen=True, slots=True)
class Event(Generic[D]):
    """A fact as a consumer sees it."""

    data: D
    id: str
    subject: str
    tenant: str
    incarnation: int
    sequence: int
    time: datetime
    trace: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among its subject's facts: compare to tell newer from older."""
        return self.incarnation, self.sequence


def schema_url(topic: str, name: str, major: int) -> str:
    return f"{SCHEMA_BASE}/{topic}/{name}/v{major}.json"
