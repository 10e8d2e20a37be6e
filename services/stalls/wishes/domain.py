"""Wishes: the choices of a group, spelled out, and whether she may ask for them with these products."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.stalls.calls.domain import Call, CallEvent
from services.stalls.draw import plan
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.tags.domain import TAGS, KnownBy, Tag, declarable
from shared.errors import Conflict, Invalid, Language, Refused
from shared.localized import Localized
from shared.places.area import place_name

MOST_CHOICES = 20
FOOD = "food"
FSSAI = re.compile(r"[0-9]{14}")
What = Literal["programme", "district", "category"]
WORDS: dict[What, Localized] = {
    "programme": Localized(mr="अभियान", hi="मिशन", en="programme"),
    "district": Localized(mr="जिल्हा", hi="ज़िला", en="district"),
    "category": Localized(mr="उत्पादन वर्ग", hi="उत्पाद श्रेणी", en="product category"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyGround:
    """Every event that fits, in the order of their numbers; what is None fits all. Places are LGD codes."""

    district: str | None = None
    block: str | None = None
    day: date | None = None

    def fits(self, event: CallEvent) -> bool:
        there = self.district in {None, event.district} and self.block in {None, event.block}
        return there and (self.day is None or self.day in event.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What she sends: choices, the best first, and what she will sell. `attending` members come.

    `upgrade`: should a better choice become free after the draw, she wants to have it instead of hers.
    """

    choices: tuple[int | AnyGround, ...]
    products: tuple[str, ...]
    tags: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    attending: int = 1
    fssai: str | None = None
    upgrade: bool = False


class TooManyChoices(Invalid):
    """choices: {count} are too many; name at most {most}, or ask for any ground of a block or of a day."""

    mr = "choices: {count} पसंती जास्त आहेत; जास्तीत जास्त {most} द्या, किंवा तालुक्यातील वा त्या दिवसाचे कोणतेही मैदान मागा."
    hi = "choices: {count} पसंद ज़्यादा हैं; अधिकतम {most} दें, या विकासखण्ड का या उस दिन का कोई भी मैदान माँगें।"


class UnknownEvent(Invalid):
    """choices: this call has no event {number}; choose from 1 to {last}."""

    mr = "choices: या सोडतीत क्रमांक {number} चे मैदान नाही; 1 ते {last} यांतून निवडा."
    hi = "choices: इस लॉटरी में क्रमांक {number} का मैदान नहीं है; 1 से {last} में से चुनें।"


class ChoiceTwice(Invalid):
    """choices: event {number} stands there twice; leave one of the two out."""

    mr = "choices: क्रमांक {number} चे मैदान दोनदा आले आहे; दोनपैकी एक काढा."
    hi = "choices: क्रमांक {number} का मैदान दो बार आया है; दो में से एक हटाएँ।"


class NoGroundFits(Invalid):
    """choices: no ground of this call fits what you ask; name another place or day, or an event by its number."""

    mr = "choices: या सोडतीतील एकही मैदान तुमच्या मागणीत बसत नाही; दुसरे ठिकाण, दिवस किंवा मैदानाचा क्रमांक द्या."
    hi = "choices: इस लॉटरी का कोई मैदान आपकी माँग में नहीं आता; दूसरा स्थान, दिन या मैदान का क्रमांक दें।"


class NotEligible(Refused):
    """This call is only for these, by {what}: {allowed}. Yours is {value}; look for another call."""

    mr = "या सोडतीत फक्त यांनाच अर्ज करता येतो ({what}): {allowed}. तुमचे: {value}; दुसरी सोडत पाहा."
    hi = "इस लॉटरी में केवल ये आवेदन कर सकते हैं ({what}): {allowed}। आपका: {value}; कोई दूसरी लॉटरी देखें।"

    def sentence(self, language: Language) -> str:
        """`what` in the reader's language too."""
        words = {what: str(getattr(text, language)) for what, text in WORDS.items()}
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        return template.format(**{**self.params, "what": words[self.params["what"]]})  # type: ignore[index]


