import unicodedata
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from deploy.local.provider.behaviour import MAGIC_PREFIX
from deploy.local.provider.messages import NUMBER
from services.catalog.groups.api import RegisterGroup
from services.catalog.groups.domain import Entry, register
from services.catalog.labels.domain import CATEGORIES, check_complete
from services.catalog.products.api import DraftProduct
from services.notify.contacts.api import ContactRequest
from services.notify.contacts.domain import mobile, revise
from services.notify.contacts.domain import register as first_contact
from services.stalls.permits.domain import missing
from services.stalls.venues import domain as venues
from services.stalls.venues.api import RegisterVenue
from shared.localized import Localized
from shared.places.directory import districts_of
from shared.scope import Role, Scope
from tools.seed import people
from tools.seed.goods import goods, offering
from tools.seed.grounds import ground
from tools.seed.groups import Market, entry, id_of
from tools.seed.market import group_seedlings, product_seedlings, seller, sellers
from tools.seed.names import table
from tools.seed.places import seats, venue_seats
from tools.seed.turns import VENUE_STATES, venue_count, venue_seedlings

MARKET = Market(state="27", groups=5000, products=1500, seed=7)
TODAY = date(2026, 11, 22)
ADMIN = Scope(tenant="27", role=Role.ADMIN, party=people.party("admin"))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry(MARKET, number) for number in range(MARKET.groups)]


def sent(name: Localized) -> dict[str, str]:
    return name.kept()


def test_every_district_of_maharashtra_has_groups_and_every_block_too(entries: list[Entry]) -> None:
    assert {group.district for group in entries} == {district.code for district in districts_of("27")}
    assert len({group.block for group in entries if group.block}) > 340


def test_the_programmes_stand_in_their_real_proportions(entries: list[Entry]) -> None:
    counted: Counter[tuple[str, bool]] = Counter((group.programme, group.local_body is not None) for group in entries)
    real = {("umed", False): 600, ("nulm", True): 31, ("mavim", False): 87, ("mavim", True): 65}
    assert counted.keys() == real.keys()
    for kind, thousands in real.items():
        assert counted[kind] / len(entries) == pytest.approx(thousands / 783, abs=0.01)


def test_the_registry_takes_every_group_as_if_it_came_over_http(entries: list[Entry]) -> None:
    for group in entries:
        plain = {
            name: getattr(group, name) for name in RegisterGroup.model_fields if name not in ("names", "activities")
        }
        assert RegisterGroup.model_validate({**plain, "names": sent(group.names)}).entry() == group
        register(group, ADMIN)


def test_no_two_groups_of_a_place_are_named_alike(entries: list[Entry]) -> None:
    named: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for group in entries:
        named[group.district, group.block or group.local_body].append(group.names.mr or "")
    assert all(len(set(names)) == len(names) for names in named.values())


def test_every_word_is_there_in_marathi_hindi_and_latin_letters_composed_and_once() -> None:
    words, forms = table()["words"], table()["forms"]
    for mr, hi, en in (*words, *forms):
        assert en.isascii()
        assert not mr.isascii()
        assert not hi.isascii()
        assert all(unicodedata.is_normalized("NFC", text) for text in (mr, hi, en))
    assert len({mr for mr, _, _ in words}) == len(words)


def test_a_larger_market_begins_with_the_smaller_and_another_number_shares_nothing() -> None:
    larger = Market(state="27", groups=9000, products=2700, seed=7)
    other = Market(state="27", groups=5000, products=1500, seed=8)
    small, large = ({s.id for s in group_seedlings(market)} for market in (MARKET, larger))
    assert small < large
    assert not small & {s.id for s in group_seedlings(other)}
    assert {s.id for s in product_seedlings(MARKET, TODAY)}.isdisjoint(s.id for s in product_seedlings(other, TODAY))


def test_the_ids_do_not_depend_on_the_day() -> None:
    later = TODAY + timedelta(days=800)
    assert [s.id for s in product_seedlings(MARKET, TODAY)] == [s.id for s in product_seedlings(MARKET, later)]


def test_the_seeds_goods_are_all_on_sale() -> None:
    kinds = Counter(good.family["code"] for good in goods())
    counted = {"papad": 8, "pishvi": 4, "terracotta": 4, "resham": 6, "masala": 4, "mask": 8}
    assert kinds.items() >= counted.items()
    others = {"sargunde", "kurdai", "shevai", "mungwadi", "halad", "biscuit", "hastakala", "koriv", "vanaushadhi"}
    assert kinds.keys() >= others | {"shal", "smaran"}
    assert {good.family["category"] for good in goods()} == CATEGORIES.keys()
    assert len({good.name for good in goods()}) == len(goods())


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2031, 12, 31)])
def test_the_catalogue_takes_every_product_on_any_day(today: date) -> None:
    for number in range(len(goods()) * 3):
        offered = offering(MARKET, number, seller(MARKET, number), today)
        check_complete(offered.label, today)
        variants = [
            {"sku": v.sku, "unit_price_paise": v.unit_price_paise, "mrp_paise": v.mrp_paise}
            | {"tax_basis_points": v.tax_basis_points, "net_quantity": v.net_quantity}
            for v in offered.label.variants
        ]
        licence = offered.label.fssai and {
            "number": offered.label.fssai.number,
            "expires_on": offered.label.fssai.expires_on,
        }
        label = offered.label
        assert label.description is not None
        body = DraftProduct.model_validate(
            {"group_id": "g", "title": sent(label.title), "description": sent(label.description)}
            | {"category": label.category, "hsn": label.hsn, "fssai": licence, "images": list(label.images)}
            | {"variants": variants}
        )
        assert body.label() == label
        assert label.title.mr
        assert label.title.hi
        assert label.title.en
        assert offered.stock.keys() == {variant.sku for variant in label.variants}


