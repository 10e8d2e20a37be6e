"""Sentences about how a draw came about: its log hangs together, its parties kept their word, two people agreed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.stalls.draw import claims, files, log, proof, reading
from services.stalls.draw.damage import (
    CellUnusable,
    EntryBroken,
    NonceNotPromised,
    RowRepeated,
    StepMissing,
    StepsByOne,
)
from services.stalls.draw.log import Entry
from services.stalls.draw.plan import Instance
from services.stalls.draw.proof import Proceedings
from services.stalls.draw.rules import KNOWN, RULES_1
from services.stalls.draw.seed import commitment, dry_seed
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.draw.instances import group
from tests.unit.stalls.draw.sample import EVENTS, INSTANCE, PARTIES, SHOWN, facts, steps

SAID = facts()
MADE = Proceedings(said=SAID, parties=PARTIES, log=steps(SAID))


def again(*entries: Entry, **changed: object) -> Proceedings:
    """These entries with digests that fit, as a careful forger makes them."""
    made: tuple[Entry, ...] = ()
    for entry in entries:
        made = log.added(made, entry.at, entry.step, entry.by, entry.what)
    return replace(MADE, log=made, **changed)  # type: ignore[arg-type]


def entry(number: int, **changed: object) -> Proceedings:
    entries = [replace(one, **changed) if one.number == number else one for one in MADE.log]  # type: ignore[arg-type]
    return again(*entries)


def test_a_draw_that_went_by_its_rules_is_found_so() -> None:
    proof.check_nonces(PARTIES)
    proof.check_log(MADE)
    proof.check_log(again(*MADE.log))


FORGED: list[tuple[Callable[[], Proceedings], type[Problem]]] = [
    (lambda: replace(MADE, log=(*MADE.log[:3], replace(MADE.log[3], by="timer"), *MADE.log[4:])), EntryBroken),
    (lambda: replace(MADE, log=MADE.log[1:]), EntryBroken),
    (lambda: again(*MADE.log[1:]), StepMissing),
    (lambda: again(*MADE.log[:-1]), StepMissing),
    (lambda: again(*MADE.log[:-2], MADE.log[-1]), StepMissing),
    (lambda: again(*MADE.log, MADE.log[-1]), CellUnusable),
    (lambda: entry(7, by=MADE.log[5].by), StepsByOne),
    (lambda: entry(1, what="9" * 64), CellUnusable),
    (lambda: entry(2, at=SAID.closed_at + timedelta(seconds=1)), CellUnusable),
    (lambda: entry(3, at=SHOWN), CellUnusable),
    (lambda: entry(3, what=MADE.log[3].what), CellUnusable),
    (lambda: entry(5, what="1"), CellUnusable),
    (lambda: entry(6, at=SHOWN - timedelta(seconds=1)), CellUnusable),
    (lambda: entry(6, what=log.named(4822, SHOWN, SAID.public_value)), CellUnusable),
    (lambda: entry(8, what=log.finished("9" * 64, SAID.outcome_digest)), CellUnusable),
    (lambda: entry(1, at=datetime(2030, 1, 1, tzinfo=UTC)), CellUnusable),
    (lambda: again(replace(MADE.log[0], at=SAID.closes_at), *MADE.log[1:]), CellUnusable),
    (lambda: again(*MADE.log, said=replace(SAID, closes_at=SAID.closed_at)), CellUnusable),
    (lambda: again(*MADE.log, said=replace(SAID, opens_at=SAID.closed_at)), CellUnusable),
    (lambda: entry(5, at=SHOWN - timedelta(milliseconds=1)), CellUnusable),
    (lambda: entry(7, at=datetime(1999, 1, 1, tzinfo=UTC)), CellUnusable),
    (lambda: entry(8, at=datetime(1999, 1, 1, tzinfo=UTC)), CellUnusable),
    (lambda: entry(6, by="group_member 111111111111"), CellUnusable),
    (lambda: entry(7, by="timer"), CellUnusable),
    (lambda: again(*MADE.log, said=replace(SAID, public_source="माझ्या घरी")), CellUnusable),
    (lambda: again(*MADE.log, parties=PARTIES[:2]), CellUnusable),
]


@pytest.mark.parametrize(("forged", "problem"), FORGED)
def test_a_log_that_was_changed_is_found_though_every_digest_was_made_anew(
    forged: Callable[[], Proceedings], problem: type[Problem]
) -> None:
    with pytest.raises(problem) as found:
        proof.check_log(forged())
    assert all(found.value.sentence(language).startswith("log.csv") for language in LANGUAGES)


def test_a_nonce_that_nobody_promised_is_found() -> None:
    with pytest.raises(NonceNotPromised, match=r"parties\.csv, row 2, nonce"):
        proof.check_nonces([PARTIES[0], replace(PARTIES[1], nonce="made up")])


def test_a_nonce_opened_before_the_close_is_found_while_the_draw_goes_on() -> None:
    with pytest.raises(CellUnusable, match=r"log\.csv, row 3, at"):
        proof.check_entries(entry(3, at=SAID.closed_at - timedelta(milliseconds=1)))


def test_a_promise_that_two_parties_made_counts_for_one_of_them_only() -> None:
    same = (PARTIES[0], replace(PARTIES[1], commitment=PARTIES[0].commitment), PARTIES[2])
    terms = (SAID.call, SAID.opens_at, SAID.closes_at, SAID.public_source, SAID.public_round, SAID.public_at)
    first = replace(MADE.log[0], what=log.announced(terms, same))
    with pytest.raises(RowRepeated, match=r"parties\.csv, row 2, commitment"):
        proof.check_log(again(first, *MADE.log[1:], parties=same))


def test_a_value_that_was_mended_before_it_was_confirmed_is_no_fault() -> None:
    slip = replace(MADE.log[5], what=log.named(4821, SHOWN, "LOTTERY NO. 4821, prize: 57, 30"))
    proof.check_log(again(*MADE.log[:5], slip, *MADE.log[5:]))


def test_a_later_round_counts_only_where_all_was_fixed_too_late() -> None:
    later = log.named(4822, SAID.published_at, SAID.public_value)
    late = replace(SAID, closed_at=SHOWN + timedelta(seconds=1))
    entries = [replace(one, what=later) if one.number in {6, 7} else one for one in MADE.log]
    entries[1] = replace(entries[1], at=late.closed_at)
    silent = tuple(replace(party, nonce=None) for party in PARTIES)
    entries[4] = replace(entries[4], what=log.struck(silent))
    entries[4:] = [replace(one, at=one.at + timedelta(days=1)) for one in entries[4:]]
    proof.check_log(again(*entries[:2], *entries[4:], said=late, parties=silent))
    with pytest.raises(CellUnusable):
        proof.check_log(again(*[replace(one, what=later) if one.number in {6, 7} else one for one in MADE.log]))


def test_a_rehearsal_has_a_seed_of_its_own_and_needs_no_steps() -> None:
    label = "सराव, 23 नोव्हेंबर"
    seed = dry_seed(SAID.inputs_digest, SAID.plan_digest, label)
    dry = replace(SAID, run="dry", public_source=label, public_round=None, public_at=None, public_value="", seed=seed)
    dry = replace(dry, published_at=None)
    texts = files.said(dry)
    assert (claims.said(texts), claims.parties(texts), claims.log(texts)) == (dry, (), ())
    proof.check_log(Proceedings(said=dry, parties=(), log=()))
    assert seed != SAID.seed


def test_what_was_closed_by_the_rules_before_is_read_without_the_new_column_and_keeps_its_rules() -> None:
    wished = Instance(applicants=(group(1), group(2, upgrade=True)), events=EVENTS[:1])
    texts = {**files.inputs(wished), **files.plan(wished.events)}
    lines = [line.rpartition(",")[0] for line in texts["applications.csv"].splitlines()]
    former = reading.instance({**texts, "applications.csv": "\n".join(lines) + "\n"})
    assert [one.upgrade for one in former.applicants] == [False, False]
    assert former == replace(wished, applicants=tuple(replace(one, upgrade=False) for one in wished.applicants))
    before = commitment(RULES_1)
    assert before == "f298aca8de6fbdf95b50153c9d84d8b4cbc43959b7757149285b1b60d73d691f"
    assert files.said(replace(SAID, rules_digest=before))["rules.txt"] == KNOWN[before] == RULES_1
    assert INSTANCE.applicants[6].upgrade
