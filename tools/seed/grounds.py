"""Grounds where stalls can stand: one at the seat of each district, with the papers its kind needs."""

from datetime import date

from services.stalls.permits.domain import Filing
from services.stalls.venues.domain import Facility, Ground
from shared.contracts.stalls import PermissionKind, VenueKind
from shared.localized import Localized
from tools.seed.places import Seat

KINDS: tuple[tuple[VenueKind, str, str, str, int], ...] = (
    ("municipal_ground", "{} नगर मैदान", "{} नगर मैदान", "{} town ground", 120),
    ("exhibition_hall", "{} प्रदर्शन सभागृह", "{} प्रदर्शनी हॉल", "{} exhibition hall", 80),
    ("school_ground", "{} शाळेचे मैदान", "{} विद्यालय मैदान", "{} school ground", 60),
    ("weekly_market", "{} आठवडी बाजार", "{} साप्ताहिक बाज़ार", "{} weekly market", 150),
    ("permanent_centre", "{} बचत गट विक्री केंद्र", "{} बचत समूह बिक्री केंद्र", "{} SHG sales centre", 12),
)
NO_OBJECTION: tuple[PermissionKind, str] = ("no_objection", "ना हरकत प्रमाणपत्र")
PAPERS: dict[VenueKind, tuple[tuple[PermissionKind, str], ...]] = {
    "municipal_ground": (("municipal_order", "नगरपालिकेचा आदेश"),),
    "school_ground": (
        ("school_committee_consent", "शाळा व्यवस्थापन समितीची संमती"),
        ("zilla_parishad_order", "जिल्हा परिषदेचा आदेश"),
    ),
}


def ground(seat: Seat, number: int, today: date) -> Ground:
    kind, mr, hi, en, stalls = KINDS[number % len(KINDS)]
    owner = f"{seat.names.mr} नागरी स्थानिक संस्था"
    return Ground(
        kind=kind,
        owner=owner,
        names=Localized(mr=mr.format(seat.names.mr), hi=hi.format(seat.names.hi), en=en.format(seat.names.en)),
        district=seat.district,
        block=seat.block,
        local_body=seat.town,
        stalls=stalls,
        facilities=tuple(Facility)[: 2 + number % 3],
        permissions=papers(kind, owner, today),
    )


def papers(kind: VenueKind, owner: str, today: date) -> tuple[Filing, ...]:
    """All that this kind of ground needs, for this year and the next."""
    first, last = date(today.year, 1, 1), date(today.year + 1, 12, 31)
    return tuple(
        Filing(kind=paper, document=document, issuer=owner, valid_from=first, valid_until=last)
        for paper, document in PAPERS.get(kind, (NO_OBJECTION,))
    )
