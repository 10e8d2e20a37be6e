"""When the provider misbehaves, and how: on demand and by magic numbers. The modes stand in the package's docstring."""

import zlib
from collections import Counter
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

AnswerMode = Literal["refuse", "busy", "broken", "slow", "timeout"]
ReportMode = Literal["undelivered", "twice", "reversed", "silent"]
Mode = Literal["normal", AnswerMode, ReportMode]
ANSWERS: tuple[AnswerMode, ...] = get_args(AnswerMode)
REPORTS: tuple[ReportMode, ...] = get_args(ReportMode)

MAGIC_PREFIX = "+91999990"
MAGIC: dict[str, Mode] = {
    "0400": "refuse",
    "0429": "busy",
    "0500": "broken",
    "0504": "timeout",
    "0001": "undelivered",
    "0002": "twice",
    "0003": "reversed",
    "0004": "silent",
}
PASSING: tuple[Mode, ...] = ("busy", "broken", "timeout")  # by number these happen once, so that a retry succeeds


class Rule(BaseModel):
    """One way to misbehave: for the next `count` calls, for a share `rate` of them, or for all."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode
    count: Annotated[int, Field(ge=1)] | None = None
    rate: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: int = 0
    delay_seconds: Annotated[float, Field(ge=0, le=600)] = 60

    @model_validator(mode="after")
    def _one_measure(self) -> "Rule":
        if self.count is not None and self.rate is not None:
            raise ValueError("count or rate, not both")
        return self


class Behaviour:
    """The rules in force, and which of them hold for one call."""

    def __init__(self) -> None:
        self._rules: dict[Mode, Rule] = {}
        self._calls: Counter[str] = Counter()

    def obey(self, rule: Rule) -> None:
        """Puts a rule in force, in place of the one of its mode; `normal` ends them all."""
        if rule.mode == "normal":
            self._rules.clear()
        else:
            self._rules[rule.mode] = rule.model_copy()

    def in_force(self) -> list[Rule]:
        return list(self._rules.values())

    def answer_to(self, client_ref: str, number: str) -> Rule | None:
        """How this call is answered badly, or None. Counts the call."""
        self._calls[client_ref] += 1
        call = self._calls[client_ref]
        magic = _magic(number)
        if magic in ANSWERS and (call == 1 or magic not in PASSING):
            return self._rules.get(magic) or Rule(mode=magic)
        return next((rule for mode in ANSWERS if (rule := self._held(mode, f"{client_ref}:{call}"))), None)

    def reports_of(self, client_ref: str, number: str) -> frozenset[ReportMode]:
        """How an accepted message is reported badly."""
        magic = _magic(number)
        return frozenset(mode for mode in REPORTS if mode == magic or self._held(mode, client_ref))

    def _held(self, mode: Mode, call: str) -> Rule | None:
        """The rule of this mode if it holds for this call; one that counts is used up by it."""
        rule = self._rules.get(mode)
        if rule is None or (rule.rate is not None and _share(f"{rule.seed}:{mode}:{call}") >= rule.rate):
            return None
        if rule.count is not None:
            rule.count -= 1
            if not rule.count:
                del self._rules[mode]
        return rule


def _share(call: str) -> float:
    """A number from 0 to 1 that is the same for the same call, whatever comes between."""
    return zlib.crc32(call.encode()) / 2**32


def _magic(number: str) -> Mode | None:
    return MAGIC.get(number.removeprefix(MAGIC_PREFIX)) if number.startswith(MAGIC_PREFIX) else None
