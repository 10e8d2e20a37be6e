from dataclasses import replace
from datetime import date

import pytest

from services.stalls.venues import commands
from services.stalls.venues.domain import Facility, Ground, Permission, PermissionEndsEarly, Venue, register
from services.stalls.venues.store import VenueDocument
from shared.contracts.stalls import VenueRegistered
from shared.errors import NotFound
from shared.localized import Localized, LocalTextMissing
from shared.places.area import BlockElsewhere, OutsideArea
from shared.scope import Caller, Role, Scope
from shared.testing import FakeStores

CONSENT = Permission(
    document="शाळा व्यवस्थापन समितीची संमती",
    issuer="जिल्हा परिषद शाळा, माळेगाव",
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
    permissions=(CONSENT,),
)
BARAMATI = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-1", district="490", block="4512")
BUYER = Scope(tenant="27", role=Role.BUYER, party="buyer-1")


def test_a_registered_venue_is_told_with_its_place_and_number_of_stalls() -> None:
    decision = register("venue-1", GROUND, BARAMATI)
    assert decision.facts == (VenueRegistered(kind="school_ground", district="490", block="4512", stalls=40),)
    assert "माळेगाव" not in decision.facts[0].model_dump_json()


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


def test_a_permission_that_ends_before_it_begins_is_named_in_marathi() -> None:
    wrong = replace(CONSENT, valid_until=date(2026, 9, 30))
    with pytest.raises(PermissionEndsEarly) as refused:
        register("venue-1", replace(GROUND, permissions=(wrong,)), BARAMATI)
    assert "शाळा व्यवस्थापन समितीची संमती" in refused.value.sentence("mr")
    register("venue-1", replace(GROUND, permissions=(replace(CONSENT, valid_until=CONSENT.valid_from),)), BARAMATI)


async def test_a_venue_comes_back_from_its_document_as_it_was_for_every_role_of_its_state() -> None:
    stores = FakeStores(VenueDocument)
    stored = await commands.register(stores[Venue], GROUND, Caller(scope=BARAMATI, key="key-1", body="a"))
    assert await commands.read(stores[Venue], stored.id, BUYER) == stored
    assert [fact["name"] for fact in stores.facts(Venue)] == ["venue-registered"]
    with pytest.raises(NotFound):
        await commands.read(stores[Venue], stored.id, replace(BUYER, tenant="5"))


async def test_the_same_request_again_registers_one_venue() -> None:
    venues = FakeStores(VenueDocument)[Venue]
    ask = Caller(scope=BARAMATI, key="key-1", body="a")
    assert await commands.register(venues, GROUND, ask) == await commands.register(venues, GROUND, ask)