def test_a_group_sells_different_goods_and_groups_everywhere_sell(entries: list[Entry]) -> None:
    sold: defaultdict[int, set[str]] = defaultdict(set)
    for number in range(MARKET.products):
        offered = offering(MARKET, number, seller(MARKET, number), TODAY)
        sold[offered.group].add(f"{offered.label.title.mr}")
    assert len(sold) == 500
    assert {len(titles) for titles in sold.values()} == {3}
    assert {entries[number].district for number in sold} == {district.code for district in districts_of("27")}


def test_more_products_than_groups_still_have_sellers() -> None:
    crowded = Market(state="27", groups=10, products=95, seed=7)
    assert sellers(crowded) == list(range(10))
    assert len({s.id for s in product_seedlings(crowded, TODAY)}) == 95


def test_every_number_is_a_mobile_number_of_its_own_and_none_is_the_providers_magic() -> None:
    wanted = [*people.of_roles().values(), *(people.of_group(number) for number in sellers(MARKET))]
    phones = [mobile(contact.phone) for contact in wanted if contact.phone]
    assert len(set(phones)) == len(phones)
    assert all(NUMBER.fullmatch(phone) and not phone.startswith(MAGIC_PREFIX) for phone in phones)
    assert mobile(people.phone(people.FIRST_GROUP + people.MOST_GROUPS - 1)) == "+919000899999"


def test_contacts_are_mostly_marathi_and_who_has_no_phone_has_a_relay_with_one() -> None:
    relay = people.party("relay")
    wanted = {id_of(MARKET, number): people.of_group(number) for number in sellers(MARKET)}
    for party, contact in (people.of_roles() | wanted).items():
        ContactRequest(
            language=contact.language, phone=contact.phone, relay=contact.relay, consents=dict(contact.consents)
        )
        registered = first_contact(party, contact, ADMIN).state
        assert revise(registered, contact, ADMIN).state == registered
    languages = Counter(contact.language for contact in wanted.values())
    assert languages["mr"] > 0.8 * len(wanted)
    assert min(languages["hi"], languages["en"]) > 0
    without = [contact for contact in wanted.values() if contact.phone is None]
    assert without
    assert {contact.relay for contact in without} == {relay}
    assert people.of_roles()[relay].phone is not None


def test_the_issuers_buyer_can_be_reached() -> None:
    assert people.of_roles()[people.party("buyer")].phone == "+91 9000 000001"


def test_stalls_takes_every_venue_and_its_papers_let_it_be_used_on_a_sunday() -> None:
    for number, seat in enumerate(seats("27")):
        place = ground(seat, number, TODAY)
        venue = venues.register("v", place, ADMIN).state
        assert TODAY.strftime("%A") == "Sunday"
        assert missing(venue.kind, venue.permissions, TODAY, frozenset()) == ()
        assert venue.permissions
        body = {"kind": place.kind, "owner": place.owner, "names": sent(place.names), "stalls": place.stalls}
        body |= {"district": place.district, "local_body": place.local_body, "facilities": place.facilities}
        body |= {"permissions": [asdict(paper) for paper in place.permissions]}
        assert RegisterVenue.model_validate(body).ground().permissions == place.permissions
    assert {seat.district for seat in seats("27")} == {district.code for district in districts_of("27")}


def test_the_other_states_have_groups_in_every_rural_district_and_in_the_towns_that_are_known() -> None:
    bihar = Market(state="10", groups=300, products=30, seed=7)
    found = [entry(bihar, number) for number in range(bihar.groups)]
    assert {group.district for group in found if group.block} == {district.code for district in districts_of("10")}
    assert {group.local_body for group in found if group.local_body} == {seat.town for seat in seats("10")}
    assert len({group.code for group in found}) == 300
    for group in found:
        register(group, Scope(tenant="10", role=Role.ADMIN, party="p"))


def test_venues_stand_in_all_three_states() -> None:
    assert {state: len(seats(state)) for state in VENUE_STATES} == {"27": 36, "5": 5, "10": 6}
    assert venue_count() == len({seedling.id for seedling in venue_seedlings(MARKET, TODAY)}) == 52
    assert len([seat for seat in venue_seats("27") if seat.block]) == 5, "villages have grounds of their own"
