"""Sentences about tags: a table says what a group can be; another tag is another line, and no code."""

from dataclasses import replace

import pytest

from services.stalls.draw import plan, reading
from services.stalls.draw.accept import accept
from services.stalls.draw.files import inputs
from services.stalls.draw.files import plan as plan_files
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.tags.domain import TABLE, TAGS, KnownBy, declarable, read
from services.stalls.wishes.domain import TagNotDeclared, TagNotHeld, check
from shared.errors import LANGUAGES
from tests.unit.stalls.draw.instances import SEED, group
from tests.unit.stalls.fairs import GROUP, WISH, call

WEAVERS = frozenset({"handloom_weavers"})
MORE = read([*TABLE.read_text("utf-8").splitlines(), "handloom_weavers,herself,हातमाग विणकर,हथकरघा बुनकर,weavers"])


def test_a_new_tag_is_a_line_of_the_table_and_no_code() -> None:
    line = Line(tags=WEAVERS, count=1)
    with pytest.raises(plan.UnknownTag):
        plan.check([line], stalls=4, caps={}, categories=("food",), tags=TAGS)
    plan.check([line], stalls=4, caps={}, categories=("food",), tags=MORE)
    with pytest.raises(TagNotDeclared):
        check(replace(WISH, tags=WEAVERS), GROUP, ("food",), call())
    check(replace(WISH, tags=WEAVERS), GROUP, ("food",), call(), MORE)
    drawn = Instance(applicants=(group(1), group(2, tags=WEAVERS)), events=(Event(number=1, lines=(line,)),))
    assert reading.instance({**inputs(drawn), **plan_files(drawn.events)}) == drawn
    assert {row.ticket for row in accept(drawn, SEED).rows if row.event} == {f"{2:016}"}, "the weavers come first"


def test_what_the_registry_knows_cannot_be_declared_and_first_stalls_are_looked_up() -> None:
    with pytest.raises(TagNotHeld):
        check(replace(WISH, tags=frozenset({"mavim"})), GROUP, ("food",), call())
    with pytest.raises(TagNotDeclared):
        check(replace(WISH, tags=frozenset({"first_stall"})), GROUP, ("food",), call())
    check(replace(WISH, tags=frozenset({"umed", "disabled_led"})), GROUP, ("food",), call())
    assert TAGS.keys() - declarable().keys() == {"first_stall"}


def test_every_tag_has_a_name_in_three_languages() -> None:
    assert all(str(getattr(tag.names, language)).strip() for tag in TAGS.values() for language in LANGUAGES)
    assert {tag.known_by for tag in TAGS.values()} == set(KnownBy)