class UnknownStage(Invalid):
    """stages: no stall of this call is reserved for {stage}; it knows: {known}."""

    mr = "stages: या सोडतीत {stage} साठी एकही स्टॉल राखीव नाही; राखीव वर्ग: {known}."
    hi = "stages: इस लॉटरी में {stage} के लिए कोई स्टॉल आरक्षित नहीं है; आरक्षित वर्ग: {known}।"


class TagNotDeclared(Invalid):
    """tags: {tag} is no tag that a group can declare; there are: {known}."""

    mr = "tags: {tag} असा टॅग गट लिहू शकत नाही; असलेले टॅग: {known}."
    hi = "tags: {tag} ऐसा टैग नहीं है जो समूह लिख सके; ये हैं: {known}।"


class TagNotHeld(Refused):
    """tags: the registry does not say {tag} of your group but {held}. Leave {tag} out, or have the entry mended."""

    mr = "tags: नोंदवहीत तुमच्या गटासमोर {tag} नाही; तेथे आहे: {held}. {tag} काढा किंवा नोंद दुरुस्त करून घ्या."
    hi = "tags: पंजी में आपके समूह के आगे {tag} नहीं है; वहाँ है: {held}। {tag} हटाएँ या प्रविष्टि सुधरवाएँ।"


class RegistryBehind(Conflict):
    """The group {group} has not reached the stall desk; check the id, and try again in a few seconds if it is new."""

    status = 503
    mr = "गट {group} ची नोंद येथे पोहोचलेली नाही; क्रमांक बरोबर आहे का पाहा, नवी असल्यास काही सेकंदांनी पुन्हा प्रयत्न करा."
    hi = "समूह {group} का रिकॉर्ड यहाँ नहीं पहुँचा है; क्रमांक जाँचें, नया हो तो कुछ सेकंड बाद फिर कोशिश करें।"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


class ProductNotKnownYet(RegistryBehind):
    """products: {product} is not known at the stall desk; check the id, list it for sale, or try again in a minute."""

    mr = "products: {product} येथे माहीत नाही; क्रमांक बरोबर आहे का पाहा, ते विक्रीस ठेवा, किंवा मिनिटभराने पुन्हा प्रयत्न करा."
    hi = "products: {product} यहाँ ज्ञात नहीं है; क्रमांक जाँचें, उसे बिक्री पर रखें, या एक मिनट बाद फिर कोशिश करें।"


class ProductNotHers(Refused):
    """products: {product} is another group's; name products of your own."""

    mr = "products: {product} हे दुसऱ्या गटाचे उत्पादन आहे; तुमच्या गटाची उत्पादने लिहा."
    hi = "products: {product} दूसरे समूह का उत्पाद है; अपने समूह के उत्पाद लिखें।"


class ProductOffSale(Refused):
    """products: {product} is not on sale now; list it again, or leave it out."""

    mr = "products: {product} सध्या विक्रीस नाही; ते पुन्हा विक्रीस ठेवा किंवा यादीतून काढा."
    hi = "products: {product} अभी बिक्री पर नहीं है; उसे फिर बिक्री पर रखें या सूची से हटाएँ।"


class FoodLicenceMissing(Invalid):
    """fssai: you sell food; write the 14 digits of your FSSAI licence."""

    mr = "fssai: तुम्ही खाद्यपदार्थ विकणार आहात; FSSAI परवान्याचे 14 अंक लिहा."
    hi = "fssai: आप खाद्य पदार्थ बेचेंगी; FSSAI लाइसेंस के 14 अंक लिखें।"


class FoodLicenceMalformed(Invalid):
    """fssai: {number} does not have 14 digits; copy the number of the licence in full."""

    mr = "fssai: {number} मध्ये 14 अंक नाहीत; परवान्यावरील पूर्ण क्रमांक लिहा."
    hi = "fssai: {number} में 14 अंक नहीं हैं; लाइसेंस का पूरा नंबर लिखें।"


