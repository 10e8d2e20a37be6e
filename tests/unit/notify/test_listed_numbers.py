"""Sentences about numbers from programmes' lists: what a row says, and whose number stays."""

from dataclasses import replace

import pytest

from services.notify.contacts.domain import Listed, NotAMobileNumber, Told, Wanted, became, enlist, relist, revise
from services.notify.groups.domain import KnownGroup
from services.notify.imports.domain import GroupNotKnown, Met, UnknownLanguage, ours, require_known_area, told
from shared.contracts.catalog import group_id
from shared.errors import LANGUAGES
from shared.places.area import OutsideArea
from shared.scope import Role, Scope
from tests.unit.notify.people import ADMIN, OFFICER, SAVITRI

ROW = {"code": "U27-1", "name": "सावित्री बचत गट", "district": "490", "block": "4187", "phone": "९००० १००००१"}
BLOCK = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer", district="490", block="4187")
PARTY = group_id("27", "umed", "U27-1")
FIRST = Told(party=PARTY, phone="+919000100001", language="mr")
NEWER = replace(FIRST, phone="+919000100002")


def test_a_row_says_whose_number_it_is_in_the_language_of_the_state() -> None:
    assert told(ROW, "umed", ADMIN) == FIRST
    assert told({**ROW, "code": " U२७-१ "}, "umed", ADMIN) == FIRST
    bihar = told(ROW, "umed", replace(ADMIN, tenant="10"))
    assert bihar is not None
    assert bihar.language == "hi"


@pytest.mark.parametrize(("written", "language"), [("मराठी", "mr"), ("Hindi", "hi"), ("EN", "en"), ("हिन्दी", "hi")])
def test_a_list_may_name_the_language(written: str, language: str) -> None:
    said = told({**ROW, "language": written}, "umed", ADMIN)
    assert said is not None
    assert said.language == language


@pytest.mark.parametrize("missing", ["phone", "code"])
def test_a_row_without_a_number_or_a_group_says_nothing_here(missing: str) -> None:
    assert told({field: cell for field, cell in ROW.items() if field != missing}, "umed", ADMIN) is None
    assert told({**ROW, "code": "गट क्र. एक"}, "umed", ADMIN) is None


def test_a_wrong_number_is_reported_without_being_repeated() -> None:
    with pytest.raises(NotAMobileNumber) as refused:
        told({**ROW, "phone": "0240-2334455"}, "umed", ADMIN)
    assert all("2334455" not in refused.value.sentence(language) for language in LANGUAGES)
    with pytest.raises(UnknownLanguage):
        told({**ROW, "language": "தமிழ்"}, "umed", ADMIN)


def test_an_officer_sends_numbers_of_her_own_area() -> None:
    assert told(ROW, "umed", BLOCK) == FIRST
    with pytest.raises(OutsideArea):
        told({**ROW, "block": "4188"}, "umed", BLOCK)
    with pytest.raises(OutsideArea):
        told({**ROW, "district": "४९१"}, "umed", OFFICER)


def test_what_the_registry_says_of_a_groups_place_goes_before_the_list() -> None:
    require_known_area(KnownGroup(id=PARTY, tenant="27", district="490", block="4187"), "U27-1", BLOCK)
    with pytest.raises(OutsideArea):
        require_known_area(KnownGroup(id=PARTY, tenant="27", district="491", block="4200"), "U27-1", BLOCK)
    for unknown in (None, KnownGroup(id=PARTY, tenant="10", district="490", block="4187")):
        with pytest.raises(GroupNotKnown, match="U27-1"):
            require_known_area(unknown, "U27-1", BLOCK)


def test_only_what_is_needed_of_a_row_may_lie_here() -> None:
    row = {**ROW, "account": "60112233445566", "ifsc": "ZZHB0042770", "village": "वडगाव"}
    assert ours(row) == {"code": "U27-1", "district": "490", "block": "4187", "phone": "९००० १००००१"}


def test_a_list_changes_what_a_list_brought() -> None:
    contact = enlist("27", FIRST, "a:1").state
    assert (became(None, FIRST, "a:1"), became(contact, FIRST, "a:1"), became(contact, FIRST, "a:2")) == (
        "new",
        "new",
        "unchanged",
    )
    after = relist(contact, NEWER, "b:1").state
    assert (after.phone, after.listed) == ("+919000100002", Listed(run="b:1", what="changed"))
    assert became(after, NEWER, "b:1") == "changed"
    assert relist(after, NEWER, "b:1").state is after


def test_what_a_person_set_herself_stays() -> None:
    assert became(SAVITRI, replace(FIRST, party=SAVITRI.party), "a:1") == "kept"
    assert relist(SAVITRI, replace(FIRST, party=SAVITRI.party), "a:1").state is SAVITRI


def test_once_she_sets_it_herself_no_list_changes_it() -> None:
    listed = enlist("27", FIRST, "a:1").state
    own = revise(listed, Wanted(language="mr", phone="9823456789"), ADMIN).state
    assert (own.listed, became(own, NEWER, "b:1")) == (None, "kept")


def test_every_party_is_met_once_however_many_there_are() -> None:
    met = Met()
    parties = [group_id("27", "umed", str(number)) for number in range(10_000)]
    assert all(met.add(party) for party in parties)
    assert not any(met.add(party) for party in parties)
    assert sum(len(drawer) * drawer.itemsize for drawer in met.drawers) == 80_000
