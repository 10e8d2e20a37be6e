"""Sentences about the certificate checker: what the rules give it accepts, and every other outcome it refuses."""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from services.stalls.draw import archive, claims, files, log
from services.stalls.draw.accept import Outcome, Row, accept
from services.stalls.draw.log import Entry
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.unit.stalls.draw.instances import MANY, group, instances
from tests.unit.stalls.draw.sample import INSTANCE, NONCES, PARTIES, SHOWN, edited, facts, told, whole
from tools import check_draw

PROGRAM = Path(check_draw.__file__)
OF_HOLDERS = {"envy", "waste", "cap or guarantee", "not the best"}
ROWS = accept(INSTANCE, facts().seed).rows


def found(texts: dict[str, str]) -> dict[str, str]:
    """Kind of fault to its sentence."""
    said = check_draw.check(io.BytesIO(archive.pack(texts)))
    return {sentence.partition(": ")[0]: sentence for sentence in said}


def outcome_of(instance: Instance, line: Sequence[Applicant], got: Sequence[int | None]) -> Outcome:
    """With stalls and waiting lists as they follow from these events, so that only who holds what can be wrong."""
    struck = {event.number for event in instance.events if not event.lines}
    seated, waiting = dict[int, int](), dict[int, int]()
    rows = []
    for place, (applicant, event) in enumerate(zip(line, got, strict=True), 1):
        if event is not None:
            seated[event] = seated.get(event, 0) + 1
            choice = applicant.choices.index(event) + 1
            rows.append(Row(ticket=applicant.ticket, place=place, event=event, stall=seated[event], choice=choice))
            continue
        wanted = [number for number in applicant.choices if number not in struck]
        for number in wanted:
            waiting[number] = waiting.get(number, 0) + 1
        queue = tuple((number, waiting[number]) for number in wanted)
        rows.append(Row(ticket=applicant.ticket, place=place, waiting=queue))
    return Outcome(rows=tuple(rows))


def every_other(instance: Instance) -> Iterator[dict[str, str]]:
    """The draw's file with each outcome but the right one."""
    said = facts(instance)
    right = accept(instance, said.seed)
    line = line_up(said.seed, instance.applicants)
    for got in itertools.product(*[(None, *applicant.choices) for applicant in line]):
        if got != tuple(row.event for row in right.rows):
            yield {**told(said, instance, right), **files.result(outcome_of(instance, line, got))}


def with_rows(*changed: Row) -> dict[str, str]:
    """The sample's outcome with these rows, and every digest and the log made to fit."""
    new = {row.ticket: row for row in changed}
    return told(facts(), outcome=Outcome(rows=tuple(new.get(row.ticket, row) for row in ROWS)))


def relogged(entries: Sequence[Entry]) -> dict[str, str]:
    """These entries with digests that fit, as a careful forger makes them, in a draw that is else right."""
    made: tuple[Entry, ...] = ()
    for entry in entries:
        made = log.added(made, entry.at, entry.step, entry.by, entry.what)
    texts = whole()
    return files.complete({**texts, "log.csv": files.said(claims.said(texts), PARTIES, made)["log.csv"]})


def logged(named: Sequence[str], confirmed: str) -> dict[str, str]:
    """Who named the value, one after the other, and who confirmed it."""
    entries = claims.log(whole())
    value = next(one for one in entries if one.step == "value_named")
    before, after = entries[: value.number - 1], entries[value.number :]
    rest = [replace(one, by=confirmed) if one.step == "confirmed" else one for one in after]
    return relogged([*before, *(replace(value, by=who) for who in named), *rest])


@given(instances(most=8))
@MANY
def test_what_the_rules_give_is_accepted(instance: Instance) -> None:
    assert found(told(facts(instance), instance)) == {}


@given(instances(most=4))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_of_all_possible_outcomes_only_the_right_one_is_accepted(instance: Instance) -> None:
    assume(any(event.lines for event in instance.events))
    for texts in every_other(instance):
        assert OF_HOLDERS & {*found(texts)}, texts["outcome.csv"]


def test_of_two_outcomes_without_envy_or_waste_only_the_better_one_is_accepted() -> None:
    """Each is kept a stall where she would rather not be: left there, nobody is wronged, but both could exchange."""
    kept_for_umed = Event(number=1, lines=(Line(tags=frozenset({"umed"}), count=1),))
    kept_for_rural = Event(number=2, lines=(Line(tags=frozenset({"rural"}), count=1),))
    instance = Instance(
        applicants=(group(1, 1, 2, tags=frozenset({"rural"})), group(2, 2, 1, tags=frozenset({"umed"}))),
        events=(kept_for_umed, kept_for_rural),
    )
    refused = {frozenset(found(texts)) & OF_HOLDERS for texts in every_other(instance)}
    assert {"not the best"} in refused