def spelled_out(choices: tuple[int | AnyGround, ...], call: Call) -> tuple[int, ...]:
    """Events by number, the best first. Raises TooManyChoices, UnknownEvent, ChoiceTwice, NoGroundFits."""
    if len(choices) > MOST_CHOICES:
        raise TooManyChoices(count=len(choices), most=MOST_CHOICES)
    named = [choice for choice in choices if isinstance(choice, int)]
    for number in named:
        if call.event(number) is None:
            raise UnknownEvent(number=number, last=len(call.events))
        if named.count(number) > 1:
            raise ChoiceTwice(number=number)
    found = tuple(dict.fromkeys(number for choice in choices for number in _events(choice, call)))
    if not found:
        raise NoGroundFits
    return found


def _events(choice: int | AnyGround, call: Call) -> Iterator[int]:
    if isinstance(choice, int):
        yield choice
    else:
        yield from (event.number for event in call.events if choice.fits(event))


def named_events(wish: Wish, call: Call) -> Iterator[CallEvent]:
    """The events she names by number; "any ground" takes what the close leaves."""
    for choice in wish.choices:
        if isinstance(choice, int) and (event := call.event(choice)):
            yield event


def categories_of(wish: Wish, ids: frozenset[str], known: Mapping[str, KnownProduct]) -> tuple[str, ...]:
    """Of her products, sorted; `ids`: all of her group. Raises ProductNotKnownYet, ProductNotHers, ProductOffSale."""
    for id_ in wish.products:
        product = known.get(id_)
        if product is None:
            raise ProductNotKnownYet(product=id_)
        if product.seller not in ids:
            raise ProductNotHers(product=id_)
        if not product.on_sale:
            raise ProductOffSale(product=id_)
    return tuple(sorted({known[id_].category for id_ in wish.products}))


def check(
    wish: Wish, group: KnownGroup, categories: tuple[str, ...], call: Call, tags: Mapping[str, Tag] = TAGS
) -> None:
    """Raises NotEligible, TagNotDeclared, TagNotHeld, UnknownStage, FoodLicenceMissing, FoodLicenceMalformed."""
    who = call.eligibility
    if not group.of_programmes & who.programmes:
        _require("programme", group.programme, who.programmes)
    _require("district", group.district, who.districts)
    for category in categories:
        _require("category", category, who.categories)
    _check_tags(wish, group, declarable(tags))
    reserved = {line.stage for event in call.events for line in event.lines}
    for stage in sorted(wish.stages - reserved - {plan.OPEN}):
        raise UnknownStage(stage=stage, known=", ".join(sorted(reserved - {plan.OPEN})) or "-")
    _check_licence(wish.fssai, categories)


def _check_tags(wish: Wish, group: KnownGroup, known: Mapping[str, Tag]) -> None:
    """What the registry knows must stand there; the rest is on her word."""
    for tag in sorted(wish.tags - known.keys()):
        raise TagNotDeclared(tag=tag, known=", ".join(sorted(known)))
    for tag in sorted(wish.tags - group.tags):
        if known[tag].known_by is KnownBy.REGISTRY:
            raise TagNotHeld(tag=tag, held=", ".join(sorted(group.tags)))


def _require(what: What, value: str, allowed: frozenset[str]) -> None:
    if allowed and value not in allowed:
        names = {code: place_name(code, None) if what == "district" else code for code in {*allowed, value}}
        raise NotEligible(what=what, allowed=", ".join(names[code] for code in sorted(allowed)), value=names[value])


def _check_licence(number: str | None, categories: tuple[str, ...]) -> None:
    if number is not None and not FSSAI.fullmatch(number):
        raise FoodLicenceMalformed(number=number)
    if number is None and FOOD in categories:
        raise FoodLicenceMissing
