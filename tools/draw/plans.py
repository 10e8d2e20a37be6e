"""Another plan for the applicants of a draw: read from a file, and laid over the draw's own.

CSV has the columns of plan.csv and names the events it changes; JSON is a template, {"lines": [...]} as an officer
sends it to POST /v1/plans/counts, for every event that has stalls, by the roster of the event's number.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.stalls.draw import archive, cells, files, plan, reading
from services.stalls.draw.plan import Event
from services.stalls.draw.roster import Templated, lines
from services.stalls.draw.sources import Source, TextSource
from services.stalls.offers.views import MOST_LINES
from services.stalls.plans.views import TemplateLineBody
from shared.errors import Invalid

NAME = "plan.csv"
TEMPLATE = ".json"


class TemplateUnreadable(Invalid):
    """{file}, {where}: {why}; see the example in the help of this command."""

    mr = "{file}, {where}: {why}; या कमांडच्या मदतीतील उदाहरण पाहा."
    hi = "{file}, {where}: {why}; इस कमांड की सहायता का उदाहरण देखें।"


class NoSuchEvent(Invalid):
    """{file} has a plan for event {event}, which the draw does not have."""

    mr = "{file} मध्ये क्रमांक {event} च्या मैदानाचा आराखडा आहे, पण सोडतीत ते मैदान नाही."
    hi = "{file} में क्रमांक {event} के मैदान की योजना है, पर लॉटरी में वह मैदान नहीं है।"


class Template(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[TemplateLineBody], Field(min_length=1, max_length=MOST_LINES)]

    def templated(self) -> tuple[Templated, ...]:
        return tuple(line.templated() for line in self.lines)


class Overlaid:
    """A draw's files, some of them by others."""

    def __init__(self, below: Source, above: TextSource) -> None:
        self._below, self._above = below, above

    def names(self) -> tuple[str, ...]:
        return self._below.names()

    def size(self, name: str) -> int:
        return self._of(name).size(name)

    def chunks(self, name: str) -> Iterator[bytes]:
        return self._of(name).chunks(name)

    def _of(self, name: str) -> Source:
        return self._above if name in self._above.names() else self._below


def with_plan(source: Source, path: Path) -> Source:
    """The draw with the plan in this file. Raises OSError, FileDamaged, TemplateUnreadable and what `read` does."""
    events = reading.events(archive.texts(source, files.PLAN))
    changed = read(archive.text(path.name, path.read_bytes()), path.name, events)
    return Overlaid(source, TextSource(files.plan(changed)))


def read(text: str, name: str, events: Sequence[Event]) -> tuple[Event, ...]:
    """`events` by this plan. Raises TemplateUnreadable, NoSuchEvent, what `reading.events` and `roster.lines` do."""
    if name.endswith(TEMPLATE):
        template = template_of(text, name)
        return tuple(_by_template(event, template) for event in events)
    named = {event.number: event.lines for event in counted(text)}
    for number in sorted(named.keys() - {event.number for event in events}):
        raise NoSuchEvent(file=name, event=number)
    return tuple(replace(event, lines=named.get(event.number, event.lines)) for event in events)


def template_of(text: str, name: str) -> tuple[Templated, ...]:
    """Raises TemplateUnreadable."""
    try:
        return Template.model_validate(json.loads(text)).templated()
    except ValidationError as error:
        first = error.errors()[0]
        raise TemplateUnreadable(file=name, where=".".join(map(str, first["loc"])) or "-", why=first["msg"]) from None
    except (ValueError, RecursionError) as error:
        raise TemplateUnreadable(file=name, where="-", why=str(error)) from None


def counted(text: str) -> tuple[Event, ...]:
    """From the text of a plan.csv alone. Raises what `reading.events` does, and PlanTooLarge."""
    stalls = Counter[int]()
    for row in cells.rows({NAME: text}, NAME):
        stalls[row.number("event")] += row.number("stalls", 1, plan.MOST_STALLS)
    for planned in stalls.values():
        if planned > plan.MOST_STALLS:
            raise plan.PlanTooLarge(planned=planned, most=plan.MOST_STALLS)
    return reading.events({NAME: text, "events.csv": _sums(sorted(stalls.items()))})


def _sums(stalls: Iterable[tuple[int, int]]) -> str:
    return files.table("events.csv", ((number, count, "") for number, count in stalls))


def _by_template(event: Event, template: Sequence[Templated]) -> Event:
    return replace(event, lines=lines(template, event.stalls, str(event.number))) if event.stalls else event
