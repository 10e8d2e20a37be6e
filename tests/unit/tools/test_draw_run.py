"""Sentences about drawing from a file: the whole file comes out, or none, and what is not as it should be is named."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from services.stalls.draw import archive, claims, files, log, seed
from services.stalls.draw.damage import (
    ArchiveCutShort,
    CellUnusable,
    NonceNotPromised,
    NumberNegative,
    NumberTooLarge,
    PlanNotAsOffered,
    RowOutOfOrder,
    RowRepeated,
    RowUnknown,
    StepMissing,
)
from services.stalls.draw.sources import TextSource
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.draw.sample import CLOSED, INSTANCE, PARTIES, edited, facts, steps, told, whole
from tools.draw.__main__ import app
from tools.draw.findings import FactsAbsent, LabelUnusable, PublicTooEarly, RoundTooEarly
from tools.draw.running import made
from tools.draw.verifying import verified

LABEL = "रंगीत तालीम, 22 नोव्हेंबर"
INPUTS = (*files.INPUTS, *files.PLAN)


def draw(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def only(texts: dict[str, str], *names: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name in names}


def stored(target: Path, texts: dict[str, str]) -> Path:
    target.write_bytes(archive.pack(texts))
    return target


@pytest.mark.parametrize("left_out", [(), files.OUTCOME, (*files.OUTCOME, "manifest.csv")])
def test_a_draw_run_from_its_file_gives_the_public_file_byte_for_byte(
    tmp_path: Path, left_out: tuple[str, ...]
) -> None:
    source = stored(tmp_path / "draw.zip", only(whole(), *(set(whole()) - set(left_out))))
    found = draw("run", source, tmp_path / "out.zip")
    assert found.exit_code == 0, found.output
    assert (tmp_path / "out.zip").read_bytes() == archive.pack(whole())
    assert facts().seed in found.stdout


def test_what_is_no_file_stays_what_it_is(tmp_path: Path) -> None:
    """A device or a pipe was once replaced by the draw."""
    source, pipe = stored(tmp_path / "draw.zip", whole()), tmp_path / "pipe"
    os.mkfifo(pipe)
    found = draw("run", source, pipe, "--over")
    assert found.exit_code == 2, found.output
    assert pipe.is_fifo()
    assert "is there and is no file" in found.stderr


def test_a_link_stays_a_link_and_its_file_is_the_new_one(tmp_path: Path) -> None:
    source, real, link = stored(tmp_path / "draw.zip", whole()), tmp_path / "real.zip", tmp_path / "link.zip"
    real.write_bytes(b"the old one")
    link.symlink_to(real)
    assert draw("run", source, link, "--over").exit_code == 0
    assert link.is_symlink()
    assert real.read_bytes() == archive.pack(whole())


def test_an_outcome_that_was_edited_is_made_right_again(tmp_path: Path) -> None:
    texts = only(whole(), *(set(whole()) - {"manifest.csv"}))
    source = edited(texts, "outcome.csv", "1,", "7,")
    made(TextSource(source), tmp_path / "out.zip")
    assert archive.unpack((tmp_path / "out.zip").read_bytes()) == whole()


def test_a_draw_that_was_closed_and_not_drawn_gets_its_last_entry(tmp_path: Path) -> None:
    said = replace(facts(), seed="0" * 64)
    texts = {**only(whole(), *INPUTS), **files.said(said, PARTIES, steps(facts())[:-1])}
    made(TextSource(texts), tmp_path / "out.zip")
    found = archive.unpack((tmp_path / "out.zip").read_bytes())
    assert verified(found).said == claims.said(whole())
    assert claims.log(found)[-1].what == log.finished(facts().seed, claims.said(whole()).outcome_digest)


def test_inputs_alone_are_rehearsed_under_a_label_which_verify_says_plainly(tmp_path: Path) -> None:
    source = stored(tmp_path / "inputs.zip", only(whole(), *INPUTS))
    found = draw("run", source, tmp_path / "dry.zip", "--label", LABEL)
    assert found.exit_code == 0, found.output
    said = claims.said(archive.unpack((tmp_path / "dry.zip").read_bytes()))
    assert (said.run, said.public_source) == ("dry", LABEL)
    assert said.seed == seed.dry_seed(facts().inputs_digest, facts().plan_digest, LABEL)
    for language, plainly in (
        ("mr", "हा सराव आहे, खरी सोडत नाही"),
        ("en", "This is a rehearsal (dry run), not the draw"),
    ):
        checked = draw("verify", tmp_path / "dry.zip", "--language", language)
        assert (checked.exit_code, plainly in checked.stdout.splitlines()[0]) == (0, True), checked.output
    again = draw("run", tmp_path / "dry.zip", tmp_path / "again.zip")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "dry.zip").read_bytes()


def test_a_rehearsal_of_a_call_keeps_its_dates_and_tells_nothing_of_its_seed(tmp_path: Path) -> None:
    rehearsed = made(TextSource(whole()), tmp_path / "dry.zip", LABEL).said
    assert (rehearsed.call, rehearsed.closes_at) == (facts().call, CLOSED)
    assert (rehearsed.public_value, rehearsed.public_at) == ("", None)
    assert rehearsed.seed != facts().seed


@pytest.mark.parametrize(
    ("texts", "label", "problem"),
    [
        (only(whole(), *INPUTS), None, FactsAbsent),
        (only(whole(), *INPUTS), "=1+1", LabelUnusable),
        (only(whole(), *INPUTS), "", LabelUnusable),
        (edited(only(whole(), *INPUTS), "plan.csv", ",482,1", ",482,x"), LABEL, CellUnusable),
    ],
)
def test_what_cannot_be_drawn_leaves_no_file(
    tmp_path: Path, texts: dict[str, str], label: str | None, problem: type[Problem]
) -> None:
    target = tmp_path / "out.zip"
    target.write_bytes(b"as it was")
    with pytest.raises(problem) as found:
        made(TextSource(texts), target, label)
    assert len({found.value.sentence(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"as it was", [target])


def sealed(texts: dict[str, str]) -> dict[str, str]:
    """The manifest made to fit, so that what is wrong is not found by it."""
    return files.complete(texts)


FIRST = "0000000001000003"
BAD = [
    ("applications.csv", f"{FIRST},1,490", f"{FIRST},9,490", CellUnusable),
    ("applications.csv", "\n0000000002000006", f"\n{FIRST},1,490,4201,,,food,\n0000000002000006", RowRepeated),
    ("applications.csv", "\n0000000002000006", "\n0000000000000001", RowOutOfOrder),
    ("choices.csv", f"{FIRST},2,2", f"{FIRST},2,9", RowUnknown),
    ("choices.csv", f"{FIRST},2,2", f"{FIRST},2,{2**63}", NumberTooLarge),
    ("plan.csv", "umed,,2", "umed,,3", PlanNotAsOffered),
    ("plan.csv", "umed,,2", "umed,,-2", NumberNegative),
]


@pytest.mark.parametrize(("name", "old", "new", "problem"), BAD)
def test_bad_input_is_one_sentence_of_its_own_in_each_language(
    tmp_path: Path, name: str, old: str, new: str, problem: type[Problem]
) -> None:
    target = stored(tmp_path / "draw.zip", sealed(edited(whole(), name, old, new)))
    said = set()
    for language in LANGUAGES:
        found = draw("verify", target, "--language", language)
        assert (found.exit_code, found.stdout) == (1, ""), found.output
        said.add(found.stderr)
    assert len(said) == len(LANGUAGES)
    with pytest.raises(problem) as raised:
        verified(archive.unpack(target.read_bytes()))
    assert type(raised.value) is problem
    assert f"{raised.value}\n" in said


def test_a_file_that_breaks_off_and_a_byte_changed_on_the_way_say_so(tmp_path: Path) -> None:
    packed = archive.pack(whole())
    short, changed = tmp_path / "short.zip", tmp_path / "changed.zip"
    short.write_bytes(packed[:5000])
    changed.write_bytes(packed.replace(b",umed,,2", b",umed,,3"))
    assert draw("verify", short).stderr.startswith("The zip breaks off after 5000 bytes")
    assert draw("verify", short, "--language", "mr").stderr.startswith("zip फाइल 5000 बाइटनंतर तुटली आहे")
    assert ArchiveCutShort(bytes=1).status == 422
    assert draw("verify", changed).stderr.startswith("plan.csv is not what its checksum in the zip says")
    changed.write_bytes(archive.pack(edited(whole(), "plan.csv", ",umed,,2", ",umed,,3")))
    assert draw("verify", changed).stderr.startswith("plan.csv: its SHA-256 is ")


def retold(said: files.Said, entries: tuple[log.Entry, ...]) -> dict[str, str]:
    return sealed({**told(said), **files.said(claims.said(told(said)), PARTIES, entries)})


def test_a_round_before_the_announced_one_and_a_value_before_its_time_are_named() -> None:
    said = claims.said(whole())
    early = tuple(
        replace(one, what=one.what.replace("4821 ", "4820 ", 1)) if one.step == "value_named" else one
        for one in steps(said)
    )
    with pytest.raises(RoundTooEarly, match=r"^log\.csv, row \d+: round 4820 .* but round 4821 was announced"):
        verified(retold(facts(), early))
    with pytest.raises(PublicTooEarly, match=r"^draw\.csv, row 11, published_at: .* is too early"):
        verified(told(replace(facts(), published_at=CLOSED - timedelta(days=1))))


def test_a_nonce_that_does_not_match_and_a_step_that_is_missing_are_named() -> None:
    other = "another nonce"
    with pytest.raises(NonceNotPromised, match=rf"its SHA-256 is {seed.commitment(other)}"):
        verified(sealed(edited(whole(), "parties.csv", PARTIES[0].nonce or "-", other)))
    said = claims.said(whole())
    without = [one for one in steps(said) if one.step != "confirmed"]
    entries: tuple[log.Entry, ...] = ()
    for one in without:
        entries = log.added(entries, one.at, one.step, one.by, one.what)
    with pytest.raises(StepMissing, match="the step confirmed should stand here"):
        verified(retold(facts(), entries))


def test_verify_is_the_same_by_the_engine() -> None:
    assert verified(whole(), engine=True) == verified(whole(), engine=False)
    worse = edited(whole(), "outcome.csv", "2,", "3,")
    said = {}
    for engine in (True, False):
        with pytest.raises(Problem) as found:
            verified(worse, engine=engine)
        said[engine] = str(found.value)
    assert said[True] == said[False]


def test_the_tables_as_parquet_have_the_rows_of_the_csv(tmp_path: Path) -> None:
    source = stored(tmp_path / "draw.zip", whole())
    found = draw("parquet", source, tmp_path / "tables")
    assert found.exit_code == 0, found.output
    tables = {path.stem: pq.read_table(path) for path in (tmp_path / "tables").iterdir()}
    assert set(tables) == {"applications", "choices", "events", "plan", "outcome", "refusals"}
    for name, table in tables.items():
        assert table.num_rows == whole()[f"{name}.csv"].count("\n") - 1
        assert tuple(table.column_names) == files.COLUMNS[f"{name}.csv"]
        assert table.schema.metadata[b"format"] == files.FORMAT.encode()
    first = tables["applications"].to_pylist()[1]
    assert first["ticket"] == INSTANCE.applicants[1].ticket
    assert (first["categories"], first["tags"], first["upgrade"]) == (["masks", "paper"], None, False)
    assert tables["events"]["note"].to_pylist()[0] == INSTANCE.events[0].note
    assert tables["plan"]["categories"].to_pylist()[2] == ["*"]


def test_what_is_no_table_leaves_no_parquet_file_half_written(tmp_path: Path) -> None:
    source = stored(tmp_path / "draw.zip", edited(whole(), "choices.csv", ",1,1\n", ",1\n"))
    found = draw("parquet", source, tmp_path / "tables")
    assert found.exit_code == 1
    assert "`verify`" in found.stderr
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {"applications.parquet"}
