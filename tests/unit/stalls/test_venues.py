from dataclasses import replace
from datetime import date

import pytest

from services.stalls.permits.domain import Permission, PermissionEndsEarly
from services.stalls.venues import commands, domain
from services.stalls.venues.domain import (
    MOST_PERMISSIONS,
    Facility,
    PermissionFileFull,
    PermissionUnknown,
    Venue,
    permission_id,
    register,
)
from services.stalls.venues.store import VenueDocument
from shared.contracts.stalls import PermissionFiled, PermissionWithdrawn, VenueRegistered
from shared.documents import Doc
from shared.errors import NotFound
from shared.localized import Localized, LocalTextMissing
from shared.places.area import BlockElsewhere, OutsideArea
from shared.scope import Caller, Role, Scope
from shared.testing import FakeStores
from tests.unit.stalls.grounds import BARAMATI, CONSENT, GROUND, NOON, ORDER

BUYER = Scope(tenant="27", role=Role.BUYER, party="buyer-1")
PUNE = replace(BARAMATI, role=Role.DISTRICT_OFFICER, block=None)
IN_2025: Doc = {
    "_id": "venue-1",
    "tenant": "27",
    "schema": 1,
    "version": 1,
    "sequence": 1,
    "seen": {},
    "kind": "school_ground",
    "owner": "जिल्हा परिषद पुणे",
    "names": {"mr": "जिल्हा परिषद शाळेचे मैदान, माळेगाव"},
    "district": "490",
    "block": "4512",
    "local_body": None,
    "stalls": 40,
    "facilities": ["toilet", "water"],
    "permissions": [
        {
            "document": "शाळा व्यवस्थापन समितीची संमती",
            "issuer": "जिल्हा परिषद शाळा, माळेगाव",
            "valid_from": "2026-10-01",
            "valid_until": "2026-12-31",
        }
    ],
    "requests": [],
    "outbox": [],
}


def ask(scope: Scope = BARAMATI, key: str = "key-1", body: str = "a") -> Caller:
    return Caller(scope=scope, key=key, body=body)


def test_a_registered_venue_is_told_with_its_place_its_number_of_stalls_and_then_its_papers() -> None:
    decision = register("venue-1", GROUND, BARAMATI)
    told, *filed = decision.facts
    assert told == VenueRegistered(kind="school_ground", district="490", block="4512", stalls=40)
    assert "माळेगाव" not in told.model_dump_json()
    assert [(fact.permission, fact.kind) for fact in filed if isinstance(fact, PermissionFiled)] == [
        (permission_id("venue-1", 0), "school_committee_consent"),
        (permission_id("venue-1", 1), "zilla_parishad_order"),
    ]


def test_a_venue_is_registered_by_the_officer_of_its_place() -> None:
    for elsewhere in (replace(BARAMATI, block="4515"), replace(BARAMATI, role=Role.DISTRICT_OFFICER, district="467")):
        with pytest.raises(OutsideArea, match="4512 Baramati, 490 Pune"):
            register("venue-1", GROUND, elsewhere)


def test_a_block_of_another_district_is_refused() -> None:
    with pytest.raises(BlockElsewhere, match="4512 Baramati lies in the district 490 Pune"):
        register("venue-1", replace(GROUND, district="467"), BARAMATI)


def test_a_venue_without_a_local_name_is_refused() -> None:
    with pytest.raises(LocalTextMissing):
        register("venue-1", replace(GROUND, names=Localized(en="School ground")), BARAMATI)


def test_a_permission_that_ends_before_it_begins_is_named_in_marathi_however_it_comes() -> None:
    wrong = replace(CONSENT, valid_until=date(2026, 9, 30))
    venue = register("venue-1", GROUND, BARAMATI).state
    with pytest.raises(PermissionEndsEarly) as refused:
        register("venue-1", replace(GROUND, permissions=(wrong,)), BARAMATI)
    assert "शाळा व्यवस्थापन समितीची संमती" in refused.value.sentence("mr")
    with pytest.raises(PermissionEndsEarly):
        domain.file(venue, "p-9", wrong, BARAMATI)
    one_day = replace(CONSENT, valid_until=CONSENT.valid_from)
    assert (
        register("venue-1", replace(GROUND, permissions=(one_day,)), BARAMATI)
        .state.permissions[0]
        .holds(CONSENT.valid_from)
    )


async def test_a_venue_comes_back_from_its_document_as_it_was_for_every_role_of_its_state() -> None:
    stores = FakeStores(VenueDocument)
    stored = await commands.register(stores[Venue], GROUND, ask())
    assert await commands.read(stores[Venue], stored.id, BUYER) == stored
    assert [fact["name"] for fact in stores.facts(Venue)] == ["venue-registered", *["permission-filed"] * 2]
    with pytest.raises(NotFound):
        await commands.read(stores[Venue], stored.id, replace(BUYER, tenant="5"))


async def test_the_same_request_again_registers_one_venue_and_files_one_document() -> None:
    venues = FakeStores(VenueDocument)[Venue]
    venue = await commands.register(venues, GROUND, ask())
    assert await commands.register(venues, GROUND, ask()) == venue
    filed = await commands.file(venues, venue.id, ORDER, ask(key="key-2"))
    assert await commands.file(venues, venue.id, ORDER, ask(key="key-2")) == filed
    assert len(filed.permissions) == 3


