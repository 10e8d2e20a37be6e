"""Contacts: how a party is reached, in which language, and what she agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

import phonenumbers

from services.notify.groups.domain import KnownGroup, in_area
from shared.decisions import Decision
from shared.errors import Invalid, Language, NotFound, Refused
from shared.places.area import WHOLE_STATE
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope

INDIA = 91
MOBILE_DIGITS = 10
MOBILE_STARTS = frozenset("6789")
SHOWN_DIGITS = 3


class Purpose(StrEnum):
    TRANSACTIONAL = "transactional"
    SERVICE = "service"
    PROMOTIONAL = "promotional"


ASSUMED = {Purpose.TRANSACTIONAL: True, Purpose.SERVICE: False, Purpose.PROMOTIONAL: False}
"""What holds until she says otherwise: only what her own order needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pass over a programme's list that wrote a contact last, and what that was.

    `order`: which list of the programme it was, counted as they were begun.
    """

    run: str
    what: Literal["new", "changed"]
    order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`party`: a group, a buyer, a relay, as one state knows her. `phone`: E.164; without one the `relay`'s is used."""

    id: str
    tenant: str
    party: str
    language: Language
    phone: str | None = None
    relay: str | None = None
    consents: Mapping[Purpose, bool] = field(default_factory=lambda: ASSUMED)
    listed: Listed | None = None
    """None: a person set it, and no list changes it."""

    def agrees(self, purpose: Purpose) -> bool:
        return self.consents.get(purpose, ASSUMED[purpose])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a contact shall be; consents that are not named stay as they are."""

    language: Language
    phone: str | None = None
    relay: str | None = None
    consents: Mapping[Purpose, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a programme's list says of a group. `phone`: E.164."""

    party: str
    phone: str
    language: Language


What = Literal["new", "changed", "unchanged", "kept"]
"""What became of a row of a list; `kept`: what a person set herself stays."""


class NotAMobileNumber(Invalid):
    """phone: this is not an Indian mobile number; send ten digits that begin with 6, 7, 8 or 9."""

    mr = "phone: हा भारतीय मोबाइल क्रमांक नाही; ६, ७, ८ किंवा ९ ने सुरू होणारे दहा अंक पाठवा."
    hi = "phone: यह भारतीय मोबाइल नंबर नहीं है; 6, 7, 8 या 9 से शुरू होने वाले दस अंक भेजें।"


class Unreachable(Invalid):
    """phone, relay: send at least one, her number or the person who brings her messages."""

    mr = "phone, relay: किमान एक पाठवा; तिचा क्रमांक किंवा तिला निरोप देणारी व्यक्ती."
    hi = "phone, relay: कम से कम एक भेजें; उसका नंबर या उसे संदेश पहुँचाने वाला व्यक्ति।"


class NotYourContact(Refused):
    """These are somebody else's contact details; only she herself, who acts for the group, or an admin may set them."""

    status = 403
    mr = "हा दुसऱ्या कोणाचा तरी संपर्क आहे; तो तिने स्वतः, गटाच्या वतीने काम करणाऱ्यांनी किंवा प्रशासकानेच बदलावा."
    hi = "यह किसी और का संपर्क है; इसे वह स्वयं, समूह की ओर से काम करने वाले या प्रशासक ही बदल सकते हैं।"


class RelayForGroupsOnly(Refused):
    """relay: only a group, through those who act for it or an admin, can name who brings its messages; leave it out."""

    status = 403
    mr = "relay: निरोप देणारी व्यक्ती फक्त गटासाठी, गटाच्या वतीने काम करणारे किंवा प्रशासक ठरवू शकतात; हे लिहू नका."
    hi = "relay: संदेश पहुँचाने वाला व्यक्ति केवल समूह के लिए, उसकी ओर से काम करने वाले या प्रशासक तय कर सकते हैं; इसे न लिखें।"


def mobile(written: str) -> str:
    """Any usual spelling, in any digits, as E.164: `०९८२३४ ५६७८९` -> `+919823456789`. Raises NotAMobileNumber."""
    if len(written) == MOBILE_DIGITS and written.isdecimal() and (plain := str(int(written)))[0] in MOBILE_STARTS:
        return f"+{INDIA}{plain}"  # nearly all numbers of a list; the parser takes fifty times as long
    try:
        number = phonenumbers.parse(written, "IN")
    except phonenumbers.NumberParseException:
        raise NotAMobileNumber from None
    digits = phonenumbers.national_significant_number(number)
    if number.country_code != INDIA or len(digits) != MOBILE_DIGITS or digits[0] not in MOBILE_STARTS:
        raise NotAMobileNumber
    return f"+{INDIA}{digits}"


