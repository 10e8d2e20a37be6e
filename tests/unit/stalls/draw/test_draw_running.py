"""Sentences about a draw at full speed: the same arrays, the same bytes, the same refusals as the specification's."""

import logging
import random
from collections.abc import Callable
from dataclasses import fields, replace

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw import archive, files, reading, running
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import CellUnusable, DigestDiffers, RowOutOfOrder
from services.stalls.draw.engine import resident, writing
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.coding import NotCanonical
from services.stalls.draw.engine.reading import tables
from services.stalls.draw.engine.tables import Tables, tables_of
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from services.stalls.draw.sources import TextSource
from shared.errors import Problem
from tests.unit.stalls.draw.instances import SEED, SOME, group, instances, seeds
from tests.unit.stalls.draw.sample import INSTANCE, edited, facts, whole
from tests.unit.stalls.draw.test_draw_files import DAMAGES

Texts = dict[str, str]
INPUTS = (*files.INPUTS, *files.PLAN)


def texts_of(instance: Instance) -> Texts:
    return {**files.inputs(instance), **files.plan(instance.events)}


def assert_same(found: Tables, expected: Tables) -> None:
    for field in fields(Tables):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(other, np.ndarray):
            assert one.dtype == other.dtype, field.name
            assert np.array_equal(one, other), field.name
        else:
            assert one == other, field.name


