"""A school ground in Malegaon, Baramati, with both its papers, and the officer of its block."""

from datetime import UTC, date, datetime

from services.stalls.permits.domain import Filing
from services.stalls.venues.domain import Facility, Ground
from shared.localized import Localized
from shared.scope import Role, Scope

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
CONSENT = Filing(
    kind="school_committee_consent",
    document="शाळा व्यवस्थापन समितीची संमती",
    issuer="जिल्हा परिषद शाळा, माळेगाव",
    valid_from=date(2026, 10, 1),
    valid_until=date(2026, 12, 31),
)
ORDER = Filing(
    kind="zilla_parishad_order",
    document="जिल्हा परिषदेचा आदेश",
    issuer="जिल्हा परिषद पुणे",
    valid_from=date(2026, 10, 1),
    valid_until=date(2026, 12, 31),
)
GROUND = Ground(
    kind="school_ground",
    owner="जिल्हा परिषद पुणे",
    names=Localized(mr="जिल्हा परिषद शाळेचे मैदान, माळेगाव"),
    district="490",
    block="4512",
    stalls=40,
    facilities=(Facility.TOILET, Facility.WATER),
    permissions=(CONSENT, ORDER),
)
BARAMATI = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-1", district="490", block="4512")
