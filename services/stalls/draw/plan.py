"""What a draw is made from: events with their staged stall plan, and the groups that apply."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.errors import Invalid

OPEN = "open"
MOST_STALLS = 512
WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")
LGD_CODE = re.compile(r"[0-9]{1,6}")
Mask = frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`count` stalls alike.

    `categories`: what may be sold there, `fallback`: what may when nobody else took it; None is any product, an empty
    fallback none. `tags`, `district`: whom it is guaranteed to first.
    """

    stage: str = OPEN
    categories: Mask = None
    fallback: Mask = None
    tags: frozenset[str] = frozenset()
    district: str | None = None
    count: int

    @property
    def guaranteed(self) -> bool:
        return bool(self.tags) or self.district is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A ground on one or more days. One that was struck out at the close has no lines."""

    number: int
    lines: tuple[Line, ...]
    note: str = ""

    @property
    def stalls(self) -> int:
        return sum(line.count for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A group under its ticket. `stages`: the vertical ones it may use; `choices`: event numbers, the best first.

    `upgrade`: it wants a better choice if one becomes free after the draw; the draw itself does not ask.
    """

    ticket: str
    tier: int
    district: str
    block: str | None = None
    stages: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    categories: frozenset[str]
    choices: tuple[int, ...]
    upgrade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The frozen inputs of one draw; applicants sorted by ticket, events by number."""

    applicants: tuple[Applicant, ...]
    events: tuple[Event, ...]


class PlanEmpty(Invalid):
    """lines: a stall plan needs at least one line."""

    mr = "lines: स्टॉलच्या आराखड्यात किमान एक ओळ हवी."
    hi = "lines: स्टॉल की योजना में कम से कम एक पंक्ति चाहिए।"


class PlanCount(Invalid):
    """lines: line {line} has {count} stalls; a line has at least 1."""

    mr = "lines: ओळ {line} मध्ये {count} स्टॉल आहेत; प्रत्येक ओळीत किमान 1 हवा."
    hi = "lines: पंक्ति {line} में {count} स्टॉल हैं; हर पंक्ति में कम से कम 1 चाहिए।"


class PlanTooLarge(Invalid):
    """lines: the plan has {planned} stalls; an event has at most {most}. Make two events of it."""

    mr = "lines: आराखड्यात {planned} स्टॉल आहेत; एका मैदानासाठी जास्तीत जास्त {most} असू शकतात. दोन मैदाने म्हणून लिहा."
    hi = "lines: योजना में {planned} स्टॉल हैं; एक मैदान के लिए अधिकतम {most} हो सकते हैं। दो मैदान करके लिखें।"


class PlanExceedsStalls(Invalid):
    """lines: the plan of event {event} gives out {planned} stalls, but its ground {ground} has {stalls}."""

    mr = "lines: क्रमांक {event} चा आराखडा {planned} स्टॉल देतो, पण {ground} या मैदानावर {stalls} आहेत."
    hi = "lines: क्रमांक {event} की योजना {planned} स्टॉल देती है, पर {ground} मैदान में {stalls} हैं।"


class PlanMaskEmpty(Invalid):
    """lines: line {line} takes no product; name its categories, or leave them out for any."""

    mr = "lines: ओळ {line} मध्ये कोणतेही उत्पादन चालत नाही; प्रकार लिहा, किंवा कोणतेही चालत असल्यास रिकामे सोडा."
    hi = "lines: पंक्ति {line} में कोई उत्पाद नहीं चलता; श्रेणियाँ लिखें, या कोई भी चले तो छोड़ दें।"


class UnknownPlanCategory(Invalid):
    """There is no product category {category}; there are: {known}."""

    mr = "{category} हा उत्पादन प्रकार नाही; असलेले प्रकार: {known}."
    hi = "{category} नाम की उत्पाद श्रेणी नहीं है; ये हैं: {known}।"


class UnknownTag(Invalid):
    """lines: line {line} is for {tag}, which no group can be; there are: {known}."""

    mr = "lines: ओळ {line} {tag} साठी आहे, पण असा गट नसतो; असलेले: {known}."
    hi = "lines: पंक्ति {line} {tag} के लिए है, पर ऐसा कोई समूह नहीं होता; ये हैं: {known}।"


class BadStageName(Invalid):
    """lines: line {line} names its stage {stage}; a stage is open, or a lower-case word such as sc."""

    mr = "lines: ओळ {line} मध्ये stage {stage} आहे; stage म्हणजे open किंवा sc सारखा लहान इंग्रजी अक्षरांतील शब्द."
    hi = "lines: पंक्ति {line} में stage {stage} है; stage यानी open या sc जैसा छोटे अंग्रेज़ी अक्षरों का शब्द।"


class BadPlanDistrict(Invalid):
    """lines: line {line} is for district {district}, which is no LGD code."""

    mr = "lines: ओळ {line} जिल्हा {district} साठी आहे, पण तो LGD क्रमांक नाही."
    hi = "lines: पंक्ति {line} ज़िला {district} के लिए है, पर वह LGD कोड नहीं है।"


class CapNegative(Invalid):
    """caps: at most {cap} stalls for {category} makes no sense; write 0 or more."""

    mr = "caps: {category} साठी जास्तीत जास्त {cap} स्टॉल याला अर्थ नाही; 0 किंवा अधिक लिहा."
    hi = "caps: {category} के लिए अधिकतम {cap} स्टॉल का अर्थ नहीं; 0 या अधिक लिखें।"


class CapBroken(Invalid):
    """caps: {admitting} stalls take {category}, in their products or their fallback, but at most {cap} may."""

    mr = "caps: {admitting} स्टॉल {category} घेतात (products किंवा fallback मध्ये), पण जास्तीत जास्त {cap} चालतात."
    hi = "caps: {admitting} स्टॉल {category} लेते हैं (products या fallback में), पर अधिकतम {cap} ले सकते हैं।"


def check(
    lines: Sequence[Line],
    *,
    stalls: int,
    caps: Mapping[str, int],
    categories: Collection[str],
    tags: Collection[str],
    event: int = 1,
    ground: object = "-",
) -> None:
    """A plan for a ground of so many stalls; `caps`: category → how many stalls may take it at most.

    `event` and the name of its `ground` are told in refusals.

    Raises PlanEmpty, PlanCount, PlanTooLarge, PlanExceedsStalls, PlanMaskEmpty, UnknownPlanCategory, UnknownTag,
    BadStageName, BadPlanDistrict, CapNegative or CapBroken.
    """
    if not lines:
        raise PlanEmpty
    for number, line in enumerate(lines, 1):
        _check_line(number, line, categories, tags)
    planned = sum(line.count for line in lines)
    if planned > MOST_STALLS:
        raise PlanTooLarge(planned=planned, most=MOST_STALLS)
    if planned > stalls:
        raise PlanExceedsStalls(planned=planned, stalls=stalls, event=event, ground=ground)
    _known(caps, categories)
    for category, cap in sorted(caps.items()):
        _check_cap(lines, category, cap)


def _check_line(number: int, line: Line, categories: Collection[str], tags: Collection[str]) -> None:
    if line.count < 1:
        raise PlanCount(line=number, count=line.count)
    if not WORD.fullmatch(line.stage):
        raise BadStageName(line=number, stage=line.stage)
    if line.district is not None and not LGD_CODE.fullmatch(line.district):
        raise BadPlanDistrict(line=number, district=line.district)
    if line.categories is not None and not line.categories:
        raise PlanMaskEmpty(line=number)
    for mask in (line.categories, line.fallback):
        _known(mask or (), categories)
    for tag in sorted(line.tags - set(tags)):
        raise UnknownTag(line=number, tag=tag, known=", ".join(sorted(tags)))


def _known(named: Iterable[str], categories: Collection[str]) -> None:
    for category in sorted(set(named) - set(categories)):
        raise UnknownPlanCategory(category=category, known=", ".join(sorted(categories)))


def _check_cap(lines: Sequence[Line], category: str, cap: int) -> None:
    """A cap is written into the plan: whoever is seated, no more stalls than these take the category."""
    if cap < 0:
        raise CapNegative(category=category, cap=cap)
    admitting = sum(line.count for line in lines if takes(line.categories, category) or takes(line.fallback, category))
    if admitting > cap:
        raise CapBroken(category=category, admitting=admitting, cap=cap)


def takes(mask: Mask, category: str) -> bool:
    return mask is None or category in mask


def stages(lines: Iterable[Line]) -> tuple[str, ...]:
    """Each once, in published order: open first, then as they first appear."""
    return tuple(dict.fromkeys([OPEN, *(line.stage for line in lines)]))