class InPieces(TextSource):
    """Chunks of some bytes, so that rows and letters are cut anywhere."""

    def __init__(self, texts: Texts, size: int) -> None:
        super().__init__(texts)
        self._size = size

    def chunks(self, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        content = b"".join(super().chunks(name))
        return (content[at : at + self._size] for at in range(0, len(content), self._size))


@SOME
@given(instances(), st.integers(1, 300))
def test_the_fast_reader_makes_the_arrays_that_the_instance_makes(instance: Instance, size: int) -> None:
    texts = texts_of(instance)
    found, sha256 = tables(InPieces(texts, size))
    assert_same(found, tables_of(instance))
    assert sha256 == {name: files.sha256(text) for name, text in texts.items()}


def test_every_column_of_a_small_draw_is_read() -> None:
    wanting = replace(INSTANCE, applicants=tuple(replace(a, upgrade=a.tier == 0) for a in INSTANCE.applicants))
    found, _ = tables(TextSource(texts_of(wanting)))
    assert_same(found, tables_of(wanting))
    assert 0 < found.upgrade.sum() < len(found.upgrade)


def test_applications_closed_before_upgrades_are_read_without_the_column() -> None:
    texts = texts_of(INSTANCE)
    rows = [line.rpartition(",")[0] for line in texts["applications.csv"].splitlines()]
    former = {**texts, "applications.csv": "\n".join(rows) + "\n"}
    assert_same(tables(TextSource(former))[0], tables_of(reading.instance(former)))


def test_event_numbers_may_be_far_apart_and_words_long() -> None:
    far = 999_999_999
    words = " ".join(sorted(f"{letter}{'x' * 31}" for letter in "abcdefghij"))
    people = (group(1, 7, far, sells=words), group(2, far, sells="a"), group(3, 8_000_000, far, 7))
    events = tuple(Event(number=number, lines=(Line(count=512),)) for number in (7, 8_000_000, far))
    instance = Instance(applicants=people, events=events)
    assert_same(tables(TextSource(texts_of(instance)))[0], tables_of(instance))


@SOME
@given(instances(), seeds)
def test_engine_and_specification_write_the_same_bytes(instance: Instance, seed: str) -> None:
    source, expected = TextSource(texts_of(instance)), files.result(accept(instance, seed))
    fast, plain = running.run(source, seed, engine=True), running.run(source, seed, engine=False)
    assert fast.outcome_digest == plain.outcome_digest == files.digest(expected)
    assert (fast.allotted, fast.waitlisted) == (plain.allotted, plain.waitlisted)
    for name, text in expected.items():
        for one in (fast.files[name], plain.files[name]):
            assert b"".join(one).decode() == text
            assert b"".join(one).decode() == text, "made anew each time"
            assert (one.size, one.sha256) == (len(text.encode()), files.sha256(text))


def test_an_outcome_of_many_chunks_is_the_specification_s() -> None:
    dice = random.Random(2026)
    events = tuple(Event(number=number, lines=(Line(count=3),)) for number in range(1, 101))
    people = tuple(group(at + 1, *dice.sample(range(1, 101), 20)) for at in range(4_000))
    instance = Instance(applicants=people, events=events)
    found, result = tables_of(instance), allocate(tables_of(instance), SEED)
    pieces = list(writing.chunks(found, result))
    assert len(pieces) > len(files.OUTCOME) * 2
    for name, text in files.result(accept(instance, SEED)).items():
        assert b"".join(piece for of, piece in pieces if of == name).decode() == text


@pytest.mark.parametrize(("damage", "problem"), DAMAGES)
def test_damage_is_refused_by_the_same_name_at_full_speed(
    damage: Callable[[Texts], Texts], problem: type[Problem]
) -> None:
    texts = damage(whole())
    found, expected = _refusal(texts, fast=True), _refusal(texts, fast=False)
    assert found == expected
    assert expected is None or expected.startswith(problem.__name__)


def _refusal(texts: Texts, *, fast: bool) -> str | None:
    try:
        running.read(TextSource(texts), engine=fast)
    except Problem as problem:
        return f"{problem.code} {problem}"
    return None


@SOME
@given(st.sampled_from(INPUTS), st.integers(0, 10_000), st.sampled_from('0,5\n" \ra*शx:-'))
def test_whatever_the_fast_reader_takes_the_strict_one_takes_too(name: str, at: int, letter: str) -> None:
    texts = texts_of(INSTANCE)
    at %= len(texts[name])
    changed = {**texts, name: f"{texts[name][:at]}{letter}{texts[name][at + 1 :]}"}
    try:
        found, _ = tables(TextSource(changed))
    except NotCanonical:
        return
    assert_same(found, tables_of(reading.instance(archive.texts(TextSource(changed)))))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("applications.csv", "\n", "\n\ufeff"),
        ("applications.csv", "ticket", "\ufeffticket"),
        ("applications.csv", "food", "food food"),
        ("applications.csv", "food", "x" * 33),
        ("applications.csv", "food", "x" * 5000),
        ("applications.csv", "490", "4901234"),
        ("applications.csv", "4201", "42o1"),
        ("applications.csv", "4201", "4201234"),
        ("applications.csv", "food,\n", "food,no\n"),
        ("applications.csv", "food,\n", "*,\n"),
        ("choices.csv", "0000000001000003,1,1", "0000000001000003,1,9223372036854775808"),
        ("choices.csv", "0000000001000003,2,2", "0000000001000003,1,2"),
        ("choices.csv", "0000000001000003,1,1\n0000000001000003,2,2\n", ""),
        ("events.csv", "मंचर", "मंचर\u200b"),
        ("events.csv", "मैदान रद्द", "=1+1"),
        ("events.csv", "मैदान रद्द", "य" * 1001),
        ("events.csv", "मैदान रद्द", '"मैदान रद्द"'),
        ("events.csv", "3,0,", "3,00,"),
        ("plan.csv", "1,2,open", "1,2,open sc"),
        ("plan.csv", "1,2,open", "1,3,open"),
        ("plan.csv", ",482,", ",48a,"),
        ("plan.csv", "masks paper", "masks *"),
    ],
)
def test_what_is_not_canonical_is_left_to_the_strict_reader(name: str, old: str, new: str) -> None:
    texts = edited(texts_of(INSTANCE), name, old, new)
    with pytest.raises(NotCanonical):
        tables(TextSource(texts))
    with pytest.raises(Problem):
        reading.instance(archive.texts(TextSource(texts)))


def test_more_words_than_the_engine_has_room_for_are_drawn_by_the_specification() -> None:
    """65 categories: one more than a mask has bits for, beside the one that means any product."""
    people = tuple(group(at + 1, sells=f"kind_{at}") for at in range(65))
    instance = Instance(applicants=people, events=(Event(number=1, lines=(Line(count=9),)),))
    source = TextSource(texts_of(instance))
    with pytest.raises(NotCanonical):
        tables(source)
    assert running.run(source, SEED, engine=True).outcome_digest == files.digest(files.result(accept(instance, SEED)))


