"""A chain that was touched is found out, at the first entry that is wrong."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.audit.acts import entry
from shared.audit.entries import BEGINNING, Head, Plain, canonical, hash_of, linked, plain
from shared.audit.verifying import verified
from shared.clock import INDIA

ACTOR = {"sub": "सौ. आशा", "role": "district_officer", "area": "27/490"}


def chain(length: int, head: Head | None = None) -> list[Plain]:
    waiting = [entry("POST /v1/calls", ("calls", f"call-{n}"), ACTOR, "27", "r", "d" * 64) for n in range(length)]
    return [plain(row) for row in linked(waiting, head or Head())]


def rehashed(entries: list[Plain], since: int) -> list[Plain]:
    """What somebody does who knows how the chain is made."""
    for at in range(since, len(entries)):
        entries[at]["seq"] = at + 1
        entries[at]["prev"] = entries[at - 1]["hash"] if at else BEGINNING
        entries[at]["hash"] = hash_of(entries[at])
    return entries


def found(entries: list[Plain], known: Head | None = None) -> tuple[int, str] | None:
    damage = verified(entries, known).damage
    return (damage.seq, damage.why) if damage else None


def test_a_whole_chain_is_whole_and_says_its_head() -> None:
    entries = chain(5)
    verdict = verified(entries)
    assert (verdict.damage, verdict.head) == (None, Head(5, entries[-1]["hash"]))
    assert verified([]).head == Head()


def test_what_was_exported_and_read_again_is_the_same_chain() -> None:
    entries = chain(5)
    assert found([json.loads(json.dumps(one, ensure_ascii=False)) for one in entries]) is None


def test_a_chain_goes_on_from_where_it_stands() -> None:
    first = chain(3)
    assert found([*first, *chain(2, Head(3, first[-1]["hash"]))]) is None


def test_the_canonical_form_is_known_to_everybody_who_wants_to_check_it() -> None:
    at = datetime(2026, 11, 22, 9, 30, 0, 5000, tzinfo=UTC)
    row = {"_id": 7, "at": at, "hash": "x", "act": "वाटप", "actor": {"sub": "a", "role": "admin"}, "tenant": None}
    expected = (
        rb'{"act":"\u0935\u093e\u091f\u092a","actor":{"role":"admin","sub":"a"},'
        rb'"at":"2026-11-22T09:30:00.005Z","seq":7,"tenant":null}'
    )
    assert canonical(plain(row)) == expected


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    return [path]


FIELDS = leaves(chain(1)[0])
OTHER = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.lists(st.integers(), max_size=2))


@given(at=st.integers(0, 5), path=st.sampled_from(FIELDS), value=OTHER)
def test_whatever_field_of_whatever_entry_is_changed_it_is_noticed_there(
    at: int, path: tuple[str, ...], value: Any
) -> None:
    entries = chain(6)
    place = entries[at]
    for name in path[:-1]:
        place = place[name]
    if repr(place[path[-1]]) == repr(value):
        return
    place[path[-1]] = value
    damage = verified(entries).damage
    assert damage is not None
    assert damage.seq <= at + 1


@given(at=st.integers(0, 5), name=st.text(min_size=1, max_size=6))
def test_a_field_that_was_added_or_taken_away_is_noticed(at: int, name: str) -> None:
    more, less = chain(6), chain(6)
    more[at].setdefault(f"x{name}", None)
    del less[at]["act"]
    assert found(more) == found(less) == (at + 1, "changed")


@given(at=st.integers(0, 4))
def test_an_entry_that_is_gone_is_missing_even_when_the_others_were_numbered_anew(at: int) -> None:
    gone = chain(6)
    del gone[at]
    assert found(gone) == (at + 1, "missing")
    for number, one in enumerate(gone, 1):
        one["seq"] = number
    assert found(gone) == (at + 1, "missing")


@given(at=st.integers(0, 4))
def test_two_entries_that_changed_places_are_noticed_even_when_numbered_anew(at: int) -> None:
    entries = chain(6)
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    assert found(entries) == (at + 1, "reordered")
    entries[at]["seq"], entries[at + 1]["seq"] = at + 1, at + 2
    assert found(entries) == (at + 1, "reordered")


@given(at=st.integers(1, 4))
def test_an_entry_that_was_slipped_in_is_noticed(at: int) -> None:
    entries = chain(6)
    (strange,) = chain(1, Head(at, entries[at - 1]["hash"]))
    twice = [*entries[:at], strange, *entries[at:]]
    assert found(twice) == (at + 1, "inserted")
    numbered = deepcopy(twice)
    for number, one in enumerate(numbered, 1):
        one["seq"] = number
    assert found(numbered) == (at + 1, "inserted")


@given(at=st.integers(0, 4))
def test_an_entry_replaced_by_one_with_a_hash_of_its_own_is_noticed(at: int) -> None:
    entries = chain(6)
    entries[at]["act"] = "GET /v1/nothing"
    entries[at]["hash"] = hash_of(entries[at])
    assert found(entries) == (at + 1, "changed")


REWRITTEN: dict[str, Callable[[list[Plain]], list[Plain]]] = {
    "changed": lambda entries: rehashed([entries[0], {**entries[1], "act": "x"}, *entries[2:]], 1),
    "left out": lambda entries: rehashed([entries[0], *entries[2:]], 1),
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_chain_rewritten_to_its_end_is_whole_and_only_a_head_kept_elsewhere_tells(how: str) -> None:
    entries = chain(6)
    known, rewritten = Head(3, entries[2]["hash"]), REWRITTEN[how](deepcopy(entries))
    assert found(rewritten) is None
    assert found(rewritten, known) == (3, "replaced")


def test_a_tail_that_was_cut_off_is_known_by_a_head_kept_elsewhere() -> None:
    entries = chain(6)
    known = Head(6, entries[-1]["hash"])
    assert found(entries[:4]) is None
    assert found(entries[:4], known) == (5, "truncated")
    assert found([], known) == (1, "truncated")


def test_a_head_is_known_by_its_first_digits_too() -> None:
    entries = chain(4)
    assert found(entries, Head(4, entries[3]["hash"][:12])) is None
    assert found(entries, Head(4, "0" * 12)) == (4, "replaced")


def test_a_time_reads_the_same_wherever_it_was_written() -> None:
    utc = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert plain({"at": utc}) == plain({"at": utc.astimezone(INDIA)})
    assert plain({"at": utc}) != plain({"at": utc + timedelta(milliseconds=1)})