async def test_a_document_is_filed_by_an_officer_of_the_place_and_told() -> None:
    stores = FakeStores(VenueDocument)
    venue = await commands.register(stores[Venue], replace(GROUND, permissions=()), ask())
    filed = await commands.file(stores[Venue], venue.id, CONSENT, ask(PUNE, "key-2"))
    added = filed.permissions[-1]
    assert (added.kind, added.issuer) == ("school_committee_consent", "जिल्हा परिषद शाळा, माळेगाव")
    assert stores.facts(Venue)[-1]["name"] == "permission-filed"
    assert added.id in stores.facts(Venue)[-1]["data"]
    assert "माळेगाव" not in stores.facts(Venue)[-1]["data"]
    with pytest.raises(OutsideArea):
        await commands.file(stores[Venue], venue.id, CONSENT, ask(replace(PUNE, district="467"), "key-3"))
    with pytest.raises(NotFound):
        await commands.file(stores[Venue], venue.id, CONSENT, ask(replace(PUNE, tenant="5"), "key-4"))


def test_a_file_takes_two_hundred_documents_and_no_more() -> None:
    venue = register("venue-1", GROUND, BARAMATI).state
    one = Permission(id="p", document="पत्र", issuer="समिती", valid_from=NOON.date(), valid_until=NOON.date())
    full = replace(venue, permissions=tuple(replace(one, id=f"p{n}") for n in range(MOST_PERMISSIONS)))
    with pytest.raises(PermissionFileFull, match="200"):
        domain.file(full, "p-new", CONSENT, BARAMATI)
    room = replace(full, permissions=full.permissions[1:])
    assert len(domain.file(room, "p-new", CONSENT, BARAMATI).state.permissions) == MOST_PERMISSIONS


def test_a_withdrawn_permission_stays_in_the_file_and_holds_for_no_day() -> None:
    venue = register("venue-1", GROUND, BARAMATI).state
    consent = venue.permissions[0]
    decision = domain.withdraw(venue, consent.id, "परीक्षा केंद्र", BARAMATI, NOON)
    gone = decision.state.permissions[0]
    assert decision.facts == (PermissionWithdrawn(permission=consent.id, kind="school_committee_consent"),)
    assert (gone.withdrawn_at, gone.withdrawn_reason) == (NOON, "परीक्षा केंद्र")
    assert not any(gone.holds(day) for day in (gone.valid_from, NOON.date(), gone.valid_until))
    assert decision.state.permissions[1:] == venue.permissions[1:]


def test_withdrawing_twice_changes_and_tells_nothing_more() -> None:
    venue = register("venue-1", GROUND, BARAMATI).state
    once = domain.withdraw(venue, venue.permissions[0].id, "परीक्षा केंद्र", BARAMATI, NOON).state
    again = domain.withdraw(once, venue.permissions[0].id, "दुसरे कारण", BARAMATI, NOON.replace(hour=9))
    assert (again.state, again.facts) == (once, ())


def test_only_an_officer_of_the_place_withdraws_and_only_what_is_on_file() -> None:
    venue = register("venue-1", GROUND, BARAMATI).state
    with pytest.raises(OutsideArea):
        domain.withdraw(venue, venue.permissions[0].id, "कारण", replace(PUNE, district="467"), NOON)
    with pytest.raises(PermissionUnknown, match="p-0"):
        domain.withdraw(venue, "p-0", "कारण", PUNE, NOON)


async def test_a_document_of_the_first_schema_becomes_a_permission_that_can_be_withdrawn() -> None:
    stores = FakeStores(VenueDocument)
    await stores.database.collection("venues").insert_one(IN_2025)
    venue = await commands.read(stores[Venue], "venue-1", BUYER)
    old = venue.permissions[0]
    assert (old.id, old.kind, old.withdrawn_at) == (permission_id("venue-1", 0), "no_objection", None)
    await commands.withdraw(stores[Venue], "venue-1", old.id, "मुदत संपली", ask())
    kept = await stores.database.collection("venues").find_one({"_id": "venue-1"})
    assert (kept["schema"], kept["permissions"][0]["withdrawn_reason"]) == (2, "मुदत संपली")
    assert (await commands.read(stores[Venue], "venue-1", BUYER)).permissions[0].withdrawn_at is not None


async def test_a_request_answered_under_the_first_schema_is_answered_alike_after_the_document_has_moved_on() -> None:
    stores, fields = FakeStores(VenueDocument), ("kind", "owner", "names", "stalls", "facilities", "permissions")
    first = {field: IN_2025[field] for field in (*fields, "district", "block", "local_body")}
    row = {"party": BARAMATI.party, "key": "key-1", "body": "a", "version": 1, "answer": first}
    venue_id = ask().new_id("venues")
    await stores.database.collection("venues").insert_one({**IN_2025, "_id": venue_id, "requests": [row]})
    await commands.file(stores[Venue], venue_id, ORDER, ask(key="key-2"))
    again = await commands.register(stores[Venue], GROUND, ask())
    assert [permission.id for permission in again.permissions] == [permission_id(venue_id, 0)]


def test_a_ground_is_kept_with_what_stands_on_it() -> None:
    venue = register("venue-1", replace(GROUND, facilities=(Facility.RAMP,)), BARAMATI).state
    assert VenueDocument.state({"_id": "venue-1", "tenant": "27", **VenueDocument.of(venue)}) == venue
