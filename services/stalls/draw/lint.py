"""What an officer should look at again in a stall plan, in sentences: nothing here forbids, `plan.check` does that."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from services.stalls.draw.plan import OPEN, Line, Mask, takes
from shared.errors import LANGUAGES, Language

Words = tuple[str, str, str]
"""In the order of LANGUAGES."""
ADVICE: Mapping[str, Words] = {
    "WiderLineFirst": (
        (
            "ओळ {line} ही ओळ {other} पेक्षा जास्त उत्पादने घेते आणि तिच्या आधी आहे; आधीच्या ओळीचे स्टॉल आधी भरतात, "
            "म्हणून ओळ {other} आधी लिहा."
        ),
        (
            "पंक्ति {line} पंक्ति {other} से अधिक उत्पाद लेती है और उससे पहले है; पहले की पंक्ति के स्टॉल पहले भरते "
            "हैं, इसलिए पंक्ति {other} पहले लिखें।"
        ),
        (
            "Line {line} takes more products than line {other} and stands before it; stalls of earlier lines are "
            "filled first, so put line {other} first."
        ),
    ),
    "LineUnreachable": (
        ("ओळ {line} च्या {count} स्टॉलवर कोणीही बसू शकत नाही: अर्ज करू शकणाऱ्या कोणत्याही गटाचे उत्पादन तेथे चालत नाही."),
        ("पंक्ति {line} के {count} स्टॉल पर कोई नहीं बैठ सकता: आवेदन कर सकने वाले किसी समूह का उत्पाद वहाँ नहीं चलता।"),
        (
            "Nobody can have one of the {count} stalls of line {line}: it takes nothing of what those who may apply "
            "sell."
        ),
    ),
    "GuaranteeForNobody": (
        "ओळ {line} ची हमी ({words}) अर्ज करू शकणाऱ्या कोणत्याही गटाला मिळू शकत नाही.",
        "पंक्ति {line} की गारंटी ({words}) आवेदन कर सकने वाले किसी समूह को नहीं मिल सकती।",
        "Nobody who may apply can hold the guarantee of line {line} ({words}).",
    ),
    "StageUnused": (
        "ओळ {line} चा टप्पा {stage} कोणताही गट वापरत नाही; असलेले टप्पे: {known}.",
        "पंक्ति {line} का चरण {stage} कोई समूह नहीं अपनाता; ये चरण हैं: {known}।",
        "No group uses the stage {stage} of line {line}; there are: {known}.",
    ),
    "StallsMayStayEmpty": (
        "ओळ {line} ला fallback नाही: {stage} गट पुरेसे नसतील तर तिचे स्टॉल ({count}) रिकामे राहतील.",
        "पंक्ति {line} का fallback नहीं है: {stage} समूह कम हुए तो उसके स्टॉल ({count}) खाली रहेंगे।",
        "Line {line} has no fallback: where there are too few {stage} groups, its stalls ({count}) stay empty.",
    ),
    "FallbackNarrower": (
        ("ओळ {line} च्या fallback मध्ये {words} नाही, पण तिच्या उत्पादनांत आहे; मोकळे राहिलेले स्टॉल मग त्यांनाही मिळत नाहीत."),
        ("पंक्ति {line} के fallback में {words} नहीं है, पर उसके उत्पादों में है; बचे हुए स्टॉल तब उन्हें भी नहीं मिलते।"),
        (
            "The fallback of line {line} leaves out {words}, which its products take; stalls left over do not go to "
            "them either."
        ),
    ),
    "FallbackBreaksCap": (
        (
            "{category} साठी मर्यादा {cap} आहे. fallback शिवाय {first} स्टॉल ते घेतात, fallback धरून {admitting}; ओळ "
            "{words} चा fallback बदला."
        ),
        (
            "{category} की सीमा {cap} है। fallback के बिना {first} स्टॉल उसे लेते हैं, fallback के साथ {admitting}; "
            "पंक्ति {words} का fallback बदलें।"
        ),
        (
            "{category} has a cap of {cap}. Without fallbacks {first} stalls take it, with them {admitting}; change "
            "the fallback in (lines: {words})."
        ),
    ),
    "CapBrokenByLines": (
        "{category} साठी मर्यादा {cap} आहे, पण {first} स्टॉल ते घेतात (ओळ {words}).",
        "{category} की सीमा {cap} है, पर {first} स्टॉल उसे लेते हैं (पंक्ति {words})।",
        "{category} has a cap of {cap}, but {first} stalls take it (lines: {words}).",
    ),
    "MoreThanStalls": (
        "आराखडा {planned} स्टॉल देतो, पण मैदानावर {stalls} आहेत.",
        "योजना {planned} स्टॉल देती है, पर मैदान में {stalls} हैं।",
        "The plan gives out {planned} stalls, but the ground has {stalls}.",
    ),
    "StallsLeftOut": (
        "मैदानावरील {stalls} स्टॉलपैकी आराखडा {planned} देतो; {left} कोणालाही मिळणार नाहीत.",
        "मैदान के {stalls} स्टॉल में से योजना {planned} देती है; {left} किसी को नहीं मिलेंगे।",
        "Of the ground's {stalls} stalls the plan gives out {planned}; {left} go to nobody.",
    ),
    "SharesNotHundred": (
        "share ची बेरीज {total} आहे, 100 नाही: टक्के अभिप्रेत असतील तर दुरुस्त करा; प्रत्येक ओळीला share/{total} इतका भाग मिळतो.",
        "share का जोड़ {total} है, 100 नहीं: प्रतिशत लिखने थे तो सुधारें; हर पंक्ति को share/{total} हिस्सा मिलता है।",
        "The shares add up to {total}, not 100: mend them if percent was meant; each line gets its share of {total}.",
    ),
    "LinesAlike": (
        "ओळ {line} आणि ओळ {other} सारख्याच आहेत; त्यांची एकच ओळ करा.",
        "पंक्ति {line} और पंक्ति {other} एक जैसी हैं; उन्हें एक पंक्ति कर दें।",
        "Lines {line} and {other} are alike; make one line of them.",
    ),
}


HUNDRED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`code`: which of ADVICE; `line`: the line it is about, from 1, or None where it is about the whole plan."""

    code: str
    line: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        return ADVICE[self.code][LANGUAGES.index(language)].format(line=self.line, **self.params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopefuls:
    """Who may apply; None is anybody. `stages` besides open."""

    stages: Collection[str] | None = None
    tags: Collection[str] | None = None
    districts: Collection[str] | None = None
    categories: Collection[str] | None = None


def lint(
    lines: Sequence[Line], *, stalls: int | None = None, caps: Mapping[str, int] | None = None, who: Hopefuls
) -> tuple[Advice, ...]:
    """About the whole plan first, then line by line. `stalls`: of the ground, where it is known."""
    by_line = [one for number, line in enumerate(lines, 1) for one in _of_line(number, line, who)]
    pairs = [one for pair in combinations(enumerate(lines, 1), 2) for one in _of_pair(*pair)]
    whole = [*_of_size(lines, stalls), *_of_caps(lines, caps or {})]
    return (*whole, *sorted([*by_line, *pairs], key=lambda one: one.line or 0))


def of_shares(shares: Sequence[int]) -> tuple[Advice, ...]:
    """About a template. Shares may be parts of any whole: nothing is wrong then, but it may not be what was meant."""
    total = sum(shares)
    return () if total in {0, HUNDRED} else (Advice(code="SharesNotHundred", params={"total": total}),)


def _of_size(lines: Sequence[Line], stalls: int | None) -> Iterator[Advice]:
    planned = sum(line.count for line in lines)
    if stalls is not None and planned != stalls:
        params = {"planned": planned, "stalls": stalls, "left": stalls - planned}
        yield Advice(code="MoreThanStalls" if planned > stalls else "StallsLeftOut", params=params)


def _of_caps(lines: Sequence[Line], caps: Mapping[str, int]) -> Iterator[Advice]:
    for category, cap in sorted(caps.items()):
        first = [number for number, line in enumerate(lines, 1) if takes(line.categories, category)]
        later = [n for n, line in enumerate(lines, 1) if n not in first and takes(line.fallback, category)]
        at_first, admitting = (sum(lines[n - 1].count for n in numbers) for numbers in (first, [*first, *later]))
        if admitting > cap:
            breaks = at_first > cap
            params = {"category": category, "cap": cap, "first": at_first, "admitting": admitting}
            named = ", ".join(map(str, first if breaks else later))
            yield Advice(code="CapBrokenByLines" if breaks else "FallbackBreaksCap", params={**params, "words": named})


def _of_line(number: int, line: Line, who: Hopefuls) -> Iterator[Advice]:
    if not _any_of(line.categories, who.categories) and not _any_of(line.fallback, who.categories):
        yield Advice(code="LineUnreachable", line=number, params={"count": line.count})
    if line.guaranteed and not _guarantee_held(line, who):
        words = ", ".join([*sorted(line.tags), *([line.district] if line.district else [])])
        yield Advice(code="GuaranteeForNobody", line=number, params={"words": words})
    if line.stage != OPEN and who.stages is not None and line.stage not in who.stages:
        known = ", ".join([OPEN, *sorted(set(who.stages) - {OPEN})])
        yield Advice(code="StageUnused", line=number, params={"stage": line.stage, "known": known})
    if line.stage != OPEN and line.fallback == frozenset():
        yield Advice(code="StallsMayStayEmpty", line=number, params={"stage": line.stage, "count": line.count})
    if line.categories and line.fallback and (lost := line.categories - line.fallback):
        yield Advice(code="FallbackNarrower", line=number, params={"words": ", ".join(sorted(lost))})


def _of_pair(earlier: tuple[int, Line], later: tuple[int, Line]) -> Iterator[Advice]:
    (number, first), (other, second) = earlier, later
    if replace(first, count=second.count) == second:
        yield Advice(code="LinesAlike", line=number, params={"other": other})
    if first.stage == second.stage and _wider(first.categories, second.categories):
        yield Advice(code="WiderLineFirst", line=number, params={"other": other})


def _wider(mask: Mask, other: Mask) -> bool:
    return other is not None and (mask is None or mask > other)


def _any_of(mask: Mask, sold: Collection[str] | None) -> bool:
    return mask is None or (bool(mask) if sold is None else not mask.isdisjoint(sold))


def _guarantee_held(line: Line, who: Hopefuls) -> bool:
    by_tag = bool(line.tags) and (who.tags is None or not line.tags.isdisjoint(who.tags))
    return by_tag or (line.district is not None and (who.districts is None or line.district in who.districts))
