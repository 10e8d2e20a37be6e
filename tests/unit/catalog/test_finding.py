"""What a search means against a vocabulary that grows, numbers with names, and a group as a row of the file."""

import asyncio
import re
from dataclasses import replace
from itertools import chain
from typing import get_args

from services.catalog.counts.domain import By, counts, spelt_most
from services.catalog.exports.domain import HEADER, row
from services.catalog.filters.views import GroupsAsked
from services.catalog.groups.domain import Membership
from services.catalog.names.domain import both, sound
from services.catalog.searches.commands import Keeper
from services.catalog.searches.domain import MOST_PAIRS, MOST_TERMS, Meant, beyond, ranked, together, vocabulary
from shared.contracts.catalog import Inactive
from shared.localized import Localized
from tests.processes import ROOT
from tests.unit.catalog.samples import BARAMATI, BUYER, GROUP, HAVELI
from tools.seed.groups import Market, entry


class Registry:
    """The sounds of a registry, and how often all of them were read."""

    def __init__(self, *sounds: str) -> None:
        self.sounds = list(sounds)
        self.readings = 0

    async def read(self) -> list[str]:
        self.readings += 1
        await asyncio.sleep(0)
        return list(self.sounds)

    async def look(self, start: str) -> list[str]:
        return [one for one in self.sounds if one.startswith(start)]


async def test_ten_first_searches_at_once_read_the_vocabulary_once() -> None:
    registry = Registry("svitr", "bi")
    keeper = Keeper(registry.read, registry.look)
    await asyncio.gather(*(keeper.meant("savitri") for _ in range(10)))
    assert registry.readings == 1


async def test_a_word_entered_since_is_looked_up_and_known_from_then_on() -> None:
    registry = Registry("svitr")
    keeper = Keeper(registry.read, registry.look)
    assert all("hirkni" not in one.words for one in chain.from_iterable(await keeper.meant("hirk")))
    registry.sounds.append("hirkni")
    for query in ("hirk", "Hirkanee", "हिरकणी"):
        assert any("hirkni" in one.words for one in chain.from_iterable(await keeper.meant(query))), query
    assert registry.readings == 1


async def test_no_search_asks_for_more_than_the_index_merges() -> None:
    known = vocabulary(f"{first}{second}{number}" for first in "kgmn" for second in "rt" for number in range(40))
    for query in ("k", "kr", "kara 1", "kr mt nr gt", "karat"):
        for one in chain.from_iterable(ranked(query, known)):
            assert max(map(len, (one.words, one.pairs, *one.besides))) <= MOST_TERMS, query


def test_readings_of_words_alone_become_one_and_the_rest_stays() -> None:
    rest = Meant(pairs=frozenset({"a+b"}), besides=(frozenset({"c"}),))
    plain = [Meant(words=frozenset({"a"})), Meant(pairs=frozenset({"ab"})), Meant(words=frozenset({"b"}))]
    assert together([rest, *plain]) == [Meant(words=frozenset({"a", "b"})), Meant(pairs=frozenset({"ab"})), rest]


def test_the_ranks_of_a_search_are_what_was_asked_then_what_begins_so_then_slips() -> None:
    known = vocabulary(["svitr", "svitrbi", "svitrmi", "svjtr"])
    as_asked, begun, slips = ranked("savitri", known)
    assert together(as_asked)[0].words == {"svitr"}
    assert beyond(begun, as_asked)[0].words == {"svitrbi", "svitrmi"}
    assert not beyond(begun, begun)
    assert not any(one.words & {"svitr", "svitrbi"} for one in beyond(slips, [*as_asked, *begun]))


def test_numbers_of_places_have_the_directorys_names_and_the_most_stands_first() -> None:
    found = counts("district", 7, [("484", 2), ("490", 5)])
    assert [(one.of, one.name, one.groups) for one in found.items] == [("490", "Pune", 5), ("484", "Nagpur", 2)]
    assert counts("programme", 3, [("umed", 3)]).items[0].name is None
    level = [one.of for one in counts("block", 4, [("4515", 2), ("4512", 2)]).items]
    assert level == ["4512", "4515"], "of as many, by code"


def test_an_activity_is_shown_as_most_groups_write_it() -> None:
    assert set(spelt_most([("Papad", 3), ("पापड", 9), ("papad", 1)]).values()) == {"पापड"}


def test_a_row_has_what_its_reader_may_see_and_never_the_account() -> None:
    other = Membership(id="group-9", programme="nulm", code="N-9", stall_years=(2025,))
    kept = replace(GROUP, account="k1:aa", relay="rekha", absorbs=(other,), names=Localized(mr="रमाई गट"), village="खेड")
    hers = dict(zip(HEADER, row(kept, BARAMATI), strict=True))
    assert (hers["other_codes"], hers["village"], hers["block_name"]) == ("N-9", "खेड", "Baramati")
    assert (hers["other_programmes"], hers["stall_years"], hers["active"], hers["reason"]) == (
        "nulm",
        "2025",
        "yes",
        "",
    )
    closed = dict(zip(HEADER, row(replace(kept, active=False, why="closed"), BARAMATI), strict=True))
    assert (closed["active"], closed["reason"]) == ("no", "closed")
    for stranger in (HAVELI, BUYER):
        public = dict(zip(HEADER, row(kept, stranger), strict=True))
        assert (public["name_mr"], public["code"], public["village"]) == ("रमाई गट", "", "")
    assert not {"k1:aa", "rekha"} & {*hers.values()}


def test_the_how_to_names_every_filter_count_column_and_reason() -> None:
    told = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8").partition("find, count and export groups")[2]
    told = told.partition("\n## ")[0]
    places = {column for column in HEADER if column.removesuffix("_name") in ("district", "block", "local_body")}
    for name in (*GroupsAsked.model_fields, *get_args(By), *get_args(Inactive), *(set(HEADER) - places)):
        assert re.search(rf"`{name}[`=]", told), name


def test_the_how_to_asks_for_a_number_and_a_name_that_the_local_market_has() -> None:
    told = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")
    code, name = (re.search(rf"'{field}=([^']+)'", told) for field in ("code", "q"))
    groups = [entry(Market(state="27", groups=5000, products=0, seed=7), number) for number in range(5000)]
    (found,) = (group for group in groups if code and group.code == code[1])
    assert found.district == "490"
    assert name is not None
    assert name[1] in str(found.names.mr)


def test_of_too_many_pairs_those_are_left_out_that_are_far_from_both_words() -> None:
    first, last = sound("rukmini"), sound("kamal")
    slips = [first[:at] + "z" + first[at + 1 :] for at in range(len(first))]
    begun = [f"{last}{one}{other}" for one in "bdgj" for other in "bdgjklmnprst"]
    found = ranked("rukmini kamal", vocabulary([first, last, *slips, *begun]))[-1]
    pairs = {pair for one in found for pair in one.pairs}
    assert len(slips) * len(begun) > MOST_PAIRS
    assert pairs >= {both(first, one) for one in begun} | {both(one, last) for one in slips}
