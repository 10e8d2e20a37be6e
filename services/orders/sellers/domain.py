"""Sellers: which groups of the registry take orders, and which id stands for which group."""

from dataclasses import dataclass

from shared.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSeller:
    """What orders remembers of a group. `merged_into`: the group that this id is an alias of."""

    id: str
    tenant: str
    active: bool = True
    merged_into: str | None = None


class SellerInactive(Refused):
    """The group {seller} sells nothing for the present; take its products out of the basket."""

    mr = "{seller} हा गट सध्या विक्री करत नाही; त्याची उत्पादने यादीतून काढा."
    hi = "{seller} समूह अभी बिक्री नहीं कर रहा है; उसके उत्पाद टोकरी से हटाएँ।"


def require_active(seller: KnownSeller | None) -> None:
    """One we have not heard of yet sells: its products are there. Raises SellerInactive."""
    if seller is not None and not seller.active:
        raise SellerInactive(seller=seller.id)
