"""A product's life: draft → submitted → returned | approved → listed ⇄ paused. Who may move it, and what is told."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.catalog.groups.domain import Group, require_active
from services.catalog.labels.domain import Label, Variant, check, check_complete, to_review
from shared.contracts.catalog import ProductChanged, ProductListed, ProductPaused, VariantOffer
from shared.decisions import Decision
from shared.errors import Language, NotFound, Refused
from shared.localized import Localized
from shared.places.area import covers, require_area
from shared.scope import Scope


class Status(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LISTED = "listed"
    PAUSED = "paused"


UNSEEN = frozenset({Status.DRAFT, Status.RETURNED})
KNOWN_TO_BUYERS = frozenset({Status.LISTED, Status.PAUSED})

WORDS = {
    Status.DRAFT: Localized(mr="मसुदा", hi="मसौदा", en="draft"),
    Status.SUBMITTED: Localized(mr="सादर केलेले", hi="जमा किया हुआ", en="submitted"),
    Status.RETURNED: Localized(mr="परत पाठवलेले", hi="लौटाया हुआ", en="returned"),
    Status.APPROVED: Localized(mr="मंजूर", hi="स्वीकृत", en="approved"),
    Status.LISTED: Localized(mr="विक्रीस ठेवलेले", hi="बिक्री पर", en="listed"),
    Status.PAUSED: Localized(mr="विक्री थांबवलेले", hi="बिक्री से रोका हुआ", en="paused"),
    "edit": Localized(mr="बदल", hi="बदलाव", en="edit"),
    "submit": Localized(mr="सादर", hi="जमा", en="submit"),
    "approve": Localized(mr="मंजूर", hi="स्वीकृत", en="approve"),
    "return": Localized(mr="परत", hi="वापस", en="return"),
    "list": Localized(mr="विक्री सुरू", hi="बिक्री शुरू", en="list"),
    "pause": Localized(mr="विक्री बंद", hi="बिक्री बंद", en="pause"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Label):
    """`seller` is a group; district and block are its own when it drafted this. `reason`: why returned or paused.

    `made_by` and `submitted_by` are the parties who drafted it and who last sent it for review.
    """

    id: str
    tenant: str
    seller: str
    district: str
    block: str | None
    status: Status = Status.DRAFT
    reason: str | None = None
    made_by: str | None = None
    submitted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilters:
    """What a list is narrowed to; `group` is the seller, `q` finds words of a title by how they begin."""

    q: str | None = None
    district: str | None = None
    category: str | None = None
    group: str | None = None
    status: Status | None = None


class NotYourGroup(Refused):
    """You do not act for the group {group}; use the account of one of its members."""

    status = 403
    mr = "तुम्ही {group} या गटाच्या वतीने काम करत नाही; त्या गटाच्या सदस्याचे खाते वापरा."
    hi = "आप {group} समूह की ओर से काम नहीं करतीं; उस समूह की सदस्य का खाता इस्तेमाल करें।"


class NotInThisState(Refused):
    """This product is {status}; to {action} it, it has to be {needed}."""

    mr = "हे उत्पादन सध्या {status} स्थितीत आहे; {action} करण्यासाठी ते {needed} असावे लागते."
    hi = "यह उत्पाद अभी {status} स्थिति में है; {action} करने के लिए उसे {needed} होना चाहिए।"

    def sentence(self, language: Language) -> str:
        """Its status and the action in the reader's language too."""
        words = {str(code): str(getattr(text, language)) for code, text in WORDS.items()}
        needed = ", ".join(words[code] for code in str(self.params["needed"]).split(", "))
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        status, action = words[str(self.params["status"])], words[str(self.params["action"])]
        return template.format(status=status, action=action, needed=needed)


class PauseFirst(Refused):
    """{fields}: the officer approved it as it stands; pause the product, then change it for another review."""

    mr = "{fields}: अधिकाऱ्यांनी हे आहे तसे मंजूर केले आहे; आधी विक्री थांबवा, मग बदल करा; अधिकारी ते पुन्हा तपासतील."
    hi = "{fields}: अधिकारी ने इसे इसी रूप में स्वीकृत किया है; पहले बिक्री रोकें, फिर बदलें; अधिकारी इसे दोबारा जाँचेंगे।"


class OwnProduct(Refused):
    """You made or submitted this product, or act for its group; another officer has to approve it."""

    status = 403
    mr = "हे उत्पादन तुम्ही तयार किंवा सादर केले आहे, किंवा ते तुमच्या गटाचे आहे; दुसऱ्या अधिकाऱ्यांनी ते मंजूर करावे."
    hi = "यह उत्पाद आपने बनाया या जमा किया है, या यह आपके समूह का है; इसे कोई दूसरा अधिकारी स्वीकृत करे।"


class VariantUnknown(NotFound):
    """The product {id} has no variant with the sku {sku}."""

    mr = "{id} या उत्पादनाचा {sku} हा प्रकार नाही."
    hi = "{id} उत्पाद का {sku} प्रकार नहीं है।"