def test_a_ring_of_three_is_found() -> None:
    """Three events, each kept for somebody who would rather be at the next."""
    words = ("umed", "rural", "first_stall")
    instance = Instance(
        applicants=tuple(group(n, n % 3 + 1, n, tags=frozenset({words[n - 1]})) for n in (1, 2, 3)),
        events=tuple(Event(number=n, lines=(Line(tags=frozenset({words[n - 1]}), count=1),)) for n in (1, 2, 3)),
    )
    said = facts(instance)
    line = line_up(said.seed, instance.applicants)
    worst = outcome_of(instance, line, [applicant.choices[1] for applicant in line])
    assert {*found({**told(said, instance), **files.result(worst)})} & OF_HOLDERS == {"not the best"}


def test_who_loses_her_stall_to_a_worse_place_is_named() -> None:
    instance = Instance(
        applicants=(group(1, 1), group(2, 1), group(3, 1)), events=(Event(number=1, lines=(Line(count=2),)),)
    )
    said = facts(instance)
    robbed, lucky, favoured = line_up(said.seed, instance.applicants)
    changed = outcome_of(instance, (robbed, lucky, favoured), (None, 1, 1))
    sentence = found(told(said, instance, changed))["envy"]
    assert sentence.startswith(f"envy: outcome.csv, row 3, event 1: ticket {robbed.ticket} (place 1) should have the ")
    assert sentence.endswith(f"stall of ticket {favoured.ticket} (place 3)")


def test_two_holders_who_change_their_events_are_found() -> None:
    first = next(row for row in ROWS if row.event == 1 and row.choice == 1)
    second = next(row for row in ROWS if row.event == 2)
    choice = {a.ticket: a.choices for a in INSTANCE.applicants}
    swapped = (
        replace(first, event=2, stall=second.stall, choice=choice[first.ticket].index(2) + 1),
        replace(second, event=1, stall=first.stall, choice=choice[second.ticket].index(1) + 1),
    )
    assert OF_HOLDERS & {*found(with_rows(*swapped))}


def test_a_stall_left_empty_is_found() -> None:
    dropped = next(row for row in reversed(ROWS) if row.event == 2)
    said = found(with_rows(replace(dropped, event=None, stall=None, choice=None)))
    assert f"a stall stays empty that ticket {dropped.ticket} (place {dropped.place}) wanted" in said["waste"]


def test_one_holder_more_than_the_plan_allows_is_found() -> None:
    extra = next(row for row in ROWS if row.event is None and row.refusals[0].event == 1)
    said = found(with_rows(replace(extra, event=1, stall=6, choice=1, waiting=(), refusals=())))
    assert f"there is no stall for ticket {extra.ticket} (place {extra.place})" in said["cap or guarantee"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("other_products", "refusal, other_products"),
        ("other_reservation", "refusal, other_reservation"),
        ("better_place", "refusal, better_place"),
        ("stalls", "refusal, stalls"),
        ("last_place", "refusal, last_place"),
        ("event", "refusal, event"),
        ("rank", "refusal, rank"),
    ],
)
def test_a_reason_with_a_wrong_count_is_found_and_its_ticket_named(field: str, kind: str) -> None:
    row = next(row for row in ROWS if row.refusals and row.refusals[0].better_place)
    wrong = replace(row.refusals[0], **{field: getattr(row.refusals[0], field) + 1})
    said = found(with_rows(replace(row, refusals=(wrong, *row.refusals[1:]))))
    assert f"ticket {row.ticket}: " in said[kind]


def test_a_wrong_place_on_a_waiting_list_is_found() -> None:
    row = next(row for row in ROWS if row.waiting)
    (event, position), *more = row.waiting
    said = found(with_rows(replace(row, waiting=((event, position + 1), *more))))
    assert f"outcome.csv, row {row.place}, ticket {row.ticket}, waiting: " in said["waiting"]