@pytest.mark.parametrize(("count", "by"), [(running.LARGE - 1, "specification"), (running.LARGE, "engine")])
def test_a_large_draw_is_run_by_the_engine_and_the_log_says_so(
    count: int, by: str, caplog: pytest.LogCaptureFixture
) -> None:
    people = tuple(group(at + 1) for at in range(count))
    told: list[tuple[str, int, int]] = []
    source = TextSource(texts_of(Instance(applicants=people, events=(Event(number=1, lines=(Line(count=5),)),))))
    with caplog.at_level(logging.INFO, logger=running.__name__):
        running.run(source, SEED, lambda *what: told.append(what))
    assert f"draw.run by={by} applications={count}" in caplog.messages
    assert all(0 <= done <= total for _, done, total in told)
    assert {stage for stage, done, total in told if done == total} >= {"write"} | (
        {"read", "line_up", "allocate", "reasons"} if by == "engine" else set()
    )


@pytest.mark.parametrize("engine", [True, False])
def test_a_file_that_is_not_what_was_promised_is_named_before_its_rows_are_read(engine: bool) -> None:
    texts = texts_of(INSTANCE)
    promised = {name: files.sha256(text) for name, text in texts.items()}
    assert running.read(TextSource(texts), engine=engine, promised=promised).sha256 == promised
    changed = edited(texts, "choices.csv", ",1,1\n", ",1,x\n")
    with pytest.raises(DigestDiffers, match=r"^choices\.csv: its SHA-256 is "):
        running.read(TextSource(changed), engine=engine, promised=promised)


def test_a_draw_without_applications_has_an_empty_outcome() -> None:
    source = TextSource(texts_of(Instance(applicants=(), events=INSTANCE.events)))
    for engine in (True, False):
        ran = running.run(source, SEED, engine=engine)
        assert (ran.allotted, ran.waitlisted) == (0, 0)
        assert b"".join(ran.files["outcome.csv"]) == b"place,ticket,event,stall,choice,waiting\n"


def test_the_whole_sample_is_drawn_as_it_says() -> None:
    texts = whole()
    for engine in (True, False):
        ran = running.run(TextSource(texts), facts().seed, engine=engine)
        assert {name: b"".join(one).decode() for name, one in ran.files.items()} == {
            name: texts[name] for name in files.OUTCOME
        }


def test_an_applicant_without_choices_is_left_to_the_strict_reader() -> None:
    lonely: Applicant = replace(INSTANCE.applicants[0], choices=())
    with pytest.raises(NotCanonical):
        tables(TextSource(texts_of(replace(INSTANCE, applicants=(lonely, *INSTANCE.applicants[1:])))))


def test_kernels_run_on_when_the_compiler_s_code_has_left_the_memory() -> None:
    """Compiled ones and one that is compiled only then."""
    expected = running.run(TextSource(whole()), facts().seed, engine=True).outcome_digest
    assert list(resident._code())
    resident.forget_compiler()
    assert running.run(TextSource(whole()), facts().seed, engine=True).outcome_digest == expected
    assert numba.njit(lambda number: number + 1)(1) == 2


def two_changed(texts: Texts, name: str, first: str, second: str) -> Texts:
    """The rows that begin so stand in the order of these beginnings."""
    head, *found = texts[name].splitlines(keepends=True)
    earlier = [row for row in found if row.startswith(first)]
    later = [row for row in found if row.startswith(second)]
    assert earlier
    assert later
    return {**texts, name: head + "".join(earlier + later)}


@pytest.mark.parametrize(
    ("name", "first", "second"), [("choices.csv", "0" * 15 + "2", "0" * 15 + "1"), ("plan.csv", "2,", "1,")]
)
def test_whole_groups_of_rows_out_of_order_are_refused_by_both_readers(name: str, first: str, second: str) -> None:
    """Each group of rows counts from 1 as it should; only which comes first is wrong."""
    lines = (Line(count=1),)
    made = Instance(
        applicants=(group(1, 1), group(2, 1)), events=(Event(number=1, lines=lines), Event(number=2, lines=lines))
    )
    texts = two_changed(texts_of(made), name, first, second)
    with pytest.raises(RowOutOfOrder):
        reading.instance(texts)
    with pytest.raises(NotCanonical):
        tables(TextSource(texts))


def test_a_group_of_no_district_is_refused_by_both_readers() -> None:
    texts = edited(texts_of(INSTANCE), "applications.csv", ",490,", ",,")
    with pytest.raises(CellUnusable):
        reading.instance(texts)
    with pytest.raises(NotCanonical):
        tables(TextSource(texts))