def contact_id(tenant: str, party: str) -> str:
    """One for each state: nobody of another can take the place of a party's contact."""
    return f"{tenant}:{party}"


def register(party: str, wanted: Wanted, by: Scope) -> Decision[Contact]:
    """A party's first contact. Raises what `revise` does."""
    blank = Contact(id=contact_id(by.tenant, party), tenant=by.tenant, party=party, language=wanted.language)
    return revise(blank, wanted, by)


def revise(contact: Contact, wanted: Wanted, by: Scope) -> Decision[Contact]:
    """Raises NotYourContact, RelayForGroupsOnly, NotAMobileNumber, Unreachable."""
    require_right(contact.party, wanted, by)
    if wanted.phone is None and wanted.relay is None:
        raise Unreachable
    return Decision(
        replace(
            contact,
            phone=mobile(wanted.phone) if wanted.phone else None,
            relay=wanted.relay,
            language=wanted.language,
            consents={**contact.consents, **wanted.consents},
            listed=None,
        )
    )


def enlist(tenant: str, told: Told, run: str, order: int = 0) -> Decision[Contact]:
    """A contact that a list brought; she has agreed to nothing but what her own orders need."""
    id_, listed = contact_id(tenant, told.party), Listed(run=run, what="new", order=order)
    return Decision(
        Contact(id=id_, tenant=tenant, party=told.party, phone=told.phone, language=told.language, listed=listed)
    )


def relist(contact: Contact, told: Told, run: str, order: int = 0) -> Decision[Contact]:
    """A newer row; what a person set stays, what this very pass wrote, and what a newer list did."""
    written = contact.listed is not None and contact.listed.run == run
    if written or became(contact, told, run, order) != "changed":
        return Decision(contact)
    listed = Listed(run=run, what="changed", order=order)
    return Decision(replace(contact, phone=told.phone, language=told.language, listed=listed))


def became(contact: Contact | None, told: Told, run: str, order: int = 0) -> What:
    """What this row is for the contact; the same before and after it was written by this pass."""
    if contact is None:
        return "new"
    if contact.listed is None:
        return "kept"
    if contact.listed.run == run:
        return contact.listed.what
    if (contact.phone, contact.language) == (told.phone, told.language):
        return "unchanged"
    return "kept" if contact.listed.order > order else "changed"


def require_right(party: str, wanted: Wanted, by: Scope) -> None:
    """The offices of the state read contacts and write none; notify does not know whose area a party is in.

    Raises NotYourContact, RelayForGroupsOnly.
    """
    if by.role is Role.ADMIN or acts_for(by, party):
        return
    if party != by.party:
        raise NotYourContact
    if wanted.relay is not None:
        raise RelayForGroupsOnly


def require_near(contact: Contact, group: KnownGroup | None, scope: Scope) -> None:
    """An officer of a block or district sees her own contact, and those of the groups there. Raises NotFound."""
    of_a_place = scope.role in OFFICERS - WHOLE_STATE
    if of_a_place and contact.party != scope.party and not in_area(group, scope):
        raise NotFound(what="contacts", id=contact.id)


def acts_for(scope: Scope, group: str) -> bool:
    return scope.role in OWN_GROUPS and group in scope.groups


def owns(scope: Scope, party: str) -> bool:
    """Whether that party is she herself or a group she acts for."""
    return party == scope.party or acts_for(scope, party)


def through(relay: Contact, contact: Contact) -> Contact:
    """The contact as reached on its relay's phone, for what both of them agreed to."""
    both = {purpose: contact.agrees(purpose) and relay.agrees(purpose) for purpose in Purpose}
    return replace(contact, phone=relay.phone, consents=both)


def shown_to(contact: Contact, scope: Scope) -> Contact:
    """The whole number to its owner, its last digits to everybody else."""
    if contact.phone is None or owns(scope, contact.party):
        return contact
    return replace(contact, phone=masked(contact.phone))


def masked(phone: str) -> str:
    """Its last digits only. Done twice it is the same."""
    return "*" * (len(phone) - SHOWN_DIGITS) + phone[-SHOWN_DIGITS:]