def test_a_choice_of_zero_is_no_choice() -> None:
    row = next(row for row in ROWS if row.event is None)
    assert "choice" in found(with_rows(replace(row, choice=0)))


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("parties.csv", NONCES[0], f"{NONCES[0]}!", "promise"),
        ("parties.csv", f',"{NONCES[2]}"', ",", "seed"),
        ("draw.csv", f"seed,{facts().seed}", f"seed,{'0' * 64}", "seed"),
        ("draw.csv", "LOTTERY NO. 4821", "LOTTERY NO. 4822", "seed"),
        ("draw.csv", "run,final", "run,dry", "seed"),
        ("draw.csv", "public_at,2026-11-23", "public_at,2026-11-21", "time"),
        ("log.csv", ",confirmed,mission_manager", ",confirmed,district_officer", "log"),
        ("log.csv", "2,2026-11-22T12:30:02", "2,2026-11-22T12:30:03", "log"),
        ("log.csv", "nonces_struck,timer,2,", "nonces_struck,timer,3,", "steps"),
        ("rules.txt", "at most 7", "at most 9", "rules"),
        ("applications.csv", ",490,", ",482,", "digest"),
        ("events.csv", "मंचर", "मंजर", "digest"),
    ],
)
def test_what_was_changed_around_the_outcome_is_found_behind_a_new_manifest(
    name: str, old: str | None, new: str, kind: str
) -> None:
    assert old is not None
    assert kind in found(files.complete(edited(whole(), name, old, new)))


def test_one_officer_for_both_steps_is_found() -> None:
    log = whole()["log.csv"].splitlines()
    officer = next(row for row in log if ",value_named," in row).split(",")[3]
    manager = next(row for row in log if ",confirmed," in row).split(",")[3]
    assert "officers" in found(edited(whole(), "log.csv", manager, officer))


def test_of_three_officers_the_last_two_count() -> None:
    """A names, B names anew: then B may not confirm, and A or C may."""
    names = ("district_officer", "mission_manager", "admin")
    a, b, c = (log.actor(facts().call, role, role) for role in names)
    assert found(logged(named=(a, b), confirmed=c)) == {}
    assert found(logged(named=(a, b), confirmed=a)) == {}
    assert {*found(logged(named=(a, b), confirmed=b))} == {"officers"}
    assert {*found(logged(named=("timer",), confirmed=b))} == {"officers"}
    assert {*found(logged(named=(a,), confirmed="group_member 111111111111"))} == {"officers"}


@pytest.mark.parametrize("step", ["opened", "nonces_struck", "confirmed", "drawn"])
@pytest.mark.parametrize("year", [1999, 2030])
def test_a_step_out_of_its_time_is_found(step: str, year: int) -> None:
    odd = datetime(year, 1, 1, tzinfo=UTC)
    legal = {("opened", 1999), ("drawn", 2030)}
    entries = [replace(one, at=odd) if one.step == step else one for one in claims.log(whole())]
    assert ("time" in found(relogged(entries))) == ((step, year) not in legal)


def test_nonces_are_struck_out_when_their_hour_is_over_and_not_before() -> None:
    early = SHOWN - timedelta(milliseconds=1)
    entries = [replace(one, at=early) if one.step == "nonces_struck" else one for one in claims.log(whole())]
    assert "are struck out before their hour is over" in found(relogged(entries))["time"]


def test_another_round_than_was_announced_is_found() -> None:
    said = facts()
    other = log.named(4899, said.published_at, said.public_value)
    entries = [
        replace(one, what=other) if one.step in {"value_named", "confirmed"} else one for one in claims.log(whole())
    ]
    assert "round 4899, announced was 4821" in found(relogged(entries))["round"]


@pytest.mark.parametrize("value", ["- -", "लॉटरी"])
def test_a_public_value_of_which_nothing_counts_is_none(value: str) -> None:
    assert (
        "digits and Latin letters"
        in found(edited(whole(), "draw.csv", '"LOTTERY NO. 4821, prize: 57, 03"', value))["unreadable"]
    )


def test_a_promise_that_two_parties_made_is_found() -> None:
    rows = whole()["parties.csv"].splitlines()
    first, second = (row.split(",")[-2] for row in rows[1:3])
    assert "another party has it too" in found(edited(whole(), "parties.csv", second, first))["promise"]


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: text[:-1]])
def test_lines_end_in_a_line_feed_alone(change: Callable[[str], str]) -> None:
    texts = whole()
    changed = files.complete({**texts, "outcome.csv": change(texts["outcome.csv"])})
    assert "a line does not end in a line feed alone" in found(changed)["unreadable"]


@pytest.mark.parametrize("around", [(b"MZ", b""), (b"", b"\n")])
def test_nothing_stands_before_or_behind_the_files(around: tuple[bytes, bytes]) -> None:
    before, behind = around
    (said,) = check_draw.check(io.BytesIO(before + archive.pack(whole()) + behind))
    assert "something else stands before, between or behind its files" in said