def draft(
    product_id: str, group: Group, label: Label, scope: Scope, *, sold_as: Group | None = None
) -> Decision[Product]:
    """`sold_as`: the group that one of several lists' records was merged into.

    Raises NotYourGroup, NotActive, and what `labels.check` raises.
    """
    require_own(group.id, scope)
    require_active(sold_as or group)
    check(label)
    written: dict[str, Any] = {field.name: getattr(label, field.name) for field in fields(Label)}
    return Decision(Product(id=product_id, tenant=group.tenant, made_by=scope.party, **_seller(group), **written))


def _seller(group: Group) -> dict[str, Any]:
    return {"seller": group.id, "district": group.district, "block": group.block}


def revise(product: Product, changes: Mapping[str, Any], scope: Scope, today: date) -> Decision[Product]:
    """Replace fields of the label. What an officer approved stays complete, and what she has not seen goes back to her.

    Raises NotYourGroup, NotInThisState while it is being reviewed, PauseFirst, and what `labels` raises.
    """
    require_own(product.seller, scope)
    _require(product, "edit", frozenset(Status) - {Status.SUBMITTED})
    revised = replace(product, **changes)
    if product.status in UNSEEN:
        check(revised)
        return Decision(revised)
    check_complete(revised, today)
    if unseen := to_review(product, revised):
        return _again(product, revised, unseen, scope)
    if product.status in KNOWN_TO_BUYERS and offer(revised) != offer(product):
        return Decision(revised, ProductChanged(**offer(revised)))
    return Decision(revised)


def _again(product: Product, revised: Product, unseen: list[str], scope: Scope) -> Decision[Product]:
    """Back to the officer. Buyers hear of all of it, prices too, when it is listed again."""
    if product.status is Status.LISTED:
        raise PauseFirst(fields=", ".join(unseen))
    return Decision(_submitted(revised, scope))


def submit(product: Product, scope: Scope, today: date) -> Decision[Product]:
    require_own(product.seller, scope)
    _require(product, "submit", UNSEEN)
    check_complete(product, today)
    return Decision(_submitted(product, scope))


def _submitted(product: Product, scope: Scope) -> Product:
    return replace(product, status=Status.SUBMITTED, reason=None, submitted_by=scope.party)


def approve(product: Product, scope: Scope, today: date) -> Decision[Product]:
    """Raises OwnProduct: who made it never lets it be listed."""
    require_area(scope, product.district, product.block)
    if scope.party in (product.made_by, product.submitted_by) or product.seller in scope.groups:
        raise OwnProduct
    _require(product, "approve", frozenset({Status.SUBMITTED}))
    check_complete(product, today)
    return Decision(replace(product, status=Status.APPROVED))


def return_(product: Product, reason: str, scope: Scope) -> Decision[Product]:
    """Back to the group, which reads the reason, edits and submits again."""
    require_area(scope, product.district, product.block)
    _require(product, "return", frozenset({Status.SUBMITTED}))
    return Decision(replace(product, status=Status.RETURNED, reason=reason))


def put_on_sale(product: Product, scope: Scope, today: date) -> Decision[Product]:
    """Raises FssaiExpired too: a licence may end while a product is paused."""
    require_own(product.seller, scope)
    _require(product, "list", frozenset({Status.APPROVED, Status.PAUSED}))
    check_complete(product, today)
    return Decision(replace(product, status=Status.LISTED, reason=None), ProductListed(**offer(product)))


def pause(product: Product, reason: str | None, scope: Scope) -> Decision[Product]:
    """By its group or an officer of its area; the fact tells by which, the free text stays here."""
    by_officer = covers(scope, product.district, product.block)
    if not by_officer:
        require_own(product.seller, scope)
    _require(product, "pause", frozenset({Status.LISTED}))
    fact = ProductPaused(reason="by-officer" if by_officer else "by-seller")
    return Decision(replace(product, status=Status.PAUSED, reason=reason), fact)


def variant(product: Product, sku: str) -> Variant:
    """Raises VariantUnknown."""
    for found in product.variants:
        if found.sku == sku:
            return found
    raise VariantUnknown(id=product.id, sku=sku, what="variant")


def offer(product: Product) -> dict[str, Any]:
    """What other services are told of a product on sale."""
    variants = tuple(
        VariantOffer(sku=v.sku, unit_price_paise=v.unit_price_paise, tax_basis_points=v.tax_basis_points)
        for v in product.variants
    )
    place = {"seller": product.seller, "district": product.district, "block": product.block}
    return {**place, "category": product.category, "variants": variants}


def require_own(group_id: str, scope: Scope) -> None:
    if group_id not in scope.groups:
        raise NotYourGroup(group=group_id)


def _require(product: Product, action: str, needed: frozenset[Status]) -> None:
    if product.status not in needed:
        raise NotInThisState(status=product.status.value, action=action, needed=", ".join(sorted(needed)))
